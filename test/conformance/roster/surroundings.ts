import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { app } from "../../../src/http/app.ts";
import { type Answer, answered, asBearer, call, type Headers, unique } from "../../support/http.ts";
import { aName, basic, expectIssue, find, said, userPath } from "./support.ts";

const ORIGIN = "https://console.example";

/** Asks a Worker whose surroundings differ in some bindings; unlike `call` it keeps headers without a value. */
async function callWith(
  bindings: object,
  method: string,
  path: string,
  headers: Headers,
  body?: unknown,
): Promise<Answer> {
  const context = createExecutionContext();
  const init: RequestInit = { method, headers };
  if (body !== undefined) init.body = JSON.stringify(body);
  const request = new Request(`http://ostiary.test${path}`, init);
  const answer = await answered(await app.fetch(request, { ...env, ...bindings } as Env, context));
  await waitOnExecutionContext(context);
  return answer;
}

/** A database whose every statement fails. */
const failing = (message: string) => {
  const fail = () => Promise.reject(new Error(message));
  const statement = { bind: () => statement, all: fail, run: fail, raw: fail, first: fail };
  const session = { prepare: () => statement, batch: fail, getBookmark: () => null };
  return { DB: { withSession: () => session }, TOKENS: { get: fail, put: fail } };
};

describe("a fault", () => {
  it.each(["/user", "/user/nobody-there"])("is 503 at %s when the store is out of reach", async (path) => {
    const { status, body, headers } = await callWith(
      failing("Network connection lost."),
      "GET",
      path,
      await asBearer(),
    );
    expect([status, body]).toEqual([503, said("Service temporarily unavailable, try again later")]);
    expect(headers.get("x-request-id")).toBeTruthy();
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it("is 500 when nobody foresaw it, and tells nothing of the inside", async () => {
    const bindings = failing("D1_ERROR: no such column: secret: SQLITE_ERROR");
    const { status, body } = await callWith(bindings, "GET", "/user", await asBearer());
    expect([status, body]).toEqual([500, said("Internal error")]);
  });

  it("is told at a log-in in the same way", async () => {
    const { status, body } = await callWith(
      failing("Network connection lost."),
      "POST",
      "/auth/login",
      basic("a", "b"),
    );
    expect([status, body]).toEqual([503, said("Service temporarily unavailable, try again later")]);
  });

  it("is 503 when a setting is missing", async () => {
    const { status, body } = await callWith({ ADMIN_PASSWORD: "" }, "GET", "/user", await asBearer());
    expect([status, body]).toEqual([503, said("Service temporarily unavailable, try again later")]);
  });
});

describe("OPTIONS", () => {
  const preflight = (method: string) => ({ Origin: ORIGIN, "Access-Control-Request-Method": method });

  it.each(["/user", "/user/mara", "/user/%00", "/user/a/b", "/auth/login", "/auth/bump"])(
    "is never a fault: %s",
    async (path) => {
      for (const headers of [{}, preflight("PATCH")]) {
        const { status, headers: got } = await call("OPTIONS", path, headers);
        expect(status).toBeLessThan(500);
        expect(got.get("access-control-allow-origin")).toBeNull();
      }
    },
  );

  it("lets a known origin in, by name and not by star", async () => {
    const bindings = { CORS_ORIGINS: `${ORIGIN}, https://other.example` };
    const { status, headers } = await callWith(bindings, "OPTIONS", "/user/mara", preflight("PATCH"));
    expect(status).toBeLessThan(300);
    expect(headers.get("access-control-allow-origin")).toBe(ORIGIN);
    expect(headers.get("access-control-allow-methods")).toContain("PATCH");
    const stranger = { ...preflight("PATCH"), Origin: "https://stranger.example" };
    const refused = await callWith(bindings, "OPTIONS", "/user/mara", stranger);
    expect(refused.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("exposes what a client of the roster reads", async () => {
    const headers = { ...(await asBearer()), Origin: ORIGIN };
    const answer = await callWith({ CORS_ORIGINS: ORIGIN }, "GET", "/user/admin", headers);
    expect(answer.status).toBe(200);
    const exposed = (answer.headers.get("access-control-expose-headers") ?? "").split(",").map((name) => name.trim());
    expect(exposed).toEqual(expect.arrayContaining(["ETag", "X-D1-Bookmark", "X-Request-Id", "Authorization"]));
    expect(answer.headers.get("vary")).toContain("X-Auth-Token");
  });
});

describe("the password policy strong", () => {
  it.each([
    ["JvZ9bm79", 200],
    ["a", 400],
    ["password123", 400],
  ])("judges %s with %i", async (password, wanted) => {
    const bindings = { PASSWORD_POLICY: "strong" };
    const answer = await callWith(bindings, "POST", "/user", await asBearer(), { name: unique("strong"), password });
    expect(answer.status).toBe(wanted);
    if (wanted === 400) expectIssue(answer, "password");
  });

  it("refuses the name and the address as the password", async () => {
    const name = unique("strong");
    const email = `${name}@example.org`;
    for (const password of [name, name.toUpperCase(), email]) {
      const wanted = { name, email, password };
      expectIssue(await callWith({ PASSWORD_POLICY: "strong" }, "POST", "/user", await asBearer(), wanted), "password");
    }
  });
});

describe("a header without a value", () => {
  it("is no list of tags as If-Match", async () => {
    const name = await aName();
    const headers = { ...(await asBearer()), "If-Match": "" };
    for (const method of ["PATCH", "DELETE"]) {
      const { status, body } = await callWith({}, method, userPath(name), headers, { version: 0 });
      expect([status, body]).toEqual([400, said("If-Match is not a list of entity tags")]);
    }
    expect((await find(name)).body.version).toBe(0);
  });

  it("is ignored as If-None-Match and X-D1-Bookmark", async () => {
    const headers = { ...(await asBearer()), "If-None-Match": "", "X-D1-Bookmark": "" };
    expect((await callWith({}, "GET", "/user/admin", headers)).status).toBe(200);
  });

  it("is a credential that nobody has as Authorization", async () => {
    const { status, body } = await callWith({}, "GET", "/user", { Authorization: "" });
    expect([status, body]).toEqual([401, said("Authorization failed")]);
  });

  it("hands one user to management as X-Auth-Token", async () => {
    const headers = { ...(await asBearer()), "X-Auth-Token": "" };
    expect((await callWith({}, "GET", "/user/admin", headers)).body).not.toHaveProperty("role");
  });
});
