import { describe, expect, it } from "vitest";
import { asAdmin, aUser, call, rows, tokenFor, uniqueEmail, xAuth } from "../../support/http.ts";
import {
  anApprovedSignUp,
  approve,
  aSignedUpUser,
  aSignUp,
  aSignUpBy,
  cancel,
  history,
  mailsTo,
  show,
  submit,
} from "../../support/tasks.ts";

const deny = async (id: string, reason: unknown, headers?: Record<string, string>) =>
  call("POST", `/v1/tasks/${id}`, headers ?? (await asAdmin()), { approved: false, reason });

describe("a denial", () => {
  it("cancels the task with a reason, which is noted and mailed to the address in its data", async () => {
    const { id, email } = await aSignUp();
    const answer = await deny(id, "Please use the shared project.");
    expect([answer.status, answer.text]).toEqual([200, '{"notes":["Task denied."]}']);
    expect((await show(id)).body).toMatchObject({
      cancelled: true,
      approved: false,
      task_notes: ["Task denied by admin: Please use the shared project."],
    });
    const [mail] = await mailsTo(email, "Request denied");
    expect(mail?.text).toContain("Please use the shared project.");
    expect((await history(id)).at(-1)).toMatchObject({
      step: "deny",
      actor: "admin",
      note: "Please use the shared project.",
    });
  });

  it("is mailed to the requester where there is one", async () => {
    const { name, token } = await aUser();
    const own = uniqueEmail();
    await rows("update users set email = ?, email_key = ? where name = ? returning id", own, own, name);
    const { id, email: asked } = await aSignUpBy(xAuth(token));
    await deny(id, "no");
    expect(await mailsTo(own, "Request denied")).toHaveLength(1);
    expect(await mailsTo(asked, "Request denied")).toHaveLength(0);
  });

  it("ends the token of an approved task", async () => {
    const { id, token } = await anApprovedSignUp();
    expect((await deny(id, "too late")).status).toBe(200);
    expect((await submit(token)).body).toEqual({ errors: ["This task has been cancelled."] });
  });

  it("is open to the requester, who may not approve", async () => {
    const user = await aSignedUpUser();
    const own = xAuth(await tokenFor(user.email, user.password));
    const { id } = await aSignUpBy(own);
    const forbidden = { errors: ["Must have one of the following roles: ['admin']"] };
    expect((await call("POST", `/v1/tasks/${id}`, own, { approved: true })).body).toEqual(forbidden);
    expect((await deny((await aSignUp()).id, "not mine", own)).body).toEqual(forbidden);
    expect((await deny(id, "changed my mind", own)).body).toEqual({ notes: ["Task denied."] });
  });

  it("wants a reason", async () => {
    const { id } = await aSignUp();
    const missing = await call("POST", `/v1/tasks/${id}`, await asAdmin(), { approved: false });
    expect(missing.body).toEqual({ errors: { approved: ["this is a required boolean field."] } });
    for (const [reason, text] of [
      [null, "This field may not be null."],
      [5, "Not a valid string."],
      ["", "This field may not be blank."],
      ["  ", "This field may not be blank."],
      ["x".repeat(1001), "Ensure this field has no more than 1000 characters."],
      ["a\0b", "Null characters are not allowed."],
      ["a\u0007b", "Enter a valid value."],
      [["no"], "Not a valid string."],
    ]) {
      const answer = await deny(id, reason);
      expect([reason, answer.status, answer.body]).toEqual([reason, 400, { errors: { reason: [text] } }]);
    }
    expect((await show(id)).body.cancelled).toBe(false);
  });

  it("wants a reason of the requester too, and takes one of several lines", async () => {
    const { token } = await aUser();
    const { id } = await aSignUpBy(xAuth(token));
    const missing = await call("POST", `/v1/tasks/${id}`, xAuth(token), { approved: false });
    expect([missing.status, missing.body]).toEqual([
      400,
      { errors: { approved: ["this is a required boolean field."] } },
    ]);
    expect((await deny(id, " not now,\nlater ", xAuth(token))).status).toBe(200);
    expect((await history(id)).at(-1)).toMatchObject({ step: "deny", note: "not now,\nlater" });
  });

  it("looks at the reason before the state", async () => {
    const { id } = await aSignUp();
    await cancel(id);
    expect((await deny(id, 5)).body).toEqual({ errors: { reason: ["Not a valid string."] } });
    expect((await deny(id, "x")).body).toEqual({ errors: ["This task has been cancelled."] });
  });

  it("comes too late for what is completed or cancelled", async () => {
    const [done, gone] = [await anApprovedSignUp(), await aSignUp()];
    await submit(done.token);
    await cancel(gone.id);
    expect((await deny(done.id, "x")).body).toEqual({ errors: ["This task has already been completed."] });
    expect((await deny(gone.id, "x")).body).toEqual({ errors: ["This task has been cancelled."] });
    expect((await approve(gone.id)).status).toBe(400);
  });

  it("and an approval at the same moment have one winner", async () => {
    const { id } = await aSignUp();
    const answers = await Promise.all([deny(id, "a"), approve(id), deny(id, "b"), approve(id)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const { body } = await show(id);
    expect(body.cancelled).toBe(!body.approved);
  });
});
