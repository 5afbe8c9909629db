import { describe, expect, it } from "vitest";
import { call, rows, tokenFor, unique, xAuth } from "../../support/http.ts";
import { under } from "../../support/policies.ts";
import { approve, aSignUp, show } from "../../support/tasks.ts";
import {
  aGroup,
  ask,
  entry,
  grant,
  groupPath,
  is,
  ORIGIN,
  PASSWORD,
  rolesOf,
  type Somebody,
  SUCCESS,
  somebody,
  userPath,
} from "./support.ts";

const idOf = async (group: string): Promise<string> => (await ask("GET", groupPath(group))).body.data.uuid;
const remove = (group: string) => ask("DELETE", groupPath(group));
const quota = (token: string, size: string) => call("POST", "/v1/openstack/quotas", xAuth(token), { size });
const sizes = (id: string) => rows("select size from project_quotas where group_id = ?", id);
const vote = (id: string, { token }: Somebody) => call("POST", `/v1/tasks/${id}`, xAuth(token), { approved: true });

/** A group, its project administrator, and his token for it. */
async function aProject() {
  const group = await aGroup();
  const user = await somebody();
  await grant(group, entry(user.name, "project_admin"));
  return { group, user, id: await idOf(group), token: await tokenFor(user.name, PASSWORD, group) };
}

describe("a group that is a project", () => {
  it("takes its quotas along when it is deleted; its tasks stay, and do nothing any more", async () => {
    const { group, id, token } = await aProject();
    expect((await quota(token, "medium")).status).toBe(202);
    expect((await quota(token, "large")).status).toBe(202);
    expect((await sizes(id)).length).toBeGreaterThan(0);
    const [{ id: task }] = await rows("select id from tasks where about_project = ? order by seq desc limit 1", id);
    expect((await show(task)).body).toMatchObject({ approved: false });
    expect(is(await remove(group))).toEqual([200, SUCCESS]);
    expect(await sizes(id)).toEqual([]);
    await aGroup(group);
    const errors = ["Cannot approve an invalid task. Update data and rerun pre_approve."];
    expect(is(await approve(task))).toEqual([400, { errors }]);
    expect((await show(task)).status).toBe(200);
    expect([await sizes(id), await sizes(await idOf(group))]).toEqual([[], []]);
  });

  it("is not the project of an old token when it is made again", async () => {
    const { group, user, token } = await aProject();
    await remove(group);
    expect((await call("GET", "/auth/self", { Authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await quota(token, "medium")).status).toBe(403);
    await aGroup(group);
    expect((await quota(token, "medium")).status).toBe(403);
    await expect(tokenFor(user.name, PASSWORD, group)).rejects.toThrow();
    await grant(group, entry(user.name, "project_admin"));
    expect((await quota(token, "medium")).status).toBe(403);
    expect((await quota(await tokenFor(user.name, PASSWORD, group), "medium")).status).toBe(202);
  });

  it("is empty when it is made again, wherever one looks", async () => {
    const { group, user, id } = await aProject();
    await remove(group);
    await aGroup(group);
    const { body } = await ask("GET", groupPath(group));
    expect(body.data.uuid).not.toBe(id);
    expect(body.links.filter(({ rel }: { rel: string }) => rel === "member")).toEqual([]);
    expect((await ask("GET", groupPath(group, "/+members"))).body).toEqual({ users: [] });
    expect(await rolesOf(user.name)).toEqual({ __default__: [] });
    const found = await ask("GET", `/auth/group/+search?q=${encodeURIComponent(`groupname == ${group}`)}`);
    expect(found.body.results).toEqual([body]);
    const links = (await ask("GET", userPath(user.name))).body.links as { rel: string; href?: string }[];
    expect(links.filter(({ rel }) => rel === "group").map(({ href }) => href)).toEqual([
      `${ORIGIN}/auth/group/__default__`,
    ]);
  });
});

describe("a policy that asks a group", () => {
  const policy = (group: string) => ({ stages: [{ name: "team", approvers: { group }, required: 1 }] });

  it("goes on with it under another name", async () => {
    const [{ group, user }, renamed] = [await aProject(), unique("renamed")];
    await under("signup", policy(group), async () => {
      const { id } = await aSignUp();
      expect((await ask("PATCH", groupPath(group), { groupname: renamed })).status).toBe(200);
      await aGroup(group);
      const stranger = await somebody();
      await grant(group, entry(stranger.name, "project_admin"));
      expect((await vote(id, stranger)).status).toBe(403);
      expect((await vote(id, user)).body).toEqual({ notes: ["Created Token."] });
    });
  });

  it("asks nobody once it is deleted, a new one of its name neither", async () => {
    const { group, user } = await aProject();
    await under("signup", policy(group), async () => {
      const { id } = await aSignUp();
      await remove(group);
      await aGroup(group);
      await grant(group, entry(user.name, "project_admin"));
      const late = await aSignUp();
      for (const task of [id, late.id]) {
        expect((await vote(task, user)).status).toBe(403);
        expect(is(await approve(task))).toEqual([403, { errors: ["Not an approver of stage 'team'."] }]);
      }
      const { body } = await call("GET", "/v1/approvals", xAuth(user.token));
      expect(body.tasks).toEqual([]);
    });
  });
});
