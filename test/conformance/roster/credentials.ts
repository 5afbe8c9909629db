import { describe, expect, it } from "vitest";
import { asAdmin, asBearer, bearer, call, type Headers, rows, unique, xAuth } from "../../support/http.ts";
import {
  aName,
  aPerson,
  base64,
  base64url,
  deactivate,
  find,
  logIn,
  patch,
  remove,
  UNAUTHORIZED,
  userPath,
} from "./support.ts";

const authorized = (Authorization: string): Headers => ({ Authorization });
const me = (name: string, headers: Headers) => call("GET", userPath(name), headers);

describe("a roster credential", () => {
  it.each<[string, (name: string, token: string) => string]>([
    ["standard base64 of name and token", (name, token) => `Bearer ${base64(`${name}:${token}`)}`],
    ["base64 without padding", (name, token) => `Bearer ${base64(`${name}:${token}`).replace(/=+$/, "")}`],
    ["URL-safe base64", (name, token) => `Bearer ${base64url(`${name}:${token}`)}`],
    ["a bare session token", (_, token) => `Bearer ${token}`],
    ["a lower-case scheme", (_, token) => `bearer ${token}`],
    ["an upper-case scheme", (name, token) => `BEARER ${base64(`${name}:${token}`)}`],
    ["several blanks behind the scheme", (_, token) => `Bearer    ${token}`],
  ])("is taken as %s", async (_, header) => {
    const { name, token } = await aPerson({ name: `${unique("blank")}>>>>>¿¿¿` });
    expect((await me(name, authorized(header(name, token)))).status).toBe(200);
    const { token: issued } = (await logIn(name, "a-password")).body;
    expect((await me(name, authorized(header(name, issued)))).status).toBe(200);
  });

  it("is split at the last colon and read as UTF-8", async () => {
    const { name, token } = await aPerson({ name: `${unique("é")}:ß:` });
    expect((await me(name, bearer(base64(`${name}:${token}`)))).body.name).toBe(name);
  });

  it.each<[string, (person: { name: string; token: string }) => Headers]>([
    ["no header", () => ({})],
    ["an empty value", () => authorized("")],
    ["a scheme without a value", () => authorized("Bearer")],
    ["a token without a scheme", ({ token }) => authorized(token)],
    ["the scheme Basic", ({ name }) => authorized(`Basic ${base64(`${name}:a-password`)}`)],
    ["the scheme Token", ({ token }) => authorized(`Token ${token}`)],
    ["the scheme JWT", ({ token }) => authorized(`JWT ${token}`)],
    ["another scheme beside a good X-Auth-Token", ({ token }) => ({ ...authorized("Basic eA=="), ...xAuth(token) })],
    ["two values", ({ token }) => authorized(`Bearer ${token} ${token}`)],
    ["base64 of no colon", ({ token }) => bearer(base64(token))],
    ["base64 of what is not UTF-8", () => bearer("//////79")],
    ["what is not base64", () => bearer("%%%%")],
    ["an unknown token", () => bearer(crypto.randomUUID())],
    ["an unknown token under the name", ({ name }) => bearer(base64(`${name}:${crypto.randomUUID()}`))],
    ["an empty token under the name", ({ name }) => bearer(base64(`${name}:`))],
    ["an empty name", ({ token }) => bearer(base64(`:${token}`))],
    ["the name in other letter case", ({ name, token }) => bearer(base64(`${name.toUpperCase()}:${token}`))],
    ["three parts of nothing", () => bearer("a.b.c")],
    ["a very long value", () => bearer("A".repeat(8000))],
    ["an unknown API key", () => ({ "X-API-KEY": "nobody.nothing" })],
    ["an API key without a dot", () => ({ "X-API-KEY": "nobody" })],
    ["an API key with two dots", () => ({ "X-API-KEY": "no.bo.dy" })],
    ["a very long API key", () => ({ "X-API-KEY": `${"a".repeat(8000)}.b` })],
    ["an unknown API key beside a good X-Auth-Token", ({ token }) => ({ "X-API-KEY": "a.b", ...xAuth(token) })],
  ])("is refused as 401 when it is %s", async (_, headers) => {
    const person = await aPerson();
    const answers = await Promise.all([
      call("PATCH", userPath(person.name), headers(person), { version: 0 }),
      call("GET", "/user", headers(person)),
      call("POST", "/user", headers(person), {}),
      call("POST", "/auth/bump", headers(person)),
      call("POST", "/auth/logout", headers(person)),
    ]);
    for (const { status, body, headers: got } of answers) {
      expect([status, body, got.get("www-authenticate")]).toEqual([401, UNAUTHORIZED, "Bearer"]);
    }
    expect((await me(person.name, person.headers)).body.version).toBe(0);
  });

  it("is refused when name and token are of different users", async () => {
    const [one, other] = await Promise.all([aPerson(), aPerson()]);
    const { status, body } = await me(one.name, bearer(base64(`${one.name}:${other.token}`)));
    expect([status, body]).toEqual([401, UNAUTHORIZED]);
  });

  it("is an API key only where there is no Authorization", async () => {
    const { name, headers } = await aPerson();
    expect((await me(name, { ...headers, "X-API-KEY": "nobody.nothing" })).status).toBe(200);
  });

  it("is refused from the second on at which the session ends", async () => {
    const { name, headers } = await aPerson();
    const of = "user_id = (SELECT id FROM users WHERE name = ?)";
    await rows(`UPDATE sessions SET expires_at = ? WHERE ${of}`, Date.now() - 1, name);
    expect((await me(name, headers)).status).toBe(401);
  });

  it("is refused when its user is not active", async () => {
    const { name, token, headers } = await aPerson();
    await deactivate(name);
    expect((await me(name, headers)).body).toEqual(UNAUTHORIZED);
    expect((await me(name, bearer(base64(`${name}:${token}`)))).status).toBe(401);
    expect((await call("POST", "/auth/bump", headers)).status).toBe(401);
  });

  it("is refused after its user was deleted, also when the name is taken again", async () => {
    const { name, token, headers } = await aPerson();
    await remove(name);
    expect((await me(name, headers)).status).toBe(401);
    await aPerson({ name });
    expect((await me(name, headers)).status).toBe(401);
    expect((await me(name, bearer(base64(`${name}:${token}`)))).status).toBe(401);
  });

  it("ends with a change of the password", async () => {
    const { name, headers } = await aPerson();
    await call("PUT", "/user/password", await asAdmin(), { username: name, password: "another" });
    expect((await me(name, headers)).status).toBe(401);
  });

  it("gives the rights of the role held at that moment", async () => {
    const { name, headers } = await aPerson();
    expect((await call("GET", "/user", headers)).status).toBe(401);
    await patch(name, { role: "ADMIN", version: 0 });
    expect((await call("GET", "/user", headers)).status).toBe(200);
    await patch(name, { role: "USER", version: 1 });
    expect((await call("GET", "/user", headers)).status).toBe(401);
  });
});

describe("a caller of role USER", () => {
  it("may see and patch himself, bump and log out", async () => {
    const { name, headers } = await aPerson();
    expect((await me(name, headers)).status).toBe(200);
    expect((await call("HEAD", userPath(name), headers)).status).toBe(200);
    const body = { version: 0, lastLoginTime: "2019-07-29T12:43:27-05:00", email: `${name}@example.org`, role: "USER" };
    expect((await call("PATCH", userPath(name), headers, body)).status).toBe(200);
    expect((await call("POST", "/auth/bump", headers)).status).toBe(200);
    expect((await call("POST", "/auth/logout", headers)).status).toBe(200);
  });

  it("may not change his role, whatever version he names", async () => {
    const { name, headers } = await aPerson();
    for (const version of [0, 7]) {
      const { status, body } = await call("PATCH", userPath(name), headers, { role: "ADMIN", version });
      expect([status, body]).toEqual([401, UNAUTHORIZED]);
    }
    expect((await find(name)).body).toMatchObject({ role: "USER", version: 0 });
  });

  it("may not list, register or delete", async () => {
    const { name, headers } = await aPerson();
    const answers = await Promise.all([
      call("GET", "/user?page=0", headers),
      call("HEAD", "/user", headers),
      call("POST", "/user", headers, { name: unique("never") }),
      call("POST", "/user", headers, "{"),
      call("DELETE", userPath(name), headers),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
    expect((await find(name)).status).toBe(200);
  });

  it.each(["GET", "PATCH", "DELETE"])("cannot tell by %s whether another name exists", async (method) => {
    const [{ headers }, other] = await Promise.all([aPerson(), aName()]);
    const names = [other, unique("nobody"), "%00", other.toUpperCase(), "admin"];
    const body = method === "GET" ? undefined : { version: 0 };
    const answers = await Promise.all(names.map((name) => call(method, `/user/${name}`, headers, body)));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(
      new Set([`401 ${JSON.stringify(UNAUTHORIZED)}`]),
    );
    const told = answers.map(({ headers: all }) =>
      [...all].filter(([name]) => !["x-request-id", "x-d1-bookmark"].includes(name)),
    );
    for (const one of told) expect(one).toEqual(told[0]);
  });

  it("is named exactly in his own path", async () => {
    const { name, headers } = await aPerson();
    expect((await me(name.toUpperCase(), headers)).status).toBe(401);
  });
});

describe("X-Auth-Token", () => {
  it("is no credential of the roster", async () => {
    const name = await aName();
    const token = await asAdmin();
    const answers = await Promise.all([
      call("GET", "/user", token),
      call("POST", "/user", token, { name: unique("never") }),
      call("PATCH", userPath(name), token, { version: 0 }),
      call("POST", "/auth/bump", token),
      call("POST", "/auth/logout", token),
    ]);
    expect(answers.map(({ status, body }) => [status, body])).toEqual(answers.map(() => [401, UNAUTHORIZED]));
  });

  it("does not disturb where the roster alone answers", async () => {
    const name = await aName();
    const both = { ...(await asBearer()), ...xAuth("rubbish") };
    expect((await call("GET", "/user", both)).status).toBe(200);
    expect((await call("POST", "/user", both, { name: unique("beside") })).status).toBe(200);
    expect((await call("PATCH", userPath(name), both, { version: 0 })).body.version).toBe(1);
    expect((await call("POST", "/auth/bump", both)).status).toBe(200);
  });

  it.each(["GET", "DELETE"])("hands %s of one user to the management dialect, Authorization or not", async (method) => {
    const name = await aName();
    const both = { ...(await asBearer()), ...xAuth("rubbish") };
    for (const path of [userPath(name), `${userPath(name)}/`]) {
      const { status, body } = await call(method, path, both);
      expect([status, body]).toEqual([403, { status: "403 Forbidden", message: "Invalid API Token" }]);
    }
    expect((await call("HEAD", userPath(name), both)).status).toBe(403);
    expect((await find(name)).status).toBe(200);
  });
});
