import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { ADMIN, call, forgetAdminToken, type Headers, rows } from "../../support/http.ts";
import { anApiKey } from "../../support/keys.ts";
import { ask, jwt, jwtOf, logIn, login, PASSWORD, SUCCESS, self, somebody, userPath } from "./support.ts";

const LOGIN = "/auth/user/+login";
const REFUSED = { status: "error", error: { code: 401, message: "Invalid Username / Password" } };

describe("POST /auth/user/+login", () => {
  it("gives a JWT in the header, never in the body, that is verified by the published keys", async () => {
    const { id, name } = await somebody();
    const answer = await logIn(name);
    expect([answer.status, answer.body]).toEqual([200, SUCCESS]);
    const { body } = await call("GET", "/.well-known/jwks.json");
    expect(Object.keys(body.keys[0]).sort()).toEqual(["alg", "crv", "kid", "kty", "use", "x", "y"]);
    const { payload, protectedHeader } = await jwtVerify(jwtOf(answer), createLocalJWKSet(body), {
      algorithms: ["ES256"],
    });
    expect(protectedHeader).toEqual({ alg: "ES256", typ: "JWT", kid: body.keys[0].kid });
    const hex = expect.stringMatching(/^[0-9a-f]{32}$/);
    const iat = payload.iat ?? 0;
    expect(payload).toEqual({
      sub: id,
      jti: hex,
      sid: hex,
      iss: "http://ostiary.test",
      iat,
      exp: iat + 1800,
      refresh_until: iat + 604_800,
    });
    expect((await self(jwtOf(answer))).body.data.username).toBe(name);
  });

  it("knows users by their e-mail, to the letter, unless several have it", async () => {
    const one = await somebody();
    const email = `${one.name}@example.org`;
    expect((await logIn(email)).status).toBe(200);
    expect((await logIn(email.toUpperCase())).body).toEqual(REFUSED);
    const other = await somebody();
    await rows("update users set email = ?, email_key = ? where id = ? returning id", email, email, other.id);
    expect((await logIn(email)).body).toEqual(REFUSED);
    expect((await logIn(one.name)).status).toBe(200);
  });

  it("says the same whoever does not know a name and its password, or is not active", async () => {
    const [{ name }, gone] = [await somebody(), await somebody()];
    await ask("POST", userPath(gone.name, "/+statemachine"), { transition: "deactivate" });
    for (const [username, password] of [
      [name, "wrong"],
      [name, ""],
      [name, "x".repeat(1025)],
      [name.toUpperCase(), PASSWORD],
      [login(), PASSWORD],
      ["", PASSWORD],
      [gone.name, PASSWORD],
    ]) {
      const answer = await logIn(username, password);
      expect([username, answer.status, answer.body]).toEqual([username, 401, REFUSED]);
      expect(answer.headers.get("authorization")).toBeNull();
      expect(answer.headers.get("www-authenticate")).toBeNull();
    }
  });

  it("does not take the administrator's first password for his present one, however his name is spelled", async () => {
    const change = { new_password: "another one", new_password_validate: "another one" };
    expect((await logIn("ADMIN", ADMIN.password)).status).toBe(401);
    const own = jwtOf(await logIn(ADMIN.username, ADMIN.password));
    const changed = await call("POST", "/auth/user/admin/+change_password", jwt(own), change);
    expect(changed.status).toBe(200);
    for (const name of ["admin", "ADMIN", "Admin", "admin@localhost.localdomain", "ADMIN@localhost.localdomain"]) {
      expect([name, (await logIn(name, ADMIN.password)).status]).toEqual([name, 401]);
    }
    const back = { new_password: ADMIN.password, new_password_validate: ADMIN.password };
    await call("POST", "/auth/user/admin/+change_password", jwt(jwtOf(changed)), back);
    forgetAdminToken();
  });

  it("wants both, and pays no heed to anything else", async () => {
    const { name } = await somebody();
    const answer = await call("POST", LOGIN, jwt("a.b.c"), { username: name, password: PASSWORD, remember: true });
    expect(answer.status).toBe(200);
    expect((await call("POST", LOGIN, {}, { username: 5 })).body).toEqual({
      status: "error",
      field_errors: [
        { field: "", message: "'password' is a required property" },
        { field: "username", message: "5 is not of type 'string'" },
      ],
      form_errors: [],
    });
    expect((await call("POST", LOGIN, {}, "{")).status).toBe(422);
  });

  it("tells what it takes", async () => {
    const text = { type: "string", pattern: ".+" };
    expect((await call("GET", LOGIN)).body).toEqual({
      schema: {
        $schema: "http://json-schema.org/draft-04/schema#",
        type: "object",
        properties: { username: text, password: text },
        required: ["username", "password"],
        additionalProperties: false,
      },
      links: [{ rel: "login", type: "POST", href: "http://ostiary.test/auth/user/+login" }],
    });
  });
});

describe("GET /auth/user/+logout", () => {
  it("ends the log-in of a JWT or of a session token, and no other; whatever is sent, it says the same", async () => {
    const { name, token, headers } = await somebody();
    const [one, other] = [jwtOf(await logIn(name)), jwtOf(await logIn(name))];
    const apiKey = { "X-API-KEY": await anApiKey(name) };
    for (const sent of [jwt(one), { Authorization: `Bearer ${token}` }, apiKey, {}, jwt("a.b.c")]) {
      const answer = await call("GET", "/auth/user/+logout", sent);
      expect([answer.status, answer.body]).toEqual([200, SUCCESS]);
    }
    expect((await self(one)).status).toBe(404);
    expect((await call("GET", "/auth/self", headers)).status).toBe(404);
    expect((await self(other)).status).toBe(200);
    expect((await call("GET", "/auth/self", apiKey)).status).toBe(200);
    for (const method of ["POST", "HEAD"]) expect((await call(method, "/auth/user/+logout")).status).toBe(405);
    expect((await call("GET", "/auth/self/+logout", jwt(other))).status).toBe(404);
  });
});

describe("the caller's own password", () => {
  it("changed by JWT ends every log-in and gives a fresh one", async () => {
    const { name, headers } = await somebody();
    const [one, other] = [jwtOf(await logIn(name)), jwtOf(await logIn(name))];
    const form = { password: PASSWORD, new_password: "fern-77", new_password_validate: "fern-77" };
    const answer = await call("POST", "/auth/self/+change_password", jwt(one), form);
    expect([answer.status, answer.body]).toEqual([200, SUCCESS]);
    for (const token of [one, other]) expect((await self(token)).status).toBe(404);
    expect((await call("GET", "/auth/self", headers)).status).toBe(404);
    expect((await self(jwtOf(answer))).status).toBe(200);
  });
});

describe("a credential", () => {
  it("of a key wins over a JWT; a bad one is passed over", async () => {
    const [owner, other] = [await somebody(), await somebody()];
    const token = jwt(jwtOf(await logIn(other.name)));
    const who = async (headers: Headers) => (await call("GET", "/auth/self", headers)).body.data?.username;
    expect(await who({ ...token, "X-API-KEY": await anApiKey(owner.name) })).toBe(owner.name);
    expect(await who({ ...token, "X-API-KEY": "a.b" })).toBe(other.name);
    expect(await who({ Authorization: token["Authorization"]?.replace("JWT", "bearer") ?? "" })).toBe(other.name);
    expect(await who({ Authorization: `JWT ${owner.token}` })).toBeUndefined();
  });

  it("of a key reaches as far as its scopes", async () => {
    const { name } = await somebody();
    const [reading, none] = [await anApiKey(name, ["pas:read"]), await anApiKey(name, ["roster"])];
    expect((await call("GET", "/auth/self", { "X-API-KEY": reading })).status).toBe(200);
    const denied = { status: "error", message: "Access Denied : /auth/self" };
    for (const [method, key] of [
      ["PATCH", reading],
      ["GET", none],
    ] as const) {
      const answer = await call(method, "/auth/self", { "X-API-KEY": key }, method === "GET" ? undefined : {});
      expect([method, answer.status, answer.body]).toEqual([method, 403, denied]);
    }
    expect((await call("GET", "/auth/self/+nope", { "X-API-KEY": none })).status).toBe(404);
    expect((await call("PUT", "/auth/self", { "X-API-KEY": none })).status).toBe(405);
  });
});
