import { describe, expect, it } from "vitest";
import { call } from "../../support/http.ts";
import { byPassword, callWith, expectRefusal, issued, logIn, someone, TOKENS } from "./support.ts";

const VERSION = {
  version: {
    id: "v3.14",
    status: "stable",
    updated: "2020-04-07T00:00:00Z",
    links: [{ rel: "self", href: "http://ostiary.test/v3/" }],
    "media-types": [{ base: "application/json", type: "application/vnd.openstack.identity-v3+json" }],
  },
};

describe("the Identity API", () => {
  it.each(["/v3", "/v3/", "/v3?", "/v3/?x=1"])("tells its version at %s", async (path) => {
    const { status, body } = await call("GET", path);
    expect([status, body]).toEqual([200, VERSION]);
  });

  it.each([`${TOKENS}/`, `${TOKENS}?`, `${TOKENS}/?`, `${TOKENS}?x=%zz&x=1`])("answers alike at %s", async (path) => {
    const { name } = await someone();
    const answer = await call("POST", path, {}, { auth: { identity: byPassword({ name }) } });
    const token = issued(answer);
    const headers = { "X-Auth-Token": token, "X-Subject-Token": token };
    expect((await call("GET", path, headers)).body).toEqual(answer.body);
    expect((await call("DELETE", path, headers)).status).toBe(204);
  });

  it("answers with an id, never sniffed and never stored", async () => {
    const user = await someone();
    for (const { headers } of [await logIn(user), await logIn(user, undefined, "wrong"), await call("GET", "/v3/x")]) {
      expect(headers.get("content-type")).toBe("application/json");
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("x-request-id")).toMatch(/^[0-9a-f]{32}$/);
    }
  });

  it.each(["/v3/users", "/v3/projects", "/v3/auth", "/v3/auth/tokens/x", "/v3/%2e%2e%2fv1", "/v3/%zz"])(
    "does not know %s",
    async (path) => {
      expectRefusal(await call("GET", path), 404, "The resource could not be found.");
    },
  );

  it("leaves paths that only begin alike to the rest", async () => {
    expect((await call("GET", "/v30")).headers.get("content-type")).toBe("application/problem+json");
  });

  it.each([
    ["PUT", TOKENS, "POST, GET, HEAD, DELETE"],
    ["PATCH", TOKENS, "POST, GET, HEAD, DELETE"],
    ["POST", "/v3", "GET, HEAD"],
    ["DELETE", "/v3/auth/catalog", "GET, HEAD"],
  ])("does not know %s at %s", async (method, path, allow) => {
    const answer = await call(method, path);
    expectRefusal(answer, 405, "The method is not allowed for the requested URL.");
    expect(answer.headers.get("allow")).toBe(allow);
  });

  it("answers OPTIONS with the methods there are", async () => {
    const { status, headers } = await call("OPTIONS", TOKENS);
    expect([status, headers.get("allow")]).toEqual([204, "POST, GET, HEAD, DELETE, OPTIONS"]);
  });

  it("tells nothing of the inside where a setting is missing or a store throws", async () => {
    const unavailable = "The service is currently unavailable, try again later.";
    const body = { auth: { identity: byPassword({ name: "admin" }) } };
    expectRefusal(await callWith({ SEALING_KEYS: undefined }, "POST", TOKENS, {}, body), 503, unavailable);
    const fail = () => {
      throw new Error("the inside of the store");
    };
    const DB = { prepare: fail, batch: fail, exec: fail, withSession: fail };
    const { status, headers, body: told, text } = await callWith({ DB }, "POST", TOKENS, {}, body);
    expect([status, told.error.code]).toEqual([500, 500]);
    expect(told.error.message).toContain(headers.get("x-request-id"));
    expect(text).not.toContain("inside");
  });
});
