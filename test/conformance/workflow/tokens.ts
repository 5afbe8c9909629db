import { describe, expect, it } from "vitest";
import { asAdmin, call, rows } from "../../support/http.ts";
import { anApprovedSignUp, approve, aSignUp, cancel, mailedToken, mailsTo, submit } from "../../support/tasks.ts";

const listed = async (id: string) => {
  const { body } = await call("GET", "/v1/tokens", await asAdmin());
  return body.tokens.filter(({ task }: { task: string }) => task === id);
};

const reissue = async (body: unknown) => call("POST", "/v1/tokens", await asAdmin(), body);

describe("GET /v1/tokens", () => {
  it("lists live tokens by their fingerprints, never the secret", async () => {
    const { id, token } = await anApprovedSignUp();
    const [{ digest }] = await rows("select digest from task_tokens where task_id = ?", id);
    const [shown] = await listed(id);
    expect(shown).toEqual({
      task: id,
      task_type: "signup",
      token: `sha256:${digest.slice(0, 16)}`,
      created_on: expect.stringMatching(/\.\d{6}Z$/),
      expires: expect.stringMatching(/\.\d{6}Z$/),
    });
    expect(Date.parse(shown.expires) - Date.parse(shown.created_on)).toBe(86_400_000);
    expect((await call("GET", "/v1/tokens", await asAdmin())).text).not.toContain(token);
  });

  it("leaves out the used, the expired and those of cancelled tasks", async () => {
    const [used, expired, cancelled] = [await anApprovedSignUp(), await anApprovedSignUp(), await anApprovedSignUp()];
    await submit(used.token);
    await rows("update task_tokens set expires_at = 1 where task_id = ? returning digest", expired.id);
    await cancel(cancelled.id);
    for (const { id } of [used, expired, cancelled]) expect(await listed(id)).toEqual([]);
  });

  it("filters by task, with dashes too, and by fields of the task", async () => {
    const { id } = await anApprovedSignUp();
    const dashed = id.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    for (const conditions of [{ task_id: { exact: dashed } }, { task__uuid: { exact: id } }]) {
      const query = encodeURIComponent(JSON.stringify({ filters: conditions }));
      const { body } = await call("GET", `/v1/tokens?filters=${query}`, await asAdmin());
      expect(body.tokens.map(({ task }: { task: string }) => task)).toEqual([id]);
    }
  });
});

describe("POST /v1/tokens", () => {
  it("ends the old token and mails a fresh one", async () => {
    const { id, email, token } = await anApprovedSignUp();
    const answer = await reissue({ task: id });
    expect([answer.status, answer.text]).toEqual([200, '{"notes":["Token reissued."]}']);
    expect(await mailsTo(email, "Signup approved")).toHaveLength(2);
    expect((await submit(token)).status).toBe(404);
    expect((await submit(await mailedToken(email))).status).toBe(200);
  });

  it("refuses in the order of its table", async () => {
    const headers = await asAdmin();
    const malformed = await call("POST", "/v1/tokens", headers, "{");
    expect([malformed.status, malformed.body]).toEqual([400, { errors: ["JSON parse error"] }]);
    for (const body of [undefined, {}, { task: null }, "[]", "7"]) {
      const answer = await call("POST", "/v1/tokens", headers, body);
      expect([answer.status, answer.body]).toEqual([400, { errors: { task: ["This field is required."] } }]);
    }
    for (const task of [7, "x", "0".repeat(32), ["x"]]) {
      const answer = await reissue({ task });
      expect([answer.status, answer.body]).toEqual([404, { errors: ["No task with this id."] }]);
    }
  });

  it("refuses a task that is waiting, completed or cancelled", async () => {
    const [waiting, done, gone] = [await aSignUp(), await anApprovedSignUp(), await aSignUp()];
    await submit(done.token);
    await cancel(gone.id);
    const texts = await Promise.all([waiting, done, gone].map(async ({ id }) => (await reissue({ task: id })).body));
    expect(texts).toEqual([
      { errors: ["This task has not been approved."] },
      { errors: ["This task has already been completed."] },
      { errors: ["This task has been cancelled."] },
    ]);
  });

  it("brings an expired token back to life as a new one", async () => {
    const { id, email, token } = await anApprovedSignUp();
    await rows("update task_tokens set expires_at = 1 where task_id = ? returning digest", id);
    expect((await submit(token)).status).toBe(404);
    await reissue({ task: id });
    expect((await submit(await mailedToken(email))).status).toBe(200);
  });
});

describe("DELETE /v1/tokens", () => {
  it("removes expired tokens only, and says the same when there are none", async () => {
    const [expired, live] = [await anApprovedSignUp(), await anApprovedSignUp()];
    await rows("update task_tokens set expires_at = 1 where task_id = ? returning digest", expired.id);
    for (const path of ["/v1/tokens", "/v1/token"]) {
      const answer = await call("DELETE", path, await asAdmin());
      expect([answer.status, answer.text]).toEqual([200, '{"notes":["Deleted all expired tokens."]}']);
    }
    expect(await rows("select digest from task_tokens where task_id = ?", expired.id)).toEqual([]);
    expect((await submit(live.token)).status).toBe(200);
  });

  it("goes on from an approved task without a token by approving again", async () => {
    const { id, email } = await anApprovedSignUp();
    await rows("delete from task_tokens where task_id = ? returning digest", id);
    expect((await approve(id)).body).toEqual({ notes: ["Created Token."] });
    expect((await submit(await mailedToken(email))).status).toBe(200);
  });
});
