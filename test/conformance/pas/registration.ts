import { describe, expect, it } from "vitest";
import { aStoredUser, asBearer, call, rows, tokenFor, unique } from "../../support/http.ts";
import {
  absent,
  ask,
  askWith,
  denied,
  eventsOf,
  is,
  login,
  onFields,
  onForm,
  rolesOf,
  SUCCESS,
  somebody,
  typed,
  unprocessable,
  userPath,
} from "./support.ts";

const PATH = "/auth/user/+register";

const form = (members: Record<string, unknown> = {}) => {
  const username = login();
  const body = { username, email: `${username}@example.org`, password: "tulip-42", password_validate: "tulip-42" };
  return { ...body, ...members };
};
const register = (members?: Record<string, unknown>) => ask("POST", PATH, form(members));

describe("POST /auth/user/+register", () => {
  it("makes an active user of everybody's group without a role", async () => {
    const body = form();
    expect(is(await ask("POST", PATH, body))).toEqual([200, SUCCESS]);
    const { data } = (await ask("GET", userPath(body.username))).body;
    const [admin] = await rows("select id from users where name = 'admin'");
    expect(data).toMatchObject({ state: "active", source: "local", email: body.email, creator: admin.id });
    expect(await rolesOf(body.username)).toEqual({ __default__: [] });
    expect(await tokenFor(body.username, "tulip-42")).toMatch(/^\w{43}$/);
    expect(await eventsOf(data.uuid)).toContain("user.register");
  });

  it("wants exactly four strings", async () => {
    expect(is(await ask("POST", PATH, { password: 5, username: null, b: 1, a: 2 }))).toEqual(
      onFields(
        ["", "'email' is a required property"],
        ["", "'password_validate' is a required property"],
        ["", "Additional properties are not allowed ('a', 'b' were unexpected)"],
        ["password", "5 is not of type 'string'"],
        ["username", "None is not of type 'string'"],
      ),
    );
  });

  it.each(["Mira", "", "a b", "a-b", "é", "x".repeat(257), ".", "..", "mira\n", "\ud800"])(
    "does not take the name %.20j",
    async (username) => {
      const { status, body } = await register({ username, email: "no" });
      expect([status, body.field_errors, body.form_errors[0]]).toEqual([
        422,
        [],
        expect.stringMatching(/does not match name pattern$/),
      ]);
    },
  );

  it.each(["no", "", "a@b", "a@b.c d", `${"a".repeat(250)}@b.cd`, "a@b.cd\n", "é@b.cd"])(
    "does not take the address %.20j",
    async (email) => {
      expect((await register({ email, password_validate: "x" })).body.form_errors[0]).toMatch(
        /does not match email pattern$/,
      );
    },
  );

  it("repeats 200 characters at most", async () => {
    const { body } = await register({ username: "X".repeat(300) });
    expect(body.form_errors).toEqual([`${"X".repeat(200)}… does not match name pattern`]);
  });

  it("goes on with reserved names, the confirmation, the policy, the name, the address, in this order", async () => {
    const taken = form();
    await ask("POST", PATH, taken);
    const { username, email } = taken;
    expect(is(await register({ username: "token", password: "x" }))).toEqual(onForm("token is a reserved name"));
    expect(is(await register({ username, email, password: "" }))).toEqual(
      unprocessable("Password confirmation does not match"),
    );
    expect(is(await register({ username, email, password: "", password_validate: "" }))).toEqual(
      unprocessable("Password must not be empty"),
    );
    const long = "é".repeat(513);
    expect(is(await register({ username, password: long, password_validate: long }))).toEqual(
      unprocessable("Password must be at most 1024 bytes long"),
    );
    expect(is(await register({ username, email }))).toEqual(typed("UserExistsError", username));
    expect(is(await register({ email }))).toEqual(onForm(`${email} is already in use`));
    const shouted = email.toUpperCase();
    expect(is(await register({ email: shouted }))).toEqual(onForm(`${shouted} is already in use`));
  });

  it("knows a name that another dialect made in capitals", async () => {
    const name = login();
    await aStoredUser(name.toUpperCase(), "a-password");
    expect(is(await register({ username: name }))).toEqual(typed("UserExistsError", name));
  });

  it("holds to the strong policy where it is set", async () => {
    const headers = await asBearer();
    for (const [password, text] of [
      ["short", "Password must be at least 8 characters long"],
      ["password123", "Password is too common"],
    ]) {
      const body = form({ password, password_validate: password });
      const answer = await askWith({ PASSWORD_POLICY: "strong" }, "POST", PATH, headers, body);
      expect(is(answer)).toEqual(unprocessable(String(text)));
    }
    const body = form();
    const own = { ...body, password: body.email, password_validate: body.email };
    expect(is(await askWith({ PASSWORD_POLICY: "strong" }, "POST", PATH, headers, own))).toEqual(
      unprocessable("Password must not be the user's name or e-mail"),
    );
  });

  it("makes one of ten that race for a name", async () => {
    const username = login();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => register({ username, email: `${unique("p")}@example.org` })),
    );
    const won = answers.filter(({ status }) => status === 200);
    const lost = answers.filter(({ status }) => status !== 200);
    expect(won).toHaveLength(1);
    for (const answer of lost) expect(is(answer)).toEqual(typed("UserExistsError", username));
  });

  it("gives a name that came free to somebody new", async () => {
    const body = form();
    await ask("POST", PATH, body);
    const before = (await ask("GET", userPath(body.username))).body.data;
    expect((await ask("DELETE", userPath(body.username))).status).toBe(200);
    expect(is(await ask("GET", userPath(body.username)))).toEqual(absent(userPath(body.username)));
    expect((await ask("POST", PATH, body)).status).toBe(200);
    const after = (await ask("GET", userPath(body.username))).body.data;
    expect([after.uuid === before.uuid, after.id > before.id]).toEqual([false, true]);
  });

  it("is for administrators, and for everybody where registration is open", async () => {
    const { headers, id } = await somebody();
    for (const each of [{}, headers]) expect(is(await call("POST", PATH, each, form()))).toEqual(denied(PATH));
    const open = { OPEN_REGISTRATION: "true" };
    const body = form();
    expect(is(await askWith(open, "POST", PATH, {}, body))).toEqual([200, SUCCESS]);
    expect((await ask("GET", userPath(body.username))).body.data.creator).toBe("");
    const other = form();
    expect((await askWith(open, "POST", PATH, headers, other)).status).toBe(200);
    expect((await ask("GET", userPath(other.username))).body.data.creator).toBe(id);
    expect((await askWith(open, "POST", PATH, {}, {})).status).toBe(422);
  });
});
