import { describe, expect, it } from "vitest";
import { asBearer, aUser, call, rows, tokenFor, unique, xAuth } from "../../support/http.ts";
import {
  added,
  aGroup,
  callWith,
  deactivate,
  everythingStored,
  expectOk,
  expectRefusal,
  grant,
  logIn,
  remove,
  show,
} from "./support.ts";

const HOUR = 3_600_000;
const REQUIRED = "Username and password required";
const WRONG = "Invalid username or password";

describe("PUT /user/token", () => {
  it("gives 43 letters and digits and a time in milliseconds, and nothing else", async () => {
    const name = await added();
    const { status, body } = await logIn(name, "a-password");
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(["token", "expire_at"]);
    expect(body.token).toMatch(/^[A-Za-z0-9]{43}$/);
    expect(String(body.expire_at)).toMatch(/^\d{13}$/);
  });

  it("lets the token live three hours from its issue", async () => {
    const name = await added();
    const before = Date.now();
    const { body } = await logIn(name, "a-password");
    expect(body.expire_at).toBeGreaterThanOrEqual(before + 3 * HOUR - 1000);
    expect(body.expire_at).toBeLessThanOrEqual(Date.now() + 3 * HOUR + 1000);
  });

  it("lets the token live as long as the deployment says", async () => {
    const name = await added();
    const before = Date.now();
    const body = { username: name, password: "a-password" };
    const { body: issued } = await callWith({ SESSION_TTL_SECONDS: "90" }, "PUT", "/user/token", {}, body);
    expect(issued.expire_at).toBeGreaterThanOrEqual(before + 89_000);
    expect(issued.expire_at).toBeLessThanOrEqual(Date.now() + 91_000);
  });

  it("does not extend the life of a token that is used", async () => {
    const { name, token } = await aUser();
    const expiry = "SELECT expires_at FROM sessions WHERE user_id = (SELECT id FROM users WHERE name = ?)";
    const before = await rows(expiry, name);
    expect((await call("GET", `/user/${name}`, xAuth(token))).status).toBe(200);
    expect(await rows(expiry, name)).toEqual(before);
  });

  it("issues another token every time and keeps the earlier ones valid", async () => {
    const { name, password, token } = await aUser();
    const second = await tokenFor(name, password);
    expect(second).not.toBe(token);
    for (const each of [token, second]) expect((await call("GET", `/user/${name}`, xAuth(each))).status).toBe(200);
  });

  it("stores neither token nor password as they are", async () => {
    const password = unique("a-secret-password");
    const { name, token } = await aUser(unique("user"), password);
    await call("GET", `/user/${name}`, xAuth(token));
    const stored = await everythingStored();
    expect(stored).toContain(name);
    expect(stored).not.toContain(token);
    expect(stored).not.toContain(password);
  });

  it.each(["X-Auth-Token", "Authorization", "X-API-KEY"])("pays no heed to %s", async (header) => {
    const { name, password, token } = await aUser();
    for (const value of ["nonsense", `Bearer ${token}`, ""]) {
      expect((await call("PUT", "/user/token", { [header]: value }, { username: name, password })).status).toBe(200);
    }
  });

  it("finds the user in any letter case and compares the password to the letter", async () => {
    const name = await added(unique("Mixed-É"));
    expect((await logIn(name.toUpperCase(), "a-password")).status).toBe(200);
    expect((await logIn(name.toLowerCase(), "a-password")).status).toBe(200);
    expectRefusal(await logIn(name, "A-Password"), 401, WRONG);
  });

  it.each([
    ["neither", {}],
    ["no username", { password: "p" }],
    ["no password", { username: "u" }],
    ["null as username", { username: null, password: "p" }],
    ["null as password", { username: "u", password: null }],
    ["an empty username", { username: "", password: "p" }],
    ["an empty password", { username: "u", password: "" }],
    ["a number as username", { username: 1, password: "p" }],
    ["a number as password", { username: "u", password: 1 }],
    ["true as username", { username: true, password: "p" }],
    ["an array as password", { username: "u", password: ["p"] }],
    ["an object as username", { username: { $ne: 1 }, password: "p" }],
    ["a bad project besides", { username: "u", project: 1 }],
  ])("wants both of %s", async (_, body) => {
    expectRefusal(await call("PUT", "/user/token", {}, body), 400, REQUIRED);
  });

  it.each([[1], [""], [true], [[]], [{}]])("refuses %j as project before it looks at the password", async (project) => {
    expectRefusal(await logIn(await added(), "wrong", project), 400, "Invalid project");
  });

  it("takes null as project for none", async () => {
    expect((await logIn(await added(), "a-password", null)).status).toBe(200);
  });

  it("says the same to whoever does not know a name and its password", async () => {
    const name = await added();
    const withoutPassword = unique("silent");
    await call("POST", "/user", await asBearer(), { name: withoutPassword });
    const answers = await Promise.all([
      logIn(unique("nobody"), "a-password"),
      logIn(withoutPassword, "a-password"),
      logIn(name, "wrong"),
      logIn(name, "a-password "),
      logIn(name, "p".repeat(1025)),
      logIn(name, `a-password${"\0".repeat(1100)}`),
      logIn("n".repeat(257), "a-password"),
      logIn("n".repeat(100_000), "a-password"),
      logIn("a name", "a-password"),
      logIn("__proto__", "a-password"),
      logIn(name, "\ud800"),
      logIn("\udc00", "a-password"),
    ]);
    for (const answer of answers) expectRefusal(answer, 401, WRONG);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  it("tells an inactive user by his right password only", async () => {
    const name = await added();
    await deactivate(name);
    expectRefusal(await logIn(name, "a-password"), 404, "User does not exist");
    expectRefusal(await logIn(name, "a-password", "no-such-project"), 404, "User does not exist");
    expectRefusal(await logIn(name, "wrong"), 401, WRONG);
  });

  it("knows a deleted user no more", async () => {
    const name = await added();
    await remove(name);
    expectRefusal(await logIn(name, "a-password"), 401, WRONG);
  });

  it("scopes a token to a group of the user, by id and by name", async () => {
    const name = await added();
    const group = await aGroup(name);
    for (const project of [group.id, group.name]) {
      const { body } = await logIn(name, "a-password", project);
      expect(Object.keys(body)).toEqual(["token", "expire_at"]);
      expect((await call("GET", `/user/${name}`, xAuth(body.token))).status).toBe(200);
    }
    const scopes = await rows(
      "SELECT project_id FROM sessions WHERE user_id = (SELECT id FROM users WHERE name = ?)",
      name,
    );
    expect(scopes).toEqual([{ project_id: group.id }, { project_id: group.id }]);
  });

  it("scopes a token to no group that is unknown or another's", async () => {
    const name = await added();
    const { id, name: groupName } = await aGroup();
    for (const project of [id, groupName, unique("no-group")]) {
      expectRefusal(await logIn(name, "a-password", project), 404, "Project does not exist");
      expectRefusal(await logIn(name, "wrong", project), 401, WRONG);
    }
    const sessions = "SELECT id FROM sessions WHERE user_id = (SELECT id FROM users WHERE name = ?)";
    expect(await rows(sessions, name)).toEqual([]);
  });

  it("scopes an administrator's token to any group there is", async () => {
    const name = await added();
    await grant(name, "*");
    const group = await aGroup();
    expect((await logIn(name, "a-password", group.id)).status).toBe(200);
    expect((await logIn(name, "a-password", group.name)).status).toBe(200);
    expectRefusal(await logIn(name, "a-password", unique("no-group")), 404, "Project does not exist");
  });

  it("answers 401 with the same headers as the rest", async () => {
    const { headers } = await logIn(unique("nobody"), "wrong");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-request-id")).toBeTruthy();
  });

  it("gives twenty log-ins at once twenty tokens", async () => {
    const name = await added();
    const answers = await Promise.all(Array.from({ length: 20 }, () => logIn(name, "a-password")));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(new Set(answers.map(({ body }) => body.token)).size).toBe(20);
    expectOk(await show(name), { username: name, permissions: [] });
  });
});
