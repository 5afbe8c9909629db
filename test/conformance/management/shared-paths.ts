import { describe, expect, it } from "vitest";
import { adminToken, asAdmin, asBearer, bearer, call, unique, xAuth } from "../../support/http.ts";
import { added, expectOk, expectRefusal, show } from "./support.ts";

const FIXED = ["/user/token", "/user/add", "/user/password", "/user/permission"];
const ALLOWED: Record<string, string[]> = {
  "/user/token": ["PUT"],
  "/user/add": ["POST"],
  "/user/password": ["PUT"],
  "/user/permission": ["DELETE", "PUT"],
};
const allowOf = (headers: globalThis.Headers) => (headers.get("allow") ?? "").split(/, */).sort();
const rosters = (message: string) => ({ message, success: false });

describe("paths shared with the roster", () => {
  it.each(["GET", "DELETE"])("hands %s /user/{name} over by the presence of X-Auth-Token alone", async (method) => {
    const name = await added();
    const good = await adminToken();
    expectRefusal(await call(method, `/user/${name}`, { ...bearer(good), ...xAuth("bad") }), 403, "Invalid API Token");
    expectRefusal(await call(method, `/user/${name}`, xAuth("")), 400, "Missing API Token");
    const { status, body } = await call(method, `/user/${name}`);
    expect([status, body]).toEqual([401, rosters("Authorization failed")]);
  });

  it("shows a user in the shape of the dialect that was asked", async () => {
    const name = await added();
    expectOk(await show(name), { username: name, permissions: [] });
    const { body } = await call("GET", `/user/${name}`, await asBearer());
    expect([body.name, body.role, body.username]).toEqual([name, "USER", undefined]);
  });

  it("deletes a user in the shape of the dialect that was asked", async () => {
    const name = await added();
    const { status, body } = await call("DELETE", `/user/${name}`, await asBearer());
    expect([status, body]).toEqual([200, { message: "Successfully Deleted", success: true }]);
    const nobody = await call("DELETE", `/user/${name}`, await asBearer());
    expect([nobody.status, nobody.body]).toEqual([404, rosters("User doesn't exist")]);
    const again = await call("DELETE", `/user/${name}`, await asAdmin());
    expectOk(again, { username: name, identity: false, assignment: false });
  });

  it("hands HEAD over as GET", async () => {
    const name = await added();
    expect((await call("HEAD", `/user/${name}`, xAuth("bad"))).status).toBe(403);
    expect((await call("HEAD", `/user/${name}`, bearer("bad"))).status).toBe(401);
  });

  it("compares names in any letter case where the roster compares exactly", async () => {
    const name = await added(unique("Mixed"));
    expect((await show(name.toLowerCase())).status).toBe(200);
    expect((await call("GET", `/user/${name.toLowerCase()}`, await asBearer())).status).toBe(404);
  });

  it.each(["PUT", "POST"])("leaves %s /user/{name} to the roster, with the header or without", async (method) => {
    const name = await added();
    for (const headers of [{}, await asAdmin()]) {
      const answer = await call(method, `/user/${name}`, headers, {});
      expect([answer.status, answer.body]).toEqual([405, rosters("Method not allowed")]);
      expect(allowOf(answer.headers)).toEqual(["DELETE", "GET", "HEAD", "PATCH"]);
    }
  });

  it("leaves PATCH to the roster, which knows no X-Auth-Token", async () => {
    const name = await added();
    for (const path of [`/user/${name}`, ...FIXED]) {
      const { status, body } = await call("PATCH", path, await asAdmin(), {});
      expect([status, body]).toEqual([401, rosters("Authorization failed")]);
    }
  });

  it("leaves deeper paths to the roster", async () => {
    for (const path of ["/user/token/x", "/user/add/x", `/user/${unique("u")}/x`, "/user/permission/x/y"]) {
      for (const headers of [{}, await asAdmin()]) {
        const { status, body } = await call("GET", path, headers);
        expect([status, body]).toEqual([404, rosters("Not found")]);
      }
    }
  });

  it.each([
    ["POST", "/user/token"],
    ["PUT", "/user/add"],
    ["POST", "/user/password"],
    ["POST", "/user/permission"],
  ])("answers %s %s with 405 and the methods there are, with the header or without", async (method, path) => {
    for (const headers of [{}, xAuth("bad"), await asAdmin(), bearer("bad")]) {
      const answer = await call(method, path, headers, "not JSON");
      expectRefusal(answer, 405, "Method not Allowed");
      expect(allowOf(answer.headers)).toEqual(ALLOWED[path]);
    }
  });

  it.each(
    FIXED.flatMap((path) => ["GET", "HEAD", "DELETE"].map((method) => [method, path] as const)).filter(
      ([method, path]) => !(method === "DELETE" && path === "/user/permission"),
    ),
  )(
    "answers %s %s with 405 where X-Auth-Token is there, and leaves it to the roster otherwise",
    async (method, path) => {
      for (const headers of [xAuth("bad"), xAuth(""), await asAdmin()]) {
        const answer = await call(method, path, headers);
        expect([answer.status, allowOf(answer.headers)]).toEqual([405, ALLOWED[path]]);
        if (method === "HEAD") expect(answer.text).toBe("");
        else expectRefusal(answer, 405, "Method not Allowed");
      }
      const without = await call(method, path);
      expect(without.status).toBe(401);
      if (method !== "HEAD") expect(without.body).toEqual(rosters("Authorization failed"));
      expect((await call(method, path, await asBearer())).status).toBe(404);
    },
  );

  it("serves PUT, POST and DELETE on its own paths without X-Auth-Token too", async () => {
    const headers = await asBearer();
    const [name, password] = [unique("user"), "x"];
    expect((await call("POST", "/user/add", headers, { username: name, password })).body[name]).toBe(true);
    expectOk(await call("PUT", "/user/password", headers, { username: name, password }), { username: name });
    const granted = { username: name, permission: "billing" };
    expectOk(await call("PUT", "/user/permission", headers, granted), granted);
    expectOk(await call("DELETE", "/user/permission", headers, granted), granted);
  });

  it("reserves the names of its paths in the roster too", async () => {
    for (const name of ["token", "add", "password", "permission"]) {
      expect((await call("POST", "/user", await asBearer(), { name })).status).toBe(400);
    }
  });
});

describe("paths", () => {
  it("answers with a trailing slash as without, and never redirects", async () => {
    const [name, password, headers] = [unique("user"), "x", await asAdmin()];
    expect((await call("POST", "/user/add/", headers, { username: name, password })).body.identity).toBe(true);
    expect((await call("PUT", "/user/token/", {}, { username: name, password })).body.token).toHaveLength(43);
    expectOk(await call("PUT", "/user/password/", headers, { username: name, password }), { username: name });
    const granted = { username: name, permission: "billing" };
    expectOk(await call("PUT", "/user/permission/", headers, granted), granted);
    expectOk(await call("GET", `/user/${name}/`, headers), { username: name, permissions: ["billing"] });
    expectOk(await call("DELETE", "/user/permission/", headers, granted), granted);
    const gone = { username: name, identity: true, assignment: true };
    expectOk(await call("DELETE", `/user/${name}/`, headers), gone);
    expectRefusal(await call("POST", "/user/token/", {}), 405, "Method not Allowed");
  });

  it.each(["/worker/1/nothing", "/job/1/nothing", "/task/1/nothing", "/worker/1/lease/x", "/task/1/status/x"])(
    "does not know %s, whatever credential or method",
    async (path) => {
      for (const method of ["GET", "POST", "DELETE", "PATCH"]) {
        for (const headers of [{}, xAuth("bad"), await asAdmin()]) {
          expectRefusal(await call(method, path, headers), 404, `The path '${path}' was not found.`);
        }
      }
    },
  );

  it("names an unknown path as plain text", async () => {
    const path = `/job/1/a&b'c;d"`;
    const { status, text, body } = await call("GET", path);
    expect([status, body.status]).toEqual([404, "404 Not Found"]);
    expect(text).not.toMatch(/&(?:amp|quot|lt|gt|#)/);
    expect(body.message).toContain("/job/1/a&b'c;d");
  });

  it.each(["/usr/add", "/_ping", "/_heartbeat", "/workers", "/jobs/1", "/tasks", "/users-of-nothing"])(
    "does not serve %s",
    async (path) => {
      const { status, headers } = await call("POST", path, await asAdmin(), {
        username: "myuser",
        password: "password123",
      });
      expect([status, headers.get("content-type")]).toEqual([404, "application/problem+json"]);
    },
  );
});

describe("OPTIONS on its own paths", () => {
  it.each([
    ["/user/token", "PUT, OPTIONS"],
    ["/user/add", "POST, OPTIONS"],
    ["/user/password", "PUT, OPTIONS"],
    ["/user/permission", "PUT, DELETE, OPTIONS"],
  ])("names the methods of %s", async (path, allow) => {
    const { status, headers } = await call("OPTIONS", path);
    expect([status, headers.get("allow")]).toEqual([204, allow]);
  });
});
