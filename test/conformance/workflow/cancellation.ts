import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { asAdmin, aUser, call, rows, xAuth } from "../../support/http.ts";
import {
  anApprovedSignUp,
  approve,
  aSignUp,
  aSignUpBy,
  cancel,
  history,
  mailsTo,
  overdue,
  show,
  signUp,
  submit,
} from "../../support/tasks.ts";

describe("DELETE /v1/tasks/{id}", () => {
  it("cancels a waiting and an approved task, once, without a mail", async () => {
    for (const { id, email } of [await aSignUp(), await anApprovedSignUp()]) {
      const mails = await mailsTo(email);
      const answer = await cancel(id);
      expect([answer.status, answer.text]).toEqual([200, '{"notes":["Task cancelled successfully."]}']);
      expect((await show(id)).body).toMatchObject({ cancelled: true, completed: false });
      expect((await show(id)).body.task_notes.at(-1)).toBe("Task cancelled by admin.");
      expect(await mailsTo(email)).toHaveLength(mails.length);
      const again = await cancel(id);
      expect([again.status, again.body]).toEqual([400, { errors: ["This task has already been cancelled."] }]);
    }
  });

  it("refuses a completed task", async () => {
    const { id, token } = await anApprovedSignUp();
    await submit(token);
    const answer = await cancel(id);
    expect([answer.status, answer.body]).toEqual([400, { errors: ["This task has already been completed."] }]);
  });

  it("leaves what the approval has made", async () => {
    const { id, project } = await anApprovedSignUp();
    await cancel(id);
    expect(await rows("select id from groups where name = ?", project)).toHaveLength(1);
  });

  it("keeps a reason in the history and refuses a bad one", async () => {
    const { id } = await aSignUp();
    const refused = await call("DELETE", `/v1/tasks/${id}`, await asAdmin(), { reason: " " });
    expect([refused.status, refused.body]).toEqual([400, { errors: { reason: ["This field may not be blank."] } }]);
    for (const [body, errors] of [
      ["{", ["JSON parse error"]],
      ["[]", { non_field_errors: ["Invalid data. Expected a dictionary, but got list."] }],
      ["null", { non_field_errors: ["No data provided"] }],
      [{ reason: null }, { reason: ["This field may not be null."] }],
      [{ reason: "a\0b" }, { reason: ["Null characters are not allowed."] }],
    ] as const) {
      const answer = await call("DELETE", `/v1/tasks/${id}`, await asAdmin(), body);
      expect([answer.status, answer.body]).toEqual([400, { errors }]);
    }
    expect((await show(id)).body.cancelled).toBe(false);
    await call("DELETE", `/v1/tasks/${id}`, await asAdmin(), { reason: "asked twice" });
    expect((await history(id)).at(-1)).toMatchObject({ step: "cancel", actor: "admin", note: "asked twice" });
  });

  it("says first that it comes too late, whatever the body", async () => {
    const { id } = await aSignUp();
    await cancel(id);
    for (const body of ["{", { reason: 5 }]) {
      const answer = await call("DELETE", `/v1/tasks/${id}`, await asAdmin(), body);
      expect(answer.body).toEqual({ errors: ["This task has already been cancelled."] });
    }
  });

  it("lets the requester withdraw his own task", async () => {
    const { token } = await aUser();
    const { id } = await aSignUpBy(xAuth(token));
    expect((await call("GET", `/v1/tasks/${id}`, xAuth(token))).status).toBe(200);
    expect((await call("DELETE", `/v1/tasks/${id}`, xAuth(token))).status).toBe(200);
  });
});

describe("a task that nobody approved in time", () => {
  it("reads as cancelled everywhere, without anything having run", async () => {
    const { id, email, project } = await aSignUp();
    await overdue(id);
    const { body } = await show(id);
    expect(body).toMatchObject({ cancelled: true, task_notes: ["Task expired: it was not approved in time."] });
    const filters = encodeURIComponent(JSON.stringify({ uuid: { exact: id }, cancelled: { exact: true } }));
    expect((await call("GET", `/v1/tasks?filters=${filters}`, await asAdmin())).body.tasks).toHaveLength(1);
    expect((await approve(id)).body).toEqual({ errors: ["This task has been cancelled."] });
    expect((await cancel(id)).body).toEqual({ errors: ["This task has already been cancelled."] });
    expect((await signUp(email, project)).status).toBe(202);
  });

  it("is tidied by its alarm, which says so in the history", async () => {
    const { id } = await aSignUp();
    await overdue(id);
    expect(await runDurableObjectAlarm(env.TASKS.getByName(id))).toBe(true);
    expect((await show(id)).body).toMatchObject({
      cancelled: true,
      task_notes: ["Task expired: it was not approved in time."],
    });
    expect((await history(id)).at(-1)).toMatchObject({ step: "expire", actor: null });
  });
});
