import { describe, expect, it } from "vitest";
import { asAdmin, asBearer, bearer, call, rows, uniqueEmail } from "../../support/http.ts";
import { storedUser } from "../../support/keys.ts";
import { aSession } from "../../support/people.ts";
import { aProjectAdmin, somebody } from "../../support/projects.ts";
import { approve, aSignUp, mailedToken, mailsTo, show } from "../../support/tasks.ts";

const RESET = "/v1/openstack/users/password-reset";

/** Somebody who says of an address that it is his. */
async function aPretender() {
  const [email, { name }] = [uniqueEmail(), await somebody()];
  const headers = bearer(await aSession(await storedUser(name)));
  expect((await call("PATCH", "/auth/self", headers, { email })).status).toBe(200);
  return { email, name, headers };
}

describe("an address that its user gave himself, and nobody has vouched for", () => {
  it("is given no project that somebody else asks for with it", async () => {
    const { email, name } = await aPretender();
    const { id } = await aSignUp(email);
    const { valid } = (await show(id)).body.actions[0];
    const notes = (await show(id)).body.action_notes.NewProjectWithUserAction;
    expect([valid, notes.at(-1)]).toEqual([false, `Existing user '${name}' with another email.`]);
    expect((await approve(id)).status).toBe(400);
  });

  it("is given no place in a project that invites its holder", async () => {
    const [{ email }, { headers }] = [await aPretender(), await aProjectAdmin()];
    const answer = await call("POST", "/v1/openstack/users", headers, { email, roles: ["project_admin"] });
    expect([answer.status, answer.body]).toEqual([400, { errors: ["actions invalid"] }]);
    expect(await mailsTo(email)).toHaveLength(0);
  });

  it("resets no password", async () => {
    const { email } = await aPretender();
    expect((await call("POST", RESET, {}, { email })).status).toBe(202);
    expect(await mailsTo(email)).toHaveLength(0);
  });

  it("counts once an administrator says so, or its mail is answered", async () => {
    const [one, other] = [await aPretender(), await aPretender()];
    const path = `/auth/user/${encodeURIComponent(one.name)}`;
    expect((await call("PATCH", path, await asBearer(), { email: one.email })).status).toBe(200);
    await call("POST", RESET, {}, { email: one.email });
    expect(await mailsTo(one.email, "Password reset")).toHaveLength(1);

    const asked = await call("POST", "/v1/openstack/users/email-update", other.headers, { new_email: other.email });
    expect(asked.status).toBe(202);
    const confirmed = await call("POST", `/v1/tokens/${await mailedToken(other.email)}`, {}, { confirm: true });
    expect(confirmed.status).toBe(200);
    await call("POST", RESET, {}, { email: other.email });
    expect(await mailsTo(other.email, "Password reset")).toHaveLength(1);
  });

  it("cannot be somebody else's name", async () => {
    const [{ headers }, other] = [await aPretender(), uniqueEmail()];
    await call("POST", "/user/add", await asAdmin(), { username: other, password: "a-password" });
    expect((await call("PATCH", "/auth/self", headers, { email: other })).status).toBe(422);
    expect(await rows("select id from users where email = ?", other)).toEqual([]);
  });
});
