import { describe, expect, it } from "vitest";
import { aController } from "../../support/access.ts";
import { asAdmin, aUser, call, type Headers, rows, unique, uniqueEmail, xAuth } from "../../support/http.ts";
import { aSignedUpUser, cancel, mailsTo, taskAbout } from "../../support/tasks.ts";

const SIGN_UP = "/v1/openstack/sign-up";
const RESET = "/v1/openstack/users/password-reset";
const keyed = (key: string, headers: Headers = {}): Headers => ({ ...headers, "Idempotency-Key": key });
const form = (email = uniqueEmail(), project_name = unique("project")) => ({ email, project_name });
const tasksAbout = (email: string) => rows("select id from tasks where body like ?", `%"${email}"%`);
const REUSED = { errors: ["Idempotency-Key was used with another request."] };

describe("Idempotency-Key", () => {
  it("gives the first answer again: one task, one mail", async () => {
    const [key, wanted] = [unique("key"), form()];
    const first = await call("POST", SIGN_UP, keyed(key, await asAdmin()), wanted);
    const again = await call("POST", `${SIGN_UP}/`, keyed(key, await asAdmin()), JSON.stringify(wanted, null, 2));
    expect([again.status, again.body]).toEqual([202, first.body]);
    expect(again.body.task).toMatch(/^[0-9a-f]{32}$/);
    expect(await tasksAbout(wanted.email)).toHaveLength(1);
    expect(await mailsTo(wanted.email)).toHaveLength(1);
  });

  it("takes bodies for equal that are equal as JSON", async () => {
    const [key, { email, project_name }] = [unique("key"), form()];
    expect((await call("POST", SIGN_UP, keyed(key), { email, project_name })).status).toBe(202);
    expect((await call("POST", SIGN_UP, keyed(key), { project_name, email })).status).toBe(202);
    expect(await tasksAbout(email)).toHaveLength(1);
  });

  it("keeps the place of an access request too", async () => {
    const [{ token }, { name }, key] = [await aUser(), await aController(), unique("key")];
    const wanted = { controller: name, access: "login", reason: "work" };
    const [one, two] = [
      await call("POST", "/v1/actions/RequestAccess", keyed(key, xAuth(token)), wanted),
      await call("POST", "/v1/actions/RequestAccess", keyed(key, xAuth(token)), wanted),
    ];
    expect(two.body).toEqual(one.body);
    expect(two.headers.get("location")).toBe(`/v1/tasks/${one.body.task}`);
  });

  it("makes one task of many requests at the same moment", async () => {
    const [key, wanted] = [unique("key"), form()];
    const answers = await Promise.all(Array.from({ length: 12 }, () => call("POST", SIGN_UP, keyed(key), wanted)));
    const inProgress = { errors: ["A request with this Idempotency-Key is in progress."] };
    for (const { status, body } of answers) {
      expect([202, 409]).toContain(status);
      expect(body).toEqual(status === 202 ? { notes: ["task created"] } : inProgress);
    }
    expect(await tasksAbout(wanted.email)).toHaveLength(1);
    expect(await mailsTo(wanted.email)).toHaveLength(1);
  });

  it("does not stand for another request", async () => {
    const [key, wanted] = [unique("key"), form()];
    expect((await call("POST", SIGN_UP, keyed(key), wanted)).status).toBe(202);
    for (const [path, body] of [
      [SIGN_UP, form()],
      [SIGN_UP, { ...wanted, setup_network: false }],
      [SIGN_UP, undefined],
      [SIGN_UP, []],
      ["/v1/actions/CreateProject", wanted],
      [RESET, wanted],
    ] as const) {
      const answer = await call("POST", path, keyed(key), body);
      expect([path, answer.status, answer.body]).toEqual([path, 409, REUSED]);
    }
    expect((await call("POST", SIGN_UP, keyed(key), "{")).body).toEqual({ errors: ["JSON parse error"] });
  });

  it("is each caller's own, and that of all who are not logged in together", async () => {
    const [key, one, two] = [unique("key"), await aUser(), await aUser()];
    for (const headers of [{}, xAuth(one.token), xAuth(two.token)]) {
      expect((await call("POST", SIGN_UP, keyed(key, headers), form())).status).toBe(202);
    }
    expect((await call("POST", SIGN_UP, keyed(key), form())).status).toBe(409);
  });

  it("is free after a refusal", async () => {
    const [key, wanted] = [unique("key"), form()];
    expect((await call("POST", SIGN_UP, keyed(key), { ...wanted, email: "nope" })).status).toBe(400);
    await call("POST", SIGN_UP, {}, wanted);
    expect((await call("POST", SIGN_UP, keyed(key), wanted)).status).toBe(409);
    await cancel(await taskAbout(wanted.email));
    expect((await call("POST", SIGN_UP, keyed(key), wanted)).status).toBe(202);
    expect(await tasksAbout(wanted.email)).toHaveLength(2);
  });

  it("is free after a request that was impossible", async () => {
    const [key, admin] = [unique("key"), await asAdmin()];
    const wanted = { email: uniqueEmail(), roles: ["member"], project_id: "0".repeat(32) };
    const refused = await call("POST", "/v1/openstack/users", keyed(key, admin), wanted);
    expect([refused.status, refused.body]).toEqual([400, { errors: ["actions invalid"] }]);
    expect(
      (await call("POST", "/v1/openstack/users", keyed(key, admin), { ...wanted, roles: ["x"] })).body.errors,
    ).toEqual({
      roles: ['"x" is not a valid choice.'],
    });
  });

  it("says of a password reset what it always says", async () => {
    const [key, { email }] = [unique("key"), await aSignedUpUser()];
    const answers = [
      await call("POST", RESET, keyed(key), { email }),
      await call("POST", RESET, keyed(key), { email }),
      await call("POST", RESET, keyed(unique("key")), { email: uniqueEmail() }),
    ];
    for (const { status, body } of answers) {
      expect([status, body.notes]).toEqual([202, ["If user with email exists, reset token will be issued."]]);
    }
    expect(await mailsTo(email, "Password reset")).toHaveLength(1);
  });

  it("ends after 24 hours", async () => {
    const [key, wanted] = [unique("key"), form()];
    await call("POST", SIGN_UP, keyed(key), wanted);
    const [kept] = await rows("select expires_at from kept_answers where key = ?", key);
    expect(Math.round((kept.expires_at - Date.now()) / 3_600_000)).toBe(24);
    await rows("update kept_answers set expires_at = 1 where key = ? returning key", key);
    expect((await call("POST", SIGN_UP, keyed(key), form())).status).toBe(202);
    expect((await call("POST", SIGN_UP, keyed(key), wanted)).body).toEqual(REUSED);
  });

  it("is 1 to 255 visible characters; an empty one counts as none", async () => {
    const malformed = { errors: ["Idempotency-Key must be 1 to 255 printable characters."] };
    for (const key of ["x".repeat(256), "two words", "a\tb", "ümlaut"]) {
      const { status, body } = await call("POST", SIGN_UP, keyed(key), "{");
      expect([key, status, body]).toEqual([key, 400, malformed]);
    }
    expect((await call("POST", SIGN_UP, keyed("x".repeat(255)), form())).status).toBe(202);
    expect((await call("POST", "/v1/openstack/users", keyed("two words"), {})).status).toBe(401);
  });
});
