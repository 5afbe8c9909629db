import { env } from "cloudflare:workers";
import { createLocalJWKSet, jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { byPassword } from "../conformance/keystone/support.ts";
import { basic, basicOf } from "../support/access-users.ts";
import { servedWith } from "../support/deployment.ts";
import { brokenKv, type Fault, faultyD1, type Stall, silence, slowsBy, stalls } from "../support/faults.ts";
import { ADMIN, type Answer, adminToken, aUser, bearer, type Headers, unique, xAuth } from "../support/http.ts";
import { aJwt } from "../support/keys.ts";
import { SHAPES } from "../support/shapes.ts";
import { stopTime, useRealTime } from "../support/time.ts";

/** No answer takes longer, whatever the stores do. */
const LONGEST_MS = 8_000;

const lost: Fault = () => Promise.reject(new Error("D1_ERROR: Network connection lost."));
const lostAfterwards: Fault = (call, nth) => (nth > 1 ? lost(call, nth) : call());
const throwing = (fault: Fault) => (): Stall => ({ fault, letGo: async () => undefined });

const DOWN: [string, () => Stall][] = [
  ["throws", throwing(lost)],
  ["throws once it is known who asks", throwing(lostAfterwards)],
  ["stalls", () => stalls("before", LONGEST_MS)],
  ["stalls once it is known who asks", () => stalls("before", LONGEST_MS, 2)],
  ["does what it is asked and does not say so", () => stalls("after", LONGEST_MS, 2)],
];

const DEFAULT = [{ name: "default", approvers: { role: "admin" }, required: 1 }];

type Route = [dialect: string, request: string, headers: (token: string) => Headers, body?: (name: string) => object];

const aboutAnother = (token: string) => ({ ...xAuth(token), "X-Subject-Token": "w".repeat(43) });

/** One that reads and one that writes of each; the site only reads. */
const ROUTES: Route[] = [
  ["management", "GET /user/nobody", xAuth],
  ["management", "POST /user/add", xAuth, (username) => ({ username, password: "a-password" })],
  ["access", "GET /users/nobody", bearer],
  ["access", "POST /users", bearer, (username) => ({ username, password: "a-password" })],
  ["roster", "GET /user?perPage=5", bearer],
  ["roster", "POST /user", bearer, (name) => ({ name })],
  ["pas", "GET /auth/group/nobody", bearer],
  ["pas", "POST /auth/group", bearer, (groupname) => ({ groupname })],
  ["workflow", "GET /v1/tasks", xAuth],
  ["workflow", "PUT /v1/policies/update_quota", xAuth, () => ({ stages: DEFAULT })],
  ["keystone", "GET /v3/auth/tokens", aboutAnother],
  ["keystone", "DELETE /v3/auth/tokens", aboutAnother],
  ["site", "GET /audit", xAuth],
  ["site", "GET /dev/mail", xAuth],
];

function expectUnavailable(dialect: string, answer: Answer): void {
  expect([answer.status, answer.headers.get("retry-after"), answer.text]).toEqual([503, "5", answer.text]);
  expect([SHAPES[dialect]?.(answer), answer.text]).toEqual([true, answer.text]);
  expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f]{32}$/);
  expect(answer.text).not.toMatch(/D1_|SQL|lost|unreachable/);
}

beforeEach(async () => void (await adminToken()));
afterEach(useRealTime);

describe.each(DOWN)("with a D1 that %s", (_, down) => {
  it.each(ROUTES)("%s: %s is answered 503 in time, in its own shape", async (dialect, request, headers, body) => {
    const [method = "", path = ""] = request.split(" ");
    const { fault, letGo } = down();
    const call = servedWith({ DB: faultyD1(env.DB, fault, true) });
    const token = await adminToken();
    stopTime();
    const answer = await call(method, path, headers(token), body?.(unique("down")));
    useRealTime();
    expectUnavailable(dialect, answer);
    await letGo();
  });
});

describe("with a D1 that is slow at every call", () => {
  /** A registration has three of them. */
  const register = async (ms: number): Promise<Answer> => {
    const call = servedWith({ DB: faultyD1(env.DB, slowsBy(ms), true) });
    const [token, username] = [await adminToken(), unique("slow")];
    stopTime();
    return call("POST", "/user/add", xAuth(token), { username, password: "a-password" });
  };

  it("a call is answered if all of them together take less than eight seconds", async () => {
    expect((await register(2_000)).status).toBe(200);
  });

  it("a call is answered 503 if they take more, though none of them does", async () => {
    expectUnavailable("management", await register(4_500));
  });
});

describe("with a D1 that stalls for five seconds and then answers", () => {
  it("a call that asks it once is answered", async () => {
    const call = servedWith({ DB: faultyD1(env.DB, slowsBy(5_000), true) });
    const jwt = await aJwt((await aUser()).name);
    stopTime();
    // It is known who asks, and that he may not.
    expect((await call("GET", "/audit", bearer(jwt))).status).toBe(403);
    expect((await call("GET", "/audit", bearer(`${jwt}x`))).status).toBe(401);
  });
});

describe("with no store at all", () => {
  const down = {
    DB: faultyD1(env.DB, lost, true),
    TOKENS: brokenKv,
    TASKS: { getByName: () => ({ step: lost, ping: lost }) },
  };

  it.each([
    ["management", "PUT", "/user/token", {}, ADMIN],
    ["access", "GET", "/users", basic(ADMIN.username, ADMIN.password)],
    ["roster", "POST", "/auth/login", { Authorization: basicOf(`${ADMIN.username}:${ADMIN.password}`) }],
    ["pas", "POST", "/auth/user/+login", {}, ADMIN],
    ["workflow", "POST", "/v1/openstack/sign-up", {}, { email: "x@example.org", project_name: "x" }],
    ["keystone", "POST", "/v3/auth/tokens", {}, { auth: { identity: byPassword({ id: "x".repeat(32) }) } }],
    ["site", "GET", "/healthz", {}],
  ])("%s: %s %s is answered 503", async (dialect, method, path, headers, body?: object) => {
    expectUnavailable(dialect, await servedWith(down)(method, path, headers, body));
  });

  it("others can still verify a JWT, by our public keys", async () => {
    const jwt = await aJwt("admin");
    const { status, body } = await servedWith(down)("GET", "/.well-known/jwks.json");
    expect(status).toBe(200);
    expect((await jwtVerify(jwt, createLocalJWKSet(body))).payload["sub"]).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    ["GET", "/v3", 200],
    ["GET", "/nowhere", 404],
    ["DELETE", "/healthz", 405],
    ["OPTIONS", "/v1/tasks", 204],
    ["GET", "/v1/tasks", 401],
    ["POST", "/v1/openstack/sign-up", 400],
  ])("what needs none is answered as ever: %s %s", async (method, path, status) => {
    expect((await servedWith(down)(method, path)).status).toBe(status);
  });
});

describe("health", () => {
  it.each([
    ["D1", { DB: faultyD1(env.DB, silence(LONGEST_MS), true) }],
    ["objects", { TASKS: { getByName: () => ({ ping: silence(LONGEST_MS) }) } }],
  ])("says 503 in time when there is no answer from %s", async (_, bindings) => {
    stopTime();
    expectUnavailable("site", await servedWith(bindings)("GET", "/healthz"));
  });
});
