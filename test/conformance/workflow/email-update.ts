import { describe, expect, it } from "vitest";
import { breakTask, meanwhile } from "../../support/faults.ts";
import { call, type Headers, rows, tokenFor, unique, uniqueEmail } from "../../support/http.ts";
import { aMember, aProject, somebody } from "../../support/projects.ts";
import { approve, mailedToken, mailsTo, show, taskAbout, usersNamed } from "../../support/tasks.ts";

const INVALID = { errors: ["actions invalid"] };
const PATH = "/v1/openstack/users/email-update";
const ask = (headers: Headers, new_email: unknown, more: object = {}) =>
  call("POST", PATH, headers, { new_email, ...more });
const confirm = (token: string) => call("POST", `/v1/tokens/${token}`, {}, { confirm: true });
const userWith = async (id: string) => (await rows("select * from users where id = ?", id))[0];

describe("POST /v1/openstack/users/email-update", () => {
  it("mails a token to the new address, which whoever reads it confirms", async () => {
    const { id, name: old, headers } = await somebody();
    const email = uniqueEmail();
    const answer = await ask(headers, email, { user_id: "0".repeat(32) });
    expect([answer.status, answer.text]).toEqual([202, '{"notes":["task created"]}']);
    const { body } = await show(await taskAbout(email));
    expect(body).toMatchObject({ task_type: "update_email", approved: true, completed: false });
    expect(body.actions).toEqual([
      { action_name: "UpdateUserEmailAction", data: { new_email: email, user_id: id }, valid: true },
    ]);
    const token = await mailedToken(email);
    expect((await call("GET", `/v1/tokens/${token}`)).body.required_fields).toEqual(["confirm"]);
    expect(await mailsTo(old, "Confirm your new e-mail address")).toEqual([]);
    expect((await userWith(id)).email).toBe(old);
    expect((await confirm(token)).status).toBe(200);
    expect(await mailsTo(email, "E-mail address changed")).toHaveLength(1);
    expect(await userWith(id)).toMatchObject({ email, name: email, email_key: email, name_key: email, version: 1 });
  });

  it("leaves what the user is logged in with, his password and his roles as they were", async () => {
    const project = await aProject();
    const { name: old, headers } = await aMember(project, "project_mod");
    const email = uniqueEmail();
    await ask(headers, email);
    await confirm(await mailedToken(email));
    expect((await call("GET", "/v1/openstack/users", headers)).status).toBe(200);
    expect(await tokenFor(email, "a-password", project)).toHaveLength(43);
    expect((await call("PUT", "/user/token", {}, { username: old, password: "a-password" })).status).toBe(401);
  });

  it("leaves a name that was not the address", async () => {
    const name = unique("olu");
    const [email, next] = [uniqueEmail(), uniqueEmail()];
    const { id, headers } = await somebody(name, email);
    await call("POST", "/v1/actions/UpdateEmail", headers, { new_email: next });
    await confirm(await mailedToken(next));
    expect(await userWith(id)).toMatchObject({ name, email: next });
  });

  it("takes the own address in another spelling", async () => {
    const { id, name, headers } = await somebody();
    expect((await ask(headers, name.toUpperCase().replace("@EXAMPLE.ORG", "@example.org"))).status).toBe(202);
    const [row] = await rows("select id from tasks where body like ? order by seq desc limit 1", `%"user_id":"${id}"%`);
    expect((await show(row.id)).body.approved).toBe(true);
  });

  it("is open to everybody who is logged in, and needs an address", async () => {
    const { headers } = await somebody();
    for (const path of [PATH, "/v1/actions/UpdateEmail"]) {
      expect((await call("POST", path, {}, "{")).status).toBe(401);
      expect((await call("POST", path, headers, "{")).body).toEqual({ errors: ["JSON parse error"] });
    }
    for (const [value, text] of [
      [undefined, "This field is required."],
      [null, "This field may not be null."],
      [" ", "This field may not be blank."],
      [[], "Not a valid string."],
      ["nope", "Enter a valid email address."],
      ["a\u0007@example.org", "Enter a valid email address."],
      [`${"x".repeat(250)}@b.cd`, "Ensure this field has no more than 254 characters."],
    ] as const) {
      const answer = await ask(headers, value);
      expect([answer.status, answer.body]).toEqual([400, { errors: { new_email: [text] } }]);
    }
  });
});

describe("an address of somebody else", () => {
  it("cannot be asked for, whether it is his name or his e-mail", async () => {
    const { headers } = await somebody();
    const [named, reached] = [uniqueEmail(), uniqueEmail()];
    await somebody(named, null);
    await somebody(unique("name"), reached);
    for (const email of [named, reached, reached.toUpperCase()]) {
      const answer = await ask(headers, email);
      expect([answer.status, answer.body]).toEqual([400, INVALID]);
      expect(await mailsTo(email)).toEqual([]);
    }
  });

  it("cannot be confirmed once it is his", async () => {
    for (const take of [(email: string) => somebody(email, null), (email: string) => somebody(unique("n"), email)]) {
      const { id, name, headers } = await somebody();
      const email = uniqueEmail();
      await ask(headers, email);
      const token = await mailedToken(email);
      await take(email);
      const answer = await confirm(token);
      expect([answer.status, answer.body]).toEqual([400, { errors: ["Actions invalid"] }]);
      expect(await userWith(id)).toMatchObject({ name, email: name });
    }
  });

  it("cannot be confirmed when he takes it at the same moment", async () => {
    for (const take of [(email: string) => somebody(email, null), (email: string) => somebody(unique("n"), email)]) {
      const { id, name, headers } = await somebody();
      const email = uniqueEmail();
      await ask(headers, email);
      const token = await mailedToken(email);
      await breakTask(
        await taskAbout(email),
        meanwhile(1, () => take(email)),
      );
      expect((await confirm(token)).body).toEqual({ errors: ["Actions invalid"] });
      expect(await userWith(id)).toMatchObject({ name, email: name });
    }
  });

  it("goes to one of two who confirm it at once", async () => {
    const people = [await somebody(), await somebody()];
    const email = uniqueEmail();
    const tokens: string[] = [];
    for (const { headers } of people) {
      await ask(headers, email);
      tokens.push(await mailedToken(email));
    }
    const answers = await Promise.all(tokens.map(confirm));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(await usersNamed(email)).toHaveLength(1);
  });
});

describe("an e-mail change", () => {
  it("is for the user as long as he is active", async () => {
    const { id, headers } = await somebody();
    const email = uniqueEmail();
    await ask(headers, email);
    await rows("update users set state = 'inactive' where id = ? returning id", id);
    expect((await confirm(await mailedToken(email))).body).toEqual({ errors: ["Actions invalid"] });
    expect((await approve(await taskAbout(email))).status).toBe(400);
  });

  it("ends an older one to the same address, and its token", async () => {
    const { headers } = await somebody();
    const email = uniqueEmail();
    await ask(headers, email);
    const token = await mailedToken(email);
    await ask(headers, email.toUpperCase().replace("@EXAMPLE.ORG", "@example.org"));
    expect((await confirm(token)).body).toEqual({ errors: ["This task has been cancelled."] });
  });
});
