import { describe, expect, it } from "vitest";
import { asAdmin, call, type Headers, rows, uniqueEmail } from "../../support/http.ts";
import { aMember, aProject, aProjectAdmin, join, rolesOf, somebody } from "../../support/projects.ts";
import { mailsTo, show } from "../../support/tasks.ts";

const INVALID = { errors: ["actions invalid"] };
const edit = (method: "PUT" | "DELETE", user: string, headers: Headers, body: unknown) =>
  call(method, `/v1/openstack/users/${user}/roles`, headers, body);
const newest = async (userId: string) => {
  const [row] = await rows(
    "select id from tasks where body like ? order by seq desc limit 1",
    `%"user_id":"${userId}"%`,
  );
  return (await show(row.id)).body;
};

describe("PUT and DELETE /v1/openstack/users/{user id}/roles", () => {
  it("give what is lacking and take what is there, at once and without a mail", async () => {
    const { headers, project } = await aProjectAdmin();
    const member = await aMember(project, "member");
    const given = await edit("PUT", member.id, headers, { roles: ["project_mod", "member", "project_mod"] });
    expect([given.status, given.text]).toEqual([202, '{"notes":["task created"]}']);
    expect(given.headers.get("location")).toBeNull();
    expect(await rolesOf(project, member.id)).toEqual(["member", "project_mod"]);
    const task = await newest(member.id);
    expect(task).toMatchObject({ task_type: "edit_roles", approved: true, completed: true, project_id: project });
    expect(task.actions).toEqual([
      {
        action_name: "EditUserRolesAction",
        data: {
          inherited_roles: [],
          project_id: project,
          remove: false,
          roles: ["project_mod", "member"],
          user_id: member.id,
        },
        valid: true,
      },
    ]);
    const taken = await edit("DELETE", member.id, headers, { roles: ["member", "heat_stack_owner"] });
    expect(taken.status).toBe(202);
    expect(await rolesOf(project, member.id)).toEqual(["project_mod"]);
    expect((await newest(member.id)).actions[0].data.remove).toBe(true);
    expect(await mailsTo(member.name)).toEqual([]);
  });

  it("do not mind when there is nothing to do", async () => {
    const { headers, project } = await aProjectAdmin();
    const member = await aMember(project, "member");
    expect((await edit("PUT", member.id, headers, { roles: ["member"] })).status).toBe(202);
    expect((await edit("DELETE", member.id, headers, { roles: ["project_mod"] })).status).toBe(202);
    expect(await rolesOf(project, member.id)).toEqual(["member"]);
  });

  it("make a member of who is none, and let go who has no role left", async () => {
    const { headers, project } = await aProjectAdmin();
    const { id } = await somebody();
    await edit("PUT", id, headers, { roles: ["member"] });
    expect(await rolesOf(project, id)).toEqual(["member"]);
    await edit("DELETE", id, headers, { roles: ["member", "project_mod"] });
    expect(await rolesOf(project, id)).toBeUndefined();
  });

  it("leave other projects alone", async () => {
    const { headers, project } = await aProjectAdmin();
    const [member, other] = [await aMember(project, "member"), await aProject()];
    await join(other, member.id, "member");
    await edit("DELETE", member.id, headers, { roles: ["member"] });
    expect([await rolesOf(project, member.id), await rolesOf(other, member.id)]).toEqual([undefined, ["member"]]);
  });

  it("count from the next request on", async () => {
    const { headers, project } = await aProjectAdmin();
    const member = await aMember(project, "member");
    const list = () => call("GET", "/v1/openstack/users", member.headers);
    expect((await list()).status).toBe(403);
    await edit("PUT", member.id, headers, { roles: ["project_mod"] });
    expect((await list()).status).toBe(200);
    await edit("DELETE", member.id, headers, { roles: ["project_mod"] });
    expect((await list()).status).toBe(403);
  });

  it("want every role, asked for and held, to be one that the caller manages", async () => {
    const project = await aProject();
    const { headers, id: own } = await aMember(project, "project_mod");
    const [member, boss] = [await aMember(project, "member"), await aMember(project, "project_admin", "member")];
    const odd = await aMember(project, "astronomer");
    for (const [method, user, role] of [
      ["PUT", member.id, "project_admin"],
      ["PUT", own, "project_admin"],
      ["DELETE", boss.id, "project_admin"],
      ["DELETE", boss.id, "member"],
      ["PUT", boss.id, "member"],
      ["PUT", odd.id, "member"],
    ] as const) {
      const answer = await edit(method, user, headers, { roles: [role] });
      expect([answer.status, answer.body]).toEqual([400, INVALID]);
    }
    expect(await rolesOf(project, boss.id)).toEqual(["project_admin", "member"]);
    expect((await edit("PUT", own, headers, { roles: ["member"] })).status).toBe(202);
    const administrator = await aMember(project, "project_admin");
    expect((await edit("PUT", odd.id, administrator.headers, { roles: ["member"] })).body).toEqual(INVALID);
    const named = { roles: ["member"], project_id: project };
    expect((await edit("PUT", odd.id, await asAdmin(), named)).status).toBe(202);
    expect(await rolesOf(project, odd.id)).toEqual(["astronomer", "member"]);
  });

  it("want a project of the caller's, and somebody who is there", async () => {
    const { headers, project } = await aProjectAdmin();
    const member = await aMember(project, "member");
    const foreign = await aProject();
    const answer = await edit("PUT", member.id, headers, { roles: ["member"], project_id: foreign });
    expect([answer.status, answer.body]).toEqual([400, INVALID]);
    expect((await edit("PUT", "0".repeat(32), headers, { roles: ["member"] })).body).toEqual(INVALID);
    const missing = await edit("PUT", member.id, await asAdmin(), { roles: ["member"] });
    expect(missing.body).toEqual({ errors: { project_id: ["This field is required."] } });
    const absent = { roles: ["member"], project_id: "f".repeat(32) };
    expect((await edit("PUT", member.id, await asAdmin(), absent)).body).toEqual(INVALID);
  });

  it("look at the right, then at the path, then at the body", async () => {
    const { headers, project } = await aProjectAdmin();
    const { headers: plain } = await aMember(project, "member");
    for (const method of ["PUT", "DELETE"] as const) {
      expect((await edit(method, "nobody", {}, "{")).status).toBe(401);
      expect((await edit(method, "nobody", plain, "{")).status).toBe(403);
      for (const user of ["nobody", "%zz", "0".repeat(31), "A".repeat(32), "0".repeat(400)]) {
        const answer = await edit(method, user, headers, "{");
        expect([answer.status, answer.body]).toEqual([404, { errors: ["No user with this id."] }]);
      }
      expect((await edit(method, "0".repeat(32), headers, "{")).body).toEqual({ errors: ["JSON parse error"] });
      expect((await edit(method, "0".repeat(32), headers, undefined)).body).toEqual({
        errors: { non_field_errors: ["Must supply either 'roles' or 'inherited_roles', or both."] },
      });
    }
  });
});

describe("POST /v1/actions/EditUser", () => {
  const post = (headers: Headers, body: object) => call("POST", "/v1/actions/EditUser", headers, body);

  it("does both, as `remove` says", async () => {
    const { headers, project } = await aProjectAdmin();
    const { id } = await somebody(uniqueEmail());
    const form = { user_id: id, roles: ["member", "heat_stack_owner"] };
    expect((await post(headers, form)).status).toBe(202);
    expect(await rolesOf(project, id)).toEqual(["member", "heat_stack_owner"]);
    expect((await post(headers, { ...form, roles: ["member"], remove: "True" })).status).toBe(202);
    expect(await rolesOf(project, id)).toEqual(["heat_stack_owner"]);
    const answer = await post(await asAdmin(), { ...form, remove: true, project_id: project });
    expect(answer.body).toEqual({ notes: ["task created"], task: (await newest(id)).uuid });
    expect(await rolesOf(project, id)).toBeUndefined();
  });

  it("wants the user", async () => {
    const { headers } = await aProjectAdmin();
    const answer = await post(headers, { roles: ["member"], remove: "perhaps" });
    expect([answer.status, answer.body]).toEqual([
      400,
      { errors: { remove: ["Must be a valid boolean."], user_id: ["This field is required."] } },
    ]);
    expect((await post(headers, { roles: ["member"], user_id: "nobody" })).body).toEqual(INVALID);
  });
});
