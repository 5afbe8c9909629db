import { describe, expect, it } from "vitest";
import { ADMIN, type Answer, asAdmin, call, unique, xAuth } from "../../support/http.ts";
import { added, aHolder, callWith, expectOk, expectRefusal, show } from "./support.ts";

/** One answer of each status. */
async function oneOfEach(headers: Record<string, string> = {}): Promise<Answer[]> {
  const admin = { ...(await asAdmin()), ...headers };
  const name = await added();
  const holder = await aHolder("a");
  return Promise.all([
    call("PUT", "/user/token", headers, ADMIN),
    call("GET", `/user/${name}`, admin),
    call("PUT", "/user/permission", admin, { username: name, permission: "a" }),
    call("DELETE", `/user/${unique("nobody")}`, admin),
    call("POST", "/user/add", headers, {}),
    call("POST", "/user/add", admin, "not JSON"),
    call("PUT", "/user/token", headers, { username: name, password: "wrong" }),
    call("POST", "/user/add", { ...headers, ...xAuth("bad") }),
    call("POST", "/user/add", { ...headers, ...holder.headers }),
    call("GET", `/user/${unique("nobody")}`, admin),
    call("POST", "/user/token", headers),
    call("PUT", "/user/permission", admin, { username: holder.name, permission: "a" }),
    call("POST", "/user/add", admin, "x".repeat(300_000)),
    call("GET", "/user/%zz", admin),
  ]);
}
const STATUSES = [200, 200, 200, 200, 400, 400, 401, 403, 403, 404, 405, 409, 413, 404];

describe("answers", () => {
  it("are JSON of their own id, never sniffed and never stored", async () => {
    const answers = await oneOfEach();
    expect(answers.map(({ status }) => status)).toEqual(STATUSES);
    for (const { headers } of answers) {
      expect(headers.get("content-type")).toBe("application/json");
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
    const ids = answers.map(({ headers }) => headers.get("x-request-id"));
    expect(ids.every((id) => id !== null && id !== "")).toBe(true);
    expect(new Set(ids).size).toBe(answers.length);
  });

  it("that refuse hold status and message and nothing else, also with X-Debug", async () => {
    const reasons: Record<number, string> = {
      400: "Bad Request",
      401: "Unauthorized",
      403: "Forbidden",
      404: "Not Found",
      405: "Method Not Allowed",
      409: "Conflict",
      413: "Payload Too Large",
    };
    for (const headers of [{}, { "X-Debug": "1" }]) {
      for (const { status, body, text } of (await oneOfEach(headers)).filter((answer) => answer.status !== 200)) {
        expect(Object.keys(body)).toEqual(["status", "message"]);
        expect(body.status).toBe(`${status} ${reasons[status]}`);
        expect(body.message).toMatch(/^[A-Z]/);
        expect(text).not.toMatch(/\bat |\.ts|Error:/);
      }
    }
  });

  it("to unknown paths of workers, jobs and tasks carry their id and are never sniffed", async () => {
    for (const path of ["/worker/1/x", "/job/1/x", "/task/1/x"]) {
      const { headers } = await call("GET", path);
      expect(headers.get("content-type")).toBe("application/json");
      expect(headers.get("x-request-id")).toBeTruthy();
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
  });

  it("to OPTIONS let no foreign page in", async () => {
    for (const path of ["/user/token", "/user/add", "/user/password", "/user/permission"]) {
      const headers = { Origin: "https://elsewhere.example", "Access-Control-Request-Method": "PUT" };
      const answer = await call("OPTIONS", path, headers);
      expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([204, null]);
      expect(answer.headers.get("x-request-id")).toBeTruthy();
    }
  });

  it("to OPTIONS let a configured page in, and expose Authorization", async () => {
    const origin = "https://console.example";
    const asked = { Origin: origin, "Access-Control-Request-Method": "PUT" };
    const preflight = await callWith({ CORS_ORIGINS: origin }, "OPTIONS", "/user/permission", asked);
    expect([preflight.status, preflight.headers.get("access-control-allow-origin")]).toEqual([204, origin]);
    expect(preflight.headers.get("access-control-allow-methods")).toMatch(/\bPUT\b/);
    const answer = await callWith({ CORS_ORIGINS: origin }, "PUT", "/user/token", { Origin: origin }, ADMIN);
    expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    expect(answer.headers.get("access-control-expose-headers")).toMatch(/\bAuthorization\b/);
  });

  it("tell no more than a request id where a setting is missing", async () => {
    for (const [method, path] of [
      ["PUT", "/user/token"],
      ["POST", "/user/add"],
    ] as const) {
      const answer = await callWith({ SEALING_KEYS: undefined }, method, path, await asAdmin(), ADMIN);
      expectRefusal(answer, 503, `Service unavailable, request ${answer.headers.get("x-request-id")}`);
    }
  });

  it("tell no more than a request id where a store throws", async () => {
    const fail = () => {
      throw new Error("the inside of the store");
    };
    const DB = { prepare: fail, batch: fail, exec: fail, withSession: fail };
    for (const [method, path] of [
      ["PUT", "/user/token"],
      ["POST", "/user/add"],
      ["GET", "/user/admin"],
    ] as const) {
      const body = method === "GET" ? undefined : ADMIN;
      const answer = await callWith({ DB }, method, path, await asAdmin(), body);
      const id = answer.headers.get("x-request-id");
      if (answer.status === 503) expectRefusal(answer, 503, `Service unavailable, request ${id}`);
      else expectRefusal(answer, 500, `Internal error, request ${id}`);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(answer.text).not.toContain("inside");
    }
  });

  it("do not depend on the edge copies of tokens", async () => {
    const fail = () => Promise.reject(new Error("the inside of the store"));
    const TOKENS = { get: fail, put: fail, delete: fail, list: fail, getWithMetadata: fail };
    const name = await added();
    const asked = await callWith({ TOKENS }, "GET", `/user/${name}`, await asAdmin());
    expectOk(asked, { username: name, permissions: [] });
    const body = { username: name, password: "a-password" };
    const issued = await callWith({ TOKENS }, "PUT", "/user/token", {}, body);
    expect((await call("GET", `/user/${name}`, xAuth(issued.body.token))).status).toBe(200);
  });

  it("ignore query parameters on every call", async () => {
    const query = "?page=0&page=1&username=admin&x=%zz";
    const headers = await asAdmin();
    const name = unique("user");
    const granted = { username: name, permission: "a" };
    expect((await call("POST", `/user/add${query}`, headers, { username: name, password: "x" })).body[name]).toBe(true);
    expect((await call("PUT", `/user/token${query}`, {}, { username: name, password: "x" })).status).toBe(200);
    expectOk(await call("PUT", `/user/permission${query}`, headers, granted), granted);
    expectOk(await call("DELETE", `/user/permission${query}`, headers, granted), granted);
    const password = { username: name, password: "y" };
    expectOk(await call("PUT", `/user/password${query}`, headers, password), { username: name });
    expectOk(await show(`${name}${query}`), { username: name, permissions: [] });
    const gone = { username: name, identity: true, assignment: true };
    expectOk(await call("DELETE", `/user/${name}${query}`, headers), gone);
  });
});
