import { describe, expect, it } from "vitest";
import { adminToken, asAdmin, aUser, bearer, call, rows, unique, xAuth } from "../../support/http.ts";
import { aHolder, deactivate, expectOk, expectRefusal } from "./support.ts";

const GUARDED = [
  ["POST", "/user/add"],
  ["GET", "/user/somebody"],
  ["DELETE", "/user/somebody"],
  ["PUT", "/user/password"],
  ["PUT", "/user/permission"],
  ["DELETE", "/user/permission"],
  ["GET", "/worker"],
  ["POST", "/worker"],
  ["DELETE", "/worker/1"],
  ["POST", "/worker/1/lease"],
  ["POST", "/job"],
  ["GET", "/job"],
  ["GET", "/job/1"],
  ["GET", "/task"],
  ["GET", "/task/1"],
  ["POST", "/task/1/status"],
] as const;

describe("credentials", () => {
  it.each(GUARDED)("%s %s asks for one", async (method, path) => {
    const empty = path === "/user/somebody" ? [xAuth("")] : [{}, xAuth("")];
    for (const headers of empty) expectRefusal(await call(method, path, headers), 400, "Missing API Token");
  });

  it.each(GUARDED)("%s %s refuses an unknown one", async (method, path) => {
    expectRefusal(await call(method, path, xAuth("x".repeat(43))), 403, "Invalid API Token");
  });

  it.each([
    ["a short text", "x"],
    ["44 letters", "x".repeat(44)],
    ["a UUID", "b5c7a2d8-0a57-4d1b-9c5e-0f7b0d9b8a11"],
    ["three parts", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9."],
    ["quotes", "'OR'1'='1'--"],
    ["10,000 letters", "x".repeat(10_000)],
    ["the name of a property", "__proto__"],
  ])("refuses %s as X-Auth-Token and as Bearer", async (_, value) => {
    expectRefusal(await call("GET", "/user/admin", xAuth(value)), 403, "Invalid API Token");
    expectRefusal(await call("POST", "/user/add", bearer(value)), 403, "Invalid API Token");
  });

  it("refuses a value of several words, which is malformed, in either header", async () => {
    for (const value of ["two words", "' OR 1=1 --"]) {
      expectRefusal(await call("GET", "/user/admin", xAuth(value)), 403, "Invalid API Token");
      expectRefusal(await call("POST", "/user/add", bearer(value)), 403, "Invalid API Token");
    }
  });

  it.each([
    ["an empty X-Auth-Token", { "X-Auth-Token": "" }],
    ["blanks as X-Auth-Token", { "X-Auth-Token": "  " }],
    ["Bearer without a value", { Authorization: "Bearer" }],
    ["Bearer with blanks", { Authorization: "Bearer  " }],
    ["an empty Authorization", { Authorization: "" }],
    ["an empty X-API-KEY", { "X-API-KEY": "" }],
    ["the scheme Basic", { Authorization: `Basic ${btoa("admin:correct horse battery staple")}` }],
    ["the scheme JWT", { Authorization: "JWT a.b.c" }],
    ["api-key", { "api-key": "access-key-of-the-tests" }],
  ])("counts %s as none", async (_, headers) => {
    expectRefusal(await call("POST", "/user/add", headers, {}), 400, "Missing API Token");
  });

  it("takes the token as X-Auth-Token or as Bearer, whatever the letter case of header and scheme", async () => {
    const { name, token } = await aHolder("herqles.user.add");
    for (const headers of [
      { "X-Auth-Token": token },
      { "x-auth-token": token },
      { "X-AUTH-TOKEN": token },
      { Authorization: `Bearer ${token}` },
      { authorization: `bEARER ${token}` },
    ]) {
      expectOk(await call("POST", "/user/add", headers, { username: name, password: "x" }), {
        [name]: true,
        identity: false,
        assignment: false,
      });
    }
  });

  it("compares tokens to the letter", async () => {
    const { name, token } = await aUser();
    const swapped = token.replace(/[a-zA-Z]/, (letter) =>
      letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
    );
    expectRefusal(await call("GET", `/user/${name}`, xAuth(swapped)), 403, "Invalid API Token");
  });

  it("lets X-Auth-Token decide before Authorization, good or bad", async () => {
    const good = await adminToken();
    const body = { username: unique("user"), password: "x" };
    const refused = await call("POST", "/user/add", { ...xAuth("bad"), ...bearer(good) }, body);
    expectRefusal(refused, 403, "Invalid API Token");
    expect((await call("POST", "/user/add", { ...xAuth(good), ...bearer("bad") }, body)).status).toBe(200);
  });

  it("lets Authorization decide before X-API-KEY", async () => {
    const headers = { ...(await bearerOfAdmin()), "X-API-KEY": "identity.secret" };
    const { status } = await call("POST", "/user/add", headers, { username: unique("user"), password: "x" });
    expect(status).toBe(200);
  });

  it("lets X-API-KEY decide where Authorization is of another scheme", async () => {
    const headers = { Authorization: "Basic YTpi", "X-API-KEY": "identity.secret" };
    expectRefusal(await call("POST", "/user/add", headers, {}), 403, "Invalid API Token");
  });

  it.each(["identity.secret", "x", ".", "a.b.c", "access-key-of-the-tests"])(
    "refuses the unknown API key %s",
    async (key) => {
      expectRefusal(await call("POST", "/user/add", { "X-API-KEY": key }, {}), 403, "Invalid API Token");
      expectRefusal(await call("PUT", "/user/password", { "X-API-KEY": key }, {}), 403, "Invalid API Token");
    },
  );

  it("takes the token of a roster log-in", async () => {
    const { name, password } = await aUser();
    const login = await call("POST", "/auth/login", { Authorization: `Basic ${btoa(`${name}:${password}`)}` }, {});
    expectOk(await call("GET", `/user/${name}`, xAuth(login.body.token)), { username: name, permissions: [] });
  });

  it("does not take the roster's base64 of name and token", async () => {
    const { name, token } = await aUser();
    const headers = bearer(btoa(`${name}:${token}`));
    expectRefusal(await call("PUT", "/user/permission", headers, {}), 403, "Invalid API Token");
  });

  it("refuses an expired token", async () => {
    const { name, token } = await aUser();
    const session = "user_id = (SELECT id FROM users WHERE name = ?)";
    await rows(`UPDATE sessions SET expires_at = created_at + 1 WHERE ${session}`, name);
    await rows(`UPDATE sessions SET expires_at = ? WHERE ${session}`, Date.now() - 1, name);
    expectRefusal(await call("GET", `/user/${name}`, xAuth(token)), 403, "Invalid API Token");
  });

  it("refuses the token of a user who is not active", async () => {
    const { name, token } = await aUser();
    await deactivate(name);
    expectRefusal(await call("GET", `/user/${name}`, xAuth(token)), 403, "Invalid API Token");
    expectRefusal(await call("POST", "/user/add", bearer(token), {}), 403, "Invalid API Token");
  });

  it("refuses the token of a deleted user", async () => {
    const { name, token } = await aUser();
    await call("DELETE", `/user/${name}`, await asAdmin());
    expectRefusal(await call("GET", `/user/${name}`, xAuth(token)), 403, "Invalid API Token");
  });

  it("knows no 401 but on /user/token", async () => {
    const answers = await Promise.all(
      GUARDED.flatMap(([method, path]) => [call(method, path, xAuth("")), call(method, path, xAuth("bad"))]),
    );
    expect(answers.map(({ status }) => status)).not.toContain(401);
    expect(answers.every(({ headers }) => !headers.has("www-authenticate"))).toBe(true);
  });
});

const bearerOfAdmin = async () => bearer(await adminToken());
