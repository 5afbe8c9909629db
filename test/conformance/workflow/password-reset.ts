import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { app } from "../../../src/http/app.ts";
import {
  ADMIN,
  answered,
  asAdmin,
  asBearer,
  aUser,
  call,
  rows,
  tokenFor,
  unique,
  uniqueEmail,
  xAuth,
} from "../../support/http.ts";
import { mailedToken, mailsTo, show, submit, taskAbout } from "../../support/tasks.ts";

const ANSWER = '{"notes":["If user with email exists, reset token will be issued."]}';
const reset = (body: unknown, path = "/v1/openstack/users/password-reset") => call("POST", path, {}, body);

describe("POST /v1/openstack/users/password-reset", () => {
  it("mails a token with which a new password is set, ending every session", async () => {
    const { name, token } = await aUser(uniqueEmail());
    const answer = await reset({ email: name });
    expect([answer.status, answer.text]).toEqual([202, ANSWER]);
    expect((await mailsTo(name)).map(({ subject }) => subject)).toEqual(["Password reset"]);
    expect((await submit(await mailedToken(name), "brand-new")).status).toBe(200);
    expect(await tokenFor(name, "brand-new")).toHaveLength(43);
    expect((await call("GET", `/user/${encodeURIComponent(name)}`, xAuth(token))).status).toBe(403);
    expect(await mailsTo(name, "Password reset completed")).toHaveLength(1);
    const { body } = await show(await taskAbout(name));
    expect(body).toMatchObject({ task_type: "reset_password", approved: true, completed: true, approved_by: {} });
    expect(body.actions[0].data).toEqual({ domain_name: "Default", email: name });
    expect(body.action_notes.ResetUserPasswordAction[0]).toBe("Existing user with matching email.");
  });

  it("gives the same answer to everybody, and keeps what cannot be done as cancelled", async () => {
    const nobody = uniqueEmail();
    const inactive = (await aUser(uniqueEmail())).name;
    await rows("update users set state = 'inactive' where name = ? returning id", inactive);
    const foreign = (await aUser(uniqueEmail())).name;
    const bodies = [{ email: nobody }, { email: inactive }, { email: foreign, domain_name: "Other" }];
    for (const body of [...bodies, { email: "admin@localhost.localdomain" }]) {
      const answer = await reset(body);
      expect([answer.status, answer.text]).toEqual([202, ANSWER]);
      expect(await mailsTo(body.email)).toEqual([]);
      expect((await show(await taskAbout(body.email))).body).toMatchObject({
        cancelled: true,
        approved: false,
        actions: [{ valid: false }],
        task_notes: ["Task cancelled: actions invalid."],
      });
    }
    expect(await tokenFor(ADMIN.username, ADMIN.password)).toHaveLength(43);
  });

  it("ends an older reset that is still open", async () => {
    const { name } = await aUser(uniqueEmail());
    await reset({ email: name });
    const [older, first] = [await mailedToken(name), await taskAbout(name)];
    await reset({ email: name.toUpperCase() });
    expect((await submit(older)).body).toEqual({ errors: ["This task has been cancelled."] });
    expect((await show(first)).body.task_notes).toContain("Task cancelled because was an old duplicate.");
  });

  it("mails a token that is good for the user it was mailed to, and nobody else who has the address by now", async () => {
    const email = uniqueEmail();
    const register = async (name: string) =>
      call("POST", "/user", await asBearer(), { name, password: "a-password", email });
    const [first, second] = [unique("first"), unique("second")];
    await register(first);
    await reset({ email });
    const token = await mailedToken(email);
    await call("DELETE", `/user/${first}`, await asBearer());
    await register(second);
    const answer = await submit(token, "stolen");
    expect([answer.status, answer.body]).toEqual([400, { errors: ["Actions invalid"] }]);
    expect(await tokenFor(second, "a-password")).toHaveLength(43);
  });

  it("does not give the password of somebody who became an administrator meanwhile", async () => {
    const { name } = await aUser(uniqueEmail());
    await reset({ email: name });
    const token = await mailedToken(name);
    await call("PUT", "/user/permission", await asAdmin(), { username: name, permission: "*" });
    expect((await submit(token, "stolen")).status).toBe(400);
    expect(await tokenFor(name, "a-password")).toHaveLength(43);
  });

  it("says the same when the service fails inside, where other calls say so", async () => {
    const { name: email } = await aUser(uniqueEmail());
    const TASKS = { getByName: () => ({ step: () => Promise.reject(new Error("the object is gone")) }) };
    const ask = async (path: string, body: object) => {
      const request = new Request(`http://ostiary.test${path}`, { method: "POST", body: JSON.stringify(body) });
      return answered(await app.fetch(request, { ...env, TASKS } as unknown as Env, createExecutionContext()));
    };
    const silent = await ask("/v1/openstack/users/password-reset", { email });
    expect([silent.status, silent.text]).toEqual([202, ANSWER]);
    const loud = await ask("/v1/openstack/sign-up", { email: uniqueEmail(), project_name: unique("project") });
    expect([loud.status, loud.body]).toEqual([503, { errors: ["Service temporarily unavailable, try again later."] }]);
  });

  it("refuses only what is malformed", async () => {
    for (const [body, errors] of [
      [{}, { email: ["This field is required."] }],
      [{ email: "nope" }, { email: ["Enter a valid email address."] }],
      [{ email: null }, { email: ["This field may not be null."] }],
      ["[]", { non_field_errors: ["Invalid data. Expected a dictionary, but got list."] }],
      ["{", ["JSON parse error"]],
    ] as const) {
      const answer = await reset(body);
      expect([answer.status, answer.body]).toEqual([400, { errors }]);
    }
  });

  it("has another name, /v1/actions/ResetPassword", async () => {
    expect((await reset({ email: uniqueEmail() }, "/v1/actions/ResetPassword")).text).toBe(ANSWER);
  });
});

describe("POST /v1/openstack/users/password-set", () => {
  it("does the same for an administrator and tells him the task", async () => {
    const { name } = await aUser(uniqueEmail());
    const answer = await call("POST", "/v1/openstack/users/password-set", await asAdmin(), { email: name });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      notes: ["If user with email exists, reset token will be issued."],
      task: await taskAbout(name),
    });
    expect((await call("POST", "/v1/openstack/users/password-set", {}, { email: name })).status).toBe(401);
  });
});
