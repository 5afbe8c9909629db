import { describe, expect, it } from "vitest";
import { ADMIN, bearer, call, rows, unique, xAuth } from "../../support/http.ts";
import {
  aName,
  aPerson,
  BODY_BYTES_MAX,
  base64,
  base64url,
  basic,
  deactivate,
  expectIssue,
  find,
  INSTANT,
  logIn,
  register,
  said,
  UNAUTHORIZED,
  UUID,
  userPath,
} from "./support.ts";

const PASSWORD = "River-31";
const CHALLENGE = 'Basic realm="Ostiary", charset="UTF-8"';
const sessionsOf = (name: string) =>
  rows("SELECT s.* FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.name = ?", name);

describe("POST /auth/login", () => {
  it("gives a version-4 UUID that is good as a bearer value and in the management dialect", async () => {
    const name = await aName({ password: PASSWORD });
    const { status, body, headers } = await logIn(name, PASSWORD);
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(["creationTime", "enabled", "expirationTime", "token", "version"]);
    expect(body).toMatchObject({ enabled: true, version: 0 });
    expect(body.token).toMatch(UUID);
    expect(headers.get("x-d1-bookmark")).toBeTruthy();
    expect(headers.get("cache-control")).toBe("no-store");
    expect((await call("GET", userPath(name), bearer(base64(`${name}:${body.token}`)))).status).toBe(200);
    expect((await call("GET", userPath(name), xAuth(body.token))).body.username).toBe(name);
  });

  it("gives a token of the deployment's lifetime unless told otherwise", async () => {
    const { body } = await logIn(await aName({ password: PASSWORD }), PASSWORD);
    expect([body.creationTime, body.expirationTime]).toEqual([
      expect.stringMatching(INSTANT),
      expect.stringMatching(INSTANT),
    ]);
    expect(Date.parse(body.expirationTime) - Date.parse(body.creationTime)).toBe(10_800_000);
  });

  it("keeps note and expiry, the expiry in the offset it came in", async () => {
    const name = await aName({ password: PASSWORD });
    const asked = { note: "nightly export", expirationTime: "2099-03-01T06:00:00+01:00" };
    const { body } = await logIn(name, PASSWORD, asked);
    expect(Object.keys(body).sort()).toEqual(["creationTime", "enabled", "expirationTime", "note", "token", "version"]);
    expect(body).toMatchObject(asked);
    expect((await call("GET", userPath(name), bearer(body.token))).status).toBe(200);
  });

  it.each([
    ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59+00:00"],
    ["2099-01-01T00:00:00.999-00:30", "2099-01-01T00:00:00-00:30"],
    ["2099-01-01T00:00+05:45", "2099-01-01T00:00:00+05:45"],
  ])("takes the expiry %s", async (expirationTime, shown) => {
    const name = await aName({ password: PASSWORD });
    const { status, body } = await logIn(name, PASSWORD, { expirationTime });
    expect([status, body.expirationTime]).toEqual([200, shown]);
    expect((await call("GET", userPath(name), bearer(body.token))).status).toBe(200);
  });

  it("refuses the token from its own second of expiry on, also under a minute", async () => {
    const name = await aName({ password: PASSWORD });
    const ends = Math.ceil(Date.now() / 1000 + 1) * 1000;
    const { body } = await logIn(name, PASSWORD, { expirationTime: new Date(ends).toISOString() });
    while (Date.now() < ends) await call("GET", userPath(name), bearer(body.token));
    expect((await call("GET", userPath(name), bearer(body.token))).status).toBe(401);
  });

  it("takes a note of 256 characters, and one of none", async () => {
    const name = await aName({ password: PASSWORD });
    for (const note of ["n".repeat(256), "🦊".repeat(256), ""]) {
      const { status, body } = await logIn(name, PASSWORD, { note });
      expect([status, body.note]).toEqual([200, note]);
    }
  });

  it("adds a token at each log-in and leaves the older ones alive", async () => {
    const name = await aName({ password: PASSWORD });
    const tokens = [(await logIn(name, PASSWORD)).body.token, (await logIn(name, PASSWORD)).body.token];
    expect(new Set(tokens).size).toBe(2);
    for (const token of tokens) expect((await call("GET", userPath(name), bearer(token))).status).toBe(200);
  });

  it("sets lastLoginTime and leaves the version", async () => {
    const name = await aName({ password: PASSWORD });
    expect((await find(name)).body).not.toHaveProperty("lastLoginTime");
    const { body } = await logIn(name, PASSWORD);
    expect((await find(name)).body).toMatchObject({ version: 0, lastLoginTime: body.creationTime });
  });

  it("splits at the first colon and reads UTF-8 in either alphabet, the scheme in any letter case", async () => {
    const [name, password] = [unique("é"), "pässwörd:>>>???:¿¿"];
    await register({ name, password });
    for (const encoded of [base64(`${name}:${password}`), base64url(`${name}:${password}`)]) {
      const { status } = await call("POST", "/auth/login", { Authorization: `bASIC   ${encoded}` });
      expect(status).toBe(200);
    }
  });

  it("does not let the administrator's configured password in once his own is another", async () => {
    expect((await logIn(ADMIN.username, ADMIN.password)).status).toBe(200);
    expect((await logIn(ADMIN.username, `${ADMIN.password}!`)).status).toBe(401);
  });

  it("answers alike whatever is wrong with name, password, state or header", async () => {
    const [name, inactive, without] = await Promise.all([
      aName({ password: PASSWORD }),
      aName({ password: PASSWORD }),
      aName(),
    ]);
    await deactivate(inactive);
    const { token } = await aPerson();
    const attempts = [
      basic(name, "wrong"),
      basic(name, ""),
      basic(unique("nobody"), PASSWORD),
      basic(inactive, PASSWORD),
      basic(without, ""),
      basic(without, "null"),
      { Authorization: "Basic" },
      { Authorization: "Basic %%%" },
      { Authorization: `Basic ${base64("no colon")}` },
      { Authorization: "Basic //////79" },
      bearer(token),
      { "X-API-KEY": "a.b" },
      {},
    ];
    for (const headers of attempts) {
      const answer = await call("POST", "/auth/login", headers);
      const { status, body } = answer;
      expect([status, body, answer.headers.get("www-authenticate")]).toEqual([401, UNAUTHORIZED, CHALLENGE]);
    }
    for (const user of [name, inactive, without]) {
      expect((await find(user)).body).not.toHaveProperty("lastLoginTime");
      expect(await sessionsOf(user)).toEqual([]);
    }
  });

  it.each<[string, unknown, string]>([
    ["malformed JSON", "{", "body"],
    ["a list", [], "body"],
    ["null", null, "body"],
    ["a string", '"x"', "body"],
    ["an unknown member", { hint: "x" }, "hint"],
    ["a null note", { note: null }, "note"],
    ["a note of another type", { note: 5 }, "note"],
    ["a note of 257 characters", { note: "n".repeat(257) }, "note"],
    ["a null expiry", { expirationTime: null }, "expirationTime"],
    ["an expiry in seconds", { expirationTime: 4_102_444_800 }, "expirationTime"],
    ["an expiry without an offset", { expirationTime: "2099-03-01T06:00:00" }, "expirationTime"],
    ["an expiry in the past", { expirationTime: "2001-01-01T00:00:00Z" }, "expirationTime"],
  ])("refuses %s, and makes no token", async (_, body, member) => {
    const name = await aName({ password: PASSWORD });
    expectIssue(await logIn(name, PASSWORD, body), member);
    expect(await sessionsOf(name)).toEqual([]);
    expect((await find(name)).body).not.toHaveProperty("lastLoginTime");
  });

  it("looks at the password before the body", async () => {
    const name = await aName({ password: PASSWORD });
    for (const body of ["{", "x".repeat(BODY_BYTES_MAX + 1)]) {
      expect((await logIn(name, "wrong", body)).status).toBe(401);
    }
    const { status, body } = await logIn(name, PASSWORD, "x".repeat(BODY_BYTES_MAX + 1));
    expect([status, body]).toEqual([413, said("Payload too large")]);
  });
});

describe("POST /auth/bump", () => {
  it("sets the caller's lastLoginTime to now and leaves his version", async () => {
    const { name, headers } = await aPerson();
    await call("PATCH", userPath(name), headers, { version: 0, lastLoginTime: "2001-02-03T04:05:06+07:00" });
    const before = Math.floor(Date.now() / 1000) * 1000;
    const { status, body } = await call("POST", "/auth/bump", headers);
    expect([status, Object.keys(body)]).toEqual([200, ["lastLoginTime"]]);
    expect(body.lastLoginTime).toMatch(INSTANT);
    expect(Date.parse(body.lastLoginTime)).toBeGreaterThanOrEqual(before);
    expect((await find(name)).body).toMatchObject({ version: 1, lastLoginTime: body.lastLoginTime });
  });

  it.each(["{", "[]", '{"version":-1}', "\u0000"])("ignores the body %j", async (body) => {
    const { headers } = await aPerson();
    expect((await call("POST", "/auth/bump", headers, body)).status).toBe(200);
  });
});

describe("POST /auth/logout", () => {
  it("ends that log-in in every dialect and no other", async () => {
    const { name, headers, token } = await aPerson();
    const { body: other } = await logIn(name, "a-password");
    const { status, body } = await call("POST", "/auth/logout", headers, "{");
    expect([status, body]).toEqual([200, { success: true }]);
    expect((await call("GET", userPath(name), headers)).status).toBe(401);
    expect((await call("GET", userPath(name), xAuth(token))).status).toBe(403);
    expect((await call("GET", "/v1/tasks", xAuth(token))).status).toBe(401);
    expect((await call("POST", "/auth/logout", headers)).body).toEqual(UNAUTHORIZED);
    expect((await call("GET", userPath(name), bearer(other.token))).status).toBe(200);
  });

  it("lets one of ten log-outs of a token through at least, and none after it", async () => {
    const { headers } = await aPerson();
    const answers = await Promise.all(Array.from({ length: 10 }, () => call("POST", "/auth/logout", headers)));
    const got = answers.map(({ status }) => status);
    expect(got).toContain(200);
    expect(got.every((status) => [200, 401].includes(status))).toBe(true);
    expect((await call("POST", "/auth/logout", headers)).status).toBe(401);
  });
});
