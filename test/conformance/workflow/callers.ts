import { describe, expect, it } from "vitest";
import { asAdmin, asBearer, aUser, call, tokenFor, unique, xAuth } from "../../support/http.ts";
import { aSignedUpUser, aSignUp } from "../../support/tasks.ts";

const NOBODY = { errors: ["Credentials incorrect or none given."] };
const ADMIN_ONLY = { errors: ["Must have one of the following roles: ['admin']"] };
const MODERATORS = { errors: ["Must have one of the following roles: ['project_admin', 'project_mod', 'admin']"] };

describe("who is calling", () => {
  it("answers 401 in its words to a call that needs somebody", async () => {
    for (const headers of [{}, xAuth("x".repeat(43)), { Authorization: "Bearer nothing" }, { "X-API-KEY": "a.b" }]) {
      const answer = await call("GET", "/v1/tasks", headers);
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual(NOBODY);
    }
  });

  it("takes X-Auth-Token before Authorization, and does not skip a bad one", async () => {
    const good = await asBearer();
    expect((await call("GET", "/v1/tasks", { ...good, "X-Auth-Token": "bad" })).status).toBe(401);
    expect((await call("GET", "/v1/tasks", { ...(await asAdmin()), Authorization: "Bearer bad" })).status).toBe(200);
    expect((await call("GET", "/v1/tasks", { ...good, "X-Auth-Token": "" })).status).toBe(200);
    expect((await call("GET", "/v1/tasks", { ...(await asAdmin()), Authorization: "Basic eDp5" })).status).toBe(200);
  });

  it("goes on as anonymous on open calls with a bad credential", async () => {
    expect((await call("GET", "/v1", xAuth("bad"))).status).toBe(200);
    expect((await call("GET", `/v1/tokens/${"0".repeat(32)}`, xAuth("bad"))).status).toBe(404);
  });

  it("tells a user without a role which role is missing", async () => {
    const user = xAuth((await aUser()).token);
    const id = "0".repeat(32);
    for (const [method, path] of [
      ["GET", "/v1/status"],
      ["GET", "/v1/tasks"],
      ["POST", `/v1/tasks/${id}`],
      ["GET", "/v1/tokens"],
      ["DELETE", "/v1/tokens"],
      ["GET", "/v1/notifications"],
      ["POST", "/v1/notifications"],
      ["GET", `/v1/notifications/${id}`],
      ["POST", `/v1/notifications/${id}`],
      ["POST", "/v1/openstack/users/password-set"],
    ] as const) {
      const answer = await call(method, path, user);
      expect([method, path, answer.status, answer.body]).toEqual([method, path, 403, ADMIN_ONLY]);
    }
    for (const [method, path] of [
      ["GET", `/v1/tasks/${id}`],
      ["DELETE", `/v1/tasks/${id}`],
      ["POST", "/v1/tokens"],
    ] as const) {
      const answer = await call(method, path, user);
      expect([method, path, answer.status, answer.body]).toEqual([method, path, 403, MODERATORS]);
    }
  });
});

describe("a moderator of a project", () => {
  it("reaches the tasks of his own project only; others are not there", async () => {
    const moderator = await aSignedUpUser();
    const foreign = await aSignUp();
    const token = xAuth(await tokenFor(moderator.email, moderator.password));
    for (const method of ["GET", "DELETE"]) {
      const answer = await call(method, `/v1/tasks/${foreign.id}`, token);
      expect([answer.status, answer.body]).toEqual([404, { errors: ["No task with this id."] }]);
    }
    const reissue = await call("POST", "/v1/tokens", token, { task: foreign.id });
    expect([reissue.status, reissue.body]).toEqual([404, { errors: ["No task with this id."] }]);
    expect((await call("POST", `/v1/tasks/${foreign.id}`, token, { approved: true })).body).toEqual(ADMIN_ONLY);
  });

  it("sees and cancels a task that belongs to his project, without the client's address", async () => {
    const moderator = await aSignedUpUser();
    const headers = xAuth(await tokenFor(moderator.email, moderator.password, moderator.project));
    const project = unique("second");
    await call("POST", "/v1/openstack/sign-up", headers, { email: moderator.email, project_name: project });
    const { body } = await call("GET", "/v1/tasks", await asAdmin());
    const task = body.tasks.find((each: { actions: { data: { project_name?: string } }[] }) =>
      each.actions.some(({ data }) => data.project_name === project),
    );
    expect(task.keystone_user).toEqual({
      user_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      username: moderator.email,
      roles: ["project_admin", "project_mod", "member"],
      project_id: task.project_id,
      project_name: moderator.project,
      user_domain_id: "default",
      project_domain_id: "default",
      authenticated: true,
    });
    const seen = await call("GET", `/v1/tasks/${task.uuid}`, headers);
    expect(seen.status).toBe(200);
    expect(seen.body).not.toHaveProperty("ip_address");
    expect((await call("DELETE", `/v1/tasks/${task.uuid}`, headers)).status).toBe(200);
  });
});
