import { describe, expect, it } from "vitest";
import { asAdmin, call, rows, tokenFor, unique, uniqueEmail } from "../../support/http.ts";
import { aMember, anInvitation, aProject, aProjectAdmin, invite, join, somebody } from "../../support/projects.ts";
import { approve, history, mailedToken, show, submit, taskAbout } from "../../support/tasks.ts";

const list = (headers: Record<string, string>, query = "") => call("GET", `/v1/openstack/users${query}`, headers);
const remove = (headers: Record<string, string>, id: string, query = "") =>
  call("DELETE", `/v1/openstack/users/${id}${query}`, headers);

/** A failure of a task that nobody has seen to. */
const fail = (task: string) =>
  rows(
    `insert into notifications (id, task_id, notes, error, acknowledged, created_at)
      values (?, ?, '{"errors":["Error"]}', 1, 0, 1) returning id`,
    unique("n"),
    task,
  );

describe("GET /v1/openstack/users", () => {
  it("lists members in the order of joining, then open invitations", async () => {
    const project = await aProject();
    const mod = await aMember(project, "member", "project_mod");
    const boss = await aMember(project, "project_admin");
    const plain = await somebody(unique("plain"), null);
    await join(project, plain.id, "heat_stack_owner");
    await rows("update users set state = 'inactive' where id = ? returning id", plain.id);
    const odd = await aMember(project, "astronomer");
    const first = await anInvitation(boss.headers, uniqueEmail(), ["project_mod", "member"]);
    const second = await anInvitation(boss.headers);
    const answer = await list(mod.headers);
    const member = (of: { id: string; name: string }, roles: string[], manageable: boolean) => ({
      id: of.id,
      name: of.name,
      email: of.name,
      roles,
      inherited_roles: [],
      cohort: "Member",
      status: "Active",
      manageable,
    });
    const invited = ({ id, email }: { id: string; email: string }, roles: string[]) => ({
      id,
      name: email,
      email,
      roles,
      inherited_roles: [],
      cohort: "Invited",
      status: "Invited",
    });
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        users: [
          member(mod, ["member", "project_mod"], true),
          member(boss, ["project_admin"], false),
          { ...member(plain, ["heat_stack_owner"], true), email: "", status: "Account Disabled" },
          member(odd, ["astronomer"], false),
          invited(first, ["project_mod", "member"]),
          invited(second, ["member"]),
        ],
      },
    ]);
    const seen = async (headers: Record<string, string>, query = "") =>
      (await list(headers, query)).body.users.map(({ manageable }: { manageable?: boolean }) => manageable);
    expect(await seen(boss.headers)).toEqual([true, true, true, false, undefined, undefined]);
    expect(await seen(await asAdmin(), `?project_id=${project}`)).toEqual([
      true,
      true,
      true,
      true,
      undefined,
      undefined,
    ]);
  });

  it("tells invitations that expired or failed, and none that is over", async () => {
    const { headers, project } = await aProjectAdmin();
    const [expired, failed, both, done, gone] = [
      await anInvitation(headers),
      await anInvitation(headers),
      await anInvitation(headers),
      await anInvitation(headers),
      await anInvitation(headers),
    ];
    await submit(await mailedToken(done.email));
    await call("DELETE", `/v1/tasks/${gone.id}`, await asAdmin());
    await rows(
      "update tasks set body = json_set(body, '$.token.expiresAt', 1) where id in (?, ?) returning id",
      expired.id,
      both.id,
    );
    for (const { id } of [failed, both]) await fail(id);
    const statuses = async () =>
      (await list(headers)).body.users
        .filter(({ cohort }: { cohort: string }) => cohort === "Invited")
        .map(({ id, status }: { id: string; status: string }) => [id, status]);
    expect(await statuses()).toEqual([
      [expired.id, "Expired"],
      [failed.id, "Failed"],
      [both.id, "Failed"],
    ]);
    await rows("update notifications set acknowledged = 1 where task_id = ? returning id", failed.id);
    expect((await statuses())[1]).toEqual([failed.id, "Invited"]);
    expect((await list(await asAdmin(), `?project_id=${project}`)).body.users).toHaveLength(5);
  });

  it("holds invitations by an administrator of no project, and no others", async () => {
    const { headers, project } = await aProjectAdmin();
    const [email, elsewhere] = [uniqueEmail(), await aProject()];
    await invite(await asAdmin(), email, ["member"], { project_id: project });
    await invite(await asAdmin(), email, ["member"], { project_id: elsewhere });
    const invited = (await list(headers)).body.users.filter(({ cohort }: { cohort: string }) => cohort === "Invited");
    expect(invited.map((each: { email: string }) => each.email)).toEqual([email]);
  });

  it("is about the project in scope of the token", async () => {
    const [one, other] = [await aProject(), await aProject()];
    const mod = await aMember(one, "project_mod");
    await join(other, mod.id, "project_mod");
    expect((await list(mod.headers)).status).toBe(403);
    const token = await tokenFor(mod.name, "a-password", other);
    await aMember(other, "member");
    const { body } = await list({ "X-Auth-Token": token });
    expect(body.users).toHaveLength(2);
  });
});

describe("GET /v1/openstack/users/{user id} and its roles", () => {
  it("show a member", async () => {
    const { headers, project } = await aProjectAdmin();
    const { id, name } = await aMember(project, "project_mod", "member");
    const roles = ["project_mod", "member"];
    const shown = await call("GET", `/v1/openstack/users/${id}`, headers);
    expect([shown.status, shown.body]).toEqual([200, { id, username: name, email: name, roles, inherited_roles: [] }]);
    const held = await call("GET", `/v1/openstack/users/${id}/roles`, headers);
    expect([held.status, held.body]).toEqual([200, { roles, inherited_roles: [] }]);
    const nameless = await somebody(unique("name"), null);
    await join(project, nameless.id, "member");
    expect((await call("GET", `/v1/openstack/users/${nameless.id}`, headers)).body.email).toBe("");
  });

  it("know nobody without a role in the project", async () => {
    const { headers, project } = await aProjectAdmin();
    const [stranger, roleless] = [await aMember(await aProject(), "member"), await aMember(project)];
    const { id: invited } = await anInvitation(headers);
    for (const id of [stranger.id, roleless.id, invited, "0".repeat(32), "nobody", "%zz"]) {
      for (const path of [`/v1/openstack/users/${id}`, `/v1/openstack/users/${id}/roles`]) {
        const answer = await call("GET", path, headers);
        expect([answer.status, answer.body]).toEqual([404, { errors: ["No user with this id."] }]);
      }
    }
  });
});

describe("DELETE /v1/openstack/users/{id}", () => {
  it("cancels an open invitation of the project", async () => {
    const { headers, name } = await aProjectAdmin();
    const { id, email } = await anInvitation(headers);
    const token = await mailedToken(email);
    const answer = await remove(headers, id);
    expect([answer.status, answer.text]).toEqual([200, '"Cancelled pending invite task!"']);
    expect((await show(id)).body).toMatchObject({ cancelled: true });
    expect((await history(id)).at(-1)).toMatchObject({ step: "cancel", actor: name });
    expect((await submit(token)).body).toEqual({ errors: ["This task has been cancelled."] });
    const again = await remove(headers, id);
    expect([again.status, again.text]).toEqual([404, '"Not found."']);
  });

  it("cancels one that an administrator made, and takes its id in any spelling", async () => {
    const { headers, project } = await aProjectAdmin();
    const email = uniqueEmail();
    await invite(await asAdmin(), email, ["member"], { project_id: project });
    const id = await taskAbout(email);
    const dashed = id.toUpperCase().replace(/^(.{8})(.{4})/, "$1-$2-");
    expect((await remove(headers, dashed)).status).toBe(200);
  });

  it("does not know invitations of other projects, other tasks, or what is over", async () => {
    const { headers, project } = await aProjectAdmin();
    const { headers: foreign } = await aProjectAdmin();
    const { id } = await anInvitation(foreign);
    const done = await anInvitation(headers);
    await submit(await mailedToken(done.email));
    await call("POST", "/v1/openstack/quotas", headers, { size: "large" });
    const [quota] = await rows("select id from tasks where about_project = ? and type = 'update_quota'", project);
    for (const each of [id, done.id, quota.id, "0".repeat(32), "nobody"]) {
      const answer = await remove(headers, each);
      expect([answer.status, answer.text]).toEqual([404, '"Not found."']);
    }
    expect((await approve(quota.id)).status).toBe(200);
    expect((await show(id)).body.cancelled).toBe(false);
  });

  it("does not remove users", async () => {
    const { headers, project } = await aProjectAdmin();
    const { id } = await aMember(project, "member");
    const answer = await remove(headers, id);
    expect([answer.status, answer.body]).toEqual([
      501,
      { errors: ["Revoking keystone users not implemented. Try removing all roles instead."] },
    ]);
    expect((await call("GET", `/v1/openstack/users/${id}`, headers)).status).toBe(200);
  });
});
