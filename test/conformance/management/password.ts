import { describe, expect, it } from "vitest";
import { asAdmin, asBearer, call, unique, uniqueEmail } from "../../support/http.ts";
import {
  added,
  aHolder,
  callWith,
  deactivate,
  expectOk,
  expectRefusal,
  logIn,
  remove,
  setPassword,
} from "./support.ts";

const strongly = { PASSWORD_POLICY: "strong" };
const WEAK = "Password does not meet the policy";

describe("PUT /user/password", () => {
  it("sets the password and gives the name in its stored spelling", async () => {
    const name = await added(unique("Mixed"));
    expectOk(await setPassword(name.toUpperCase(), "second"), { username: name });
    expectRefusal(await logIn(name, "a-password"), 401, "Invalid username or password");
    expect((await logIn(name, "second")).status).toBe(200);
  });

  it("lets somebody set his own without a permission, in any letter case", async () => {
    const { name, headers } = await aHolder();
    expectOk(await setPassword(name.toUpperCase(), "second", headers), { username: name });
    expect((await logIn(name, "second")).status).toBe(200);
  });

  it("lets holders of herqles.user.password set another's, and nobody else", async () => {
    const name = await added();
    const holder = await aHolder("herqles.user.password");
    expectOk(await setPassword(name, "second", holder.headers), { username: name });
    const other = await aHolder("herqles.user.add", "herqles.user.password.own");
    expectRefusal(await setPassword(name, "third", other.headers), 403, "Invalid permissions");
    expect((await logIn(name, "second")).status).toBe(200);
  });

  it("does not tell who may not whether a user exists", async () => {
    const { headers } = await aHolder();
    const name = await added();
    const [known, unknown] = [await setPassword(name, "x", headers), await setPassword(unique("nobody"), "x", headers)];
    expectRefusal(known, 403, "Invalid permissions");
    expect(unknown.text).toBe(known.text);
  });

  it("tells who may that a user does not exist", async () => {
    const { headers } = await aHolder("herqles.user.password");
    for (const name of [unique("nobody"), "a b", ".", "token", "__proto__-"]) {
      expectRefusal(await setPassword(name, "x", headers), 404, "User does not exist");
      expectRefusal(await setPassword(name, "x"), 404, "User does not exist");
    }
  });

  it("lets nobody but an administrator set another administrator's", async () => {
    const administrator = await aHolder("*");
    const other = await aHolder("herqles");
    for (const name of [administrator.name, administrator.name.toUpperCase(), "admin"]) {
      expectRefusal(await setPassword(name, "taken-over", other.headers), 403, "Invalid permissions");
    }
    expect((await logIn(administrator.name, administrator.password)).status).toBe(200);
    expectOk(await setPassword(administrator.name, "second"), { username: administrator.name });
    expect((await logIn(administrator.name, "second")).status).toBe(200);
  });

  it("lets an administrator set his own", async () => {
    const { name, headers } = await aHolder("*");
    expectOk(await setPassword(name, "second", headers), { username: name });
  });

  it("gives a first password to whoever has none", async () => {
    const name = unique("silent");
    await call("POST", "/user", await asBearer(), { name });
    expectOk(await setPassword(name, "first"), { username: name });
    expect((await logIn(name, "first")).status).toBe(200);
  });

  it("does not make an inactive user active", async () => {
    const name = await added();
    await deactivate(name);
    expectOk(await setPassword(name, "second"), { username: name });
    expectRefusal(await logIn(name, "second"), 404, "User does not exist");
  });

  it.each([
    ["nothing", {}, "Missing username"],
    ["null as username", { username: null, password: 5 }, "Missing username"],
    ["an empty username", { username: "", password: "" }, "Missing username"],
    ["a number as username", { username: 5 }, "Invalid username"],
    ["an array as username", { username: ["admin"], password: "" }, "Invalid username"],
    ["an over-long username", { username: "n".repeat(10_000) }, "Invalid username"],
    ["no password", { username: "u" }, "Missing password"],
    ["null as password", { username: "u", password: null }, "Missing password"],
    ["an empty password", { username: "u", password: "" }, "Missing password"],
    ["a number as password", { username: "u", password: 5 }, "Invalid password"],
    ["an object as password", { username: "u", password: {} }, "Invalid password"],
    ["1025 bytes as password", { username: "u", password: "p".repeat(1025) }, "Invalid password"],
    ["1026 bytes in 342 characters", { username: "u", password: "€".repeat(342) }, "Invalid password"],
    ["half a character as password", { username: "u", password: "\udfff" }, "Invalid password"],
  ])("refuses %s before it looks at any right", async (_, body, message) => {
    const { headers } = await aHolder();
    expectRefusal(await call("PUT", "/user/password", headers, body), 400, message);
  });

  it("wants the username also of whoever means himself", async () => {
    const { name, password, headers } = await aHolder();
    expectRefusal(await call("PUT", "/user/password", headers, { password: "x" }), 400, "Missing username");
    expectRefusal(await call("PUT", "/user/password", headers, { username: name }), 400, "Missing password");
    expect((await logIn(name, password)).status).toBe(200);
    expect((await call("GET", `/user/${name}`, headers)).status).toBe(200);
  });

  it("holds the new one to the strong policy where the deployment does", async () => {
    const name = await added();
    const set = async (username: string, password: string, headers = {}) =>
      callWith(strongly, "PUT", "/user/password", { ...(await asAdmin()), ...headers }, { username, password });
    for (const weak of ["short-7", "password", name, name.toUpperCase()]) {
      expectRefusal(await set(name, weak), 400, WEAK);
    }
    expect((await logIn(name, "a-password")).status).toBe(200);
    expectOk(await set(name, "harbour-3-lighthouse"), { username: name });
  });

  it("does not take the user's address as a strong password", async () => {
    const [name, email] = [unique("mailed"), uniqueEmail()];
    await call("POST", "/user", await asBearer(), { name, email });
    const body = { username: name, password: email };
    expectRefusal(await callWith(strongly, "PUT", "/user/password", await asAdmin(), body), 400, WEAK);
  });

  it("looks at the policy after all else", async () => {
    const administrator = await aHolder("*");
    const holder = await aHolder("herqles.user.password");
    const nobodyMuch = await aHolder();
    const weakly = (username: string, headers: Record<string, string>) =>
      callWith(strongly, "PUT", "/user/password", headers, { username, password: "weak" });
    expectRefusal(await weakly(holder.name, nobodyMuch.headers), 403, "Invalid permissions");
    expectRefusal(await weakly(unique("nobody"), holder.headers), 404, "User does not exist");
    expectRefusal(await weakly(administrator.name, holder.headers), 403, "Invalid permissions");
    expectRefusal(await weakly(nobodyMuch.name, holder.headers), 400, WEAK);
  });

  it("does not hold a log-in to the strong policy", async () => {
    const name = await added(unique("weak"), "weak");
    const body = { username: name, password: "weak" };
    expect((await callWith(strongly, "PUT", "/user/token", {}, body)).status).toBe(200);
  });

  it("leaves one password valid after ten changes at once", async () => {
    const name = await added();
    const passwords = Array.from({ length: 10 }, (_, at) => `password-${at}`);
    const answers = await Promise.all(passwords.map((password) => setPassword(name, password)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    const logIns = await Promise.all(passwords.map((password) => logIn(name, password)));
    expect(logIns.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it("answers no 5xx while the user is being deleted", async () => {
    const name = await added();
    const [set] = await Promise.all([setPassword(name, "second"), remove(name)]);
    expect([200, 404]).toContain(set.status);
  });
});
