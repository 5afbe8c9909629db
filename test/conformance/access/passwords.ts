import { describe, expect, it } from "vitest";
import {
  ask,
  basic,
  callWith,
  EMPTY,
  INVALID_DATA,
  is,
  PASSWORD,
  someone,
  UNAUTHORIZED,
} from "../../support/access-users.ts";
import { ADMIN, asBearer, bearer, call, forgetAdminToken, unique } from "../../support/http.ts";
import { aJwt, anApiKey } from "../../support/keys.ts";
import { eventsOf } from "../pas/support.ts";

const logsIn = async (name: string, password: string) =>
  (await call("GET", `/users/${name}`, basic(name, password))).status === 200;

describe("PUT /users/{u}", () => {
  it("sets one's own password; the old one, sessions and JWTs are refused from then on, API keys are not", async () => {
    const { id, name, headers } = await someone();
    const [jwt, key] = [bearer(await aJwt(name)), { "X-API-KEY": await anApiKey(name) }];
    const body = { password: "n3w s3cret", role: "ADMIN" };
    expect(is(await call("PUT", `/users/${name.toUpperCase()}`, headers, body))).toEqual([
      200,
      `succesfully changed password for user ${name}`,
    ]);
    for (const each of [headers, jwt, basic(name)]) {
      expect(is(await call("GET", `/users/${name}`, each))).toEqual([403, UNAUTHORIZED]);
    }
    expect(await logsIn(name, "n3w s3cret")).toBe(true);
    expect((await call("GET", `/users/${name}`, key)).status).toBe(200);
    expect(await eventsOf(id)).toContain("user.password");
  });

  it("sets anybody's for an ADMIN, an ADMIN's too", async () => {
    for (const role of ["USER", "ADMIN"] as const) {
      const { name } = await someone(role, unique("Any.One"));
      expect(is(await ask("PUT", `/users/${name}`, { password: "x" }))).toEqual([
        200,
        `succesfully changed password for user ${name}`,
      ]);
      expect(await logsIn(name, "x")).toBe(true);
    }
  });

  it("sets the bootstrap administrator's for another ADMIN", async () => {
    const { headers } = await someone("ADMIN");
    await asBearer();
    for (const password of ["in between", ADMIN.password]) {
      expect((await call("PUT", "/users/admin", headers, { password })).status).toBe(200);
    }
    forgetAdminToken();
    expect(await logsIn("admin", ADMIN.password)).toBe(true);
  });

  it.each<[unknown, string]>([
    [{}, INVALID_DATA],
    [{ password: null }, INVALID_DATA],
    [{ password: 12345 }, INVALID_DATA],
    [{ password: ["x"] }, INVALID_DATA],
    [{ password: { x: 1 } }, INVALID_DATA],
    [{ Password: "x" }, INVALID_DATA],
    [{ password: "" }, EMPTY],
    [{ password: "x".repeat(1025) }, INVALID_DATA],
    [{ password: "é".repeat(513) }, INVALID_DATA],
    ['{"password":"\\ud800"}', INVALID_DATA],
    ["", INVALID_DATA],
    ["[]", INVALID_DATA],
  ])("refuses %j, and changes nothing", async (body, text) => {
    const { name, headers } = await someone();
    expect(is(await call("PUT", `/users/${name}`, headers, body))).toEqual([400, text]);
    expect((await call("GET", `/users/${name}`, headers)).status).toBe(200);
    const made = typeof body === "object" ? { username: unique("made"), ...body } : body;
    expect(is(await ask("POST", "/users", made))).toEqual([400, text]);
  });

  it.each(["x", " ", "12345", "é".repeat(512), "a:b", "\u0001"])("takes %.20j", async (password) => {
    const name = unique("taken");
    expect((await ask("POST", "/users", { username: name, password })).status).toBe(200);
    expect(await logsIn(name, password)).toBe(true);
  });

  it.each([
    ["short", "it has fewer than 8 characters"],
    ["password123", "too many people use it"],
  ])("refuses %s under the policy strong", async (password, why) => {
    const { name, headers } = await someone();
    const strong = { PASSWORD_POLICY: "strong" };
    const weak = [400, `The password is too weak: ${why}`];
    expect(is(await callWith(strong, "PUT", `/users/${name}`, headers, JSON.stringify({ password })))).toEqual(weak);
    const made = JSON.stringify({ username: unique("made"), password });
    expect(is(await callWith(strong, "POST", "/users", await asBearer(), made))).toEqual(weak);
  });

  it("refuses one's name under the policy strong", async () => {
    const name = unique("own-name");
    const body = JSON.stringify({ username: name, password: name.toUpperCase() });
    const answer = await callWith({ PASSWORD_POLICY: "strong" }, "POST", "/users", await asBearer(), body);
    expect(is(answer)).toEqual([400, "The password is too weak: it is the name or address of its user"]);
  });

  it("is the same in other dialects", async () => {
    const { name } = await someone();
    await ask("PUT", `/users/${name}`, { password: "shared" });
    expect((await call("PUT", "/user/token", {}, { username: name, password: "shared" })).status).toBe(200);
    expect((await call("PUT", "/user/token", {}, { username: name, password: PASSWORD })).status).toBe(401);
  });
});
