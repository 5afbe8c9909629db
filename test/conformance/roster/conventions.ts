import { describe, expect, it } from "vitest";
import { type Answer, asBearer, call, unique, xAuth } from "../../support/http.ts";
import { aName, aPerson, NOBODY, said, userPath } from "./support.ts";

const ON_ONE_USER = ["Accept", "Authorization", "X-API-KEY", "X-Auth-Token"];

const vary = ({ headers }: Answer) => (headers.get("vary") ?? "").split(",").map((name) => name.trim().toLowerCase());

/** An answer of every status on the list and on one user. */
async function answers(): Promise<{ list: Answer[]; one: Answer[] }> {
  const [admin, name] = [await asBearer(), await aName()];
  return {
    list: await Promise.all([
      call("GET", "/user", admin),
      call("HEAD", "/user", admin),
      call("GET", "/user?page=0", admin),
      call("GET", "/user"),
      call("GET", "/user?page=99999999", admin),
      call("POST", "/user", admin, { name: unique("said") }),
      call("POST", "/user", admin, "{"),
      call("PUT", "/user", admin),
      call("POST", "/auth/bump", admin),
      call("POST", "/auth/logout"),
      call("POST", "/auth/login"),
      call("GET", "/auth/login"),
    ]),
    one: await Promise.all([
      call("GET", userPath(name), admin),
      call("HEAD", userPath(name), admin),
      call("GET", userPath(name), { ...admin, "If-None-Match": "*" }),
      call("GET", userPath(name)),
      call("GET", userPath(unique("nobody")), admin),
      call("PATCH", userPath(name), admin, {}),
      call("PATCH", userPath(name), admin, { version: 0 }),
      call("PUT", userPath(name), admin),
      call("GET", `${userPath(name)}/roles`, admin),
      call("DELETE", userPath(await aName()), admin),
    ]),
  };
}

describe("an answer of the roster", () => {
  it("has one of the dialect's statuses, and its headers", async () => {
    const { list, one } = await answers();
    for (const { status, headers } of [...list, ...one]) {
      expect([200, 304, 400, 401, 404, 405]).toContain(status);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("x-request-id")).toMatch(/^[0-9a-f]{32}$/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
    const ids = [...list, ...one].map(({ headers }) => headers.get("x-request-id"));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("varies by Accept, and on one user by every header that decides", async () => {
    const { list, one } = await answers();
    for (const answer of list) expect(vary(answer)).toContain("accept");
    for (const answer of one) {
      expect(vary(answer)).toEqual(expect.arrayContaining(ON_ONE_USER.map((name) => name.toLowerCase())));
    }
  });

  it("is JSON, an error of exactly message and success", async () => {
    const { list, one } = await answers();
    for (const { status, text, body, headers } of [...list, ...one]) {
      if (text === "") continue;
      expect(headers.get("content-type")).toMatch(/^application\/json(;|$)/);
      if (status !== 200)
        expect(Object.entries(body)).toEqual([
          ["message", expect.any(String)],
          ["success", false],
        ]);
    }
  });

  it.each(["application/xml", "text/html", "*/*", "rubbish", ""])(
    "is JSON too when it was to be %j",
    async (Accept) => {
      const { status, headers } = await call("GET", "/user", { ...(await asBearer()), Accept });
      expect([status, headers.get("content-type")]).toEqual([200, expect.stringMatching(/^application\/json(;|$)/)]);
    },
  );

  it.each(["/user", "/user?page=0", "/user/nobody-there"])("says by HEAD of %s what GET says", async (path) => {
    const admin = await asBearer();
    const [get, head] = [await call("GET", path, admin), await call("HEAD", path, admin)];
    expect([head.status, head.text]).toEqual([get.status, ""]);
    for (const name of ["content-type", "vary", "cache-control", "etag"]) {
      expect([name, head.headers.get(name)]).toEqual([name, get.headers.get(name)]);
    }
  });

  it("is the same with and without a trailing slash", async () => {
    const { name, headers } = await aPerson({ role: "ADMIN" });
    const both = async (method: string, path: string, body?: unknown) => [
      (await call(method, path, headers, body)).status,
      (await call(method, `${path}/`, headers, body)).status,
    ];
    expect(await both("GET", "/user")).toEqual([200, 200]);
    expect(await both("GET", userPath(name))).toEqual([200, 200]);
    expect(await both("PATCH", userPath(name), { version: 0 })).toEqual([200, 400]);
    expect(await both("POST", "/user", {})).toEqual([400, 400]);
    expect(await both("POST", "/auth/bump")).toEqual([200, 200]);
    expect((await call("POST", "/auth/login/")).status).toBe(401);
    expect((await call("DELETE", `${userPath(name)}/`, headers)).status).toBe(200);
  });
});

describe("another method", () => {
  it.each([
    ["PUT", "/user", "GET, HEAD, POST"],
    ["PATCH", "/user", "GET, HEAD, POST"],
    ["DELETE", "/user", "GET, HEAD, POST"],
    ["PUT", "/user/nobody-there", "GET, HEAD, PATCH, DELETE"],
    ["POST", "/user/nobody-there", "GET, HEAD, PATCH, DELETE"],
    ["GET", "/auth/login", "POST"],
    ["HEAD", "/auth/bump", "POST"],
    ["PATCH", "/auth/bump", "POST"],
    ["DELETE", "/auth/logout", "POST"],
  ])("is refused before the credential is looked at: %s %s", async (method, path, allow) => {
    for (const headers of [{}, await asBearer()]) {
      const { status, text, headers: got } = await call(method, path, headers);
      expect([status, got.get("allow")]).toEqual([405, allow]);
      expect(text).toBe(method === "HEAD" ? "" : JSON.stringify(said("Method not allowed")));
    }
  });

  it.each(["PUT", "POST"])("is 405 with X-Auth-Token too: %s of one user", async (method) => {
    const { status, headers } = await call(method, "/user/nobody-there", xAuth("rubbish"));
    expect([status, headers.get("allow")]).toEqual([405, expect.stringContaining("GET, HEAD")]);
  });

  it.each(["token", "add", "password", "permission"])(
    "belongs to management as PUT and POST of /user/%s",
    async (name) => {
      const admin = await asBearer();
      for (const method of ["PUT", "POST"]) {
        const { body } = await call(method, `/user/${name}`, admin, {});
        expect(body).toEqual({ status: expect.any(String), message: expect.any(String) });
      }
      expect((await call("GET", `/user/${name}`, admin)).body).toEqual(NOBODY);
      expect((await call("PATCH", `/user/${name}`, admin, { version: 0 })).body).toEqual(NOBODY);
    },
  );

  it("belongs to management as DELETE of /user/permission alone", async () => {
    const admin = await asBearer();
    expect((await call("DELETE", "/user/permission", admin, {})).body).toHaveProperty("status");
    for (const name of ["token", "add", "password"]) {
      expect((await call("DELETE", `/user/${name}`, admin)).body).toEqual(NOBODY);
    }
  });
});

describe("an unknown path", () => {
  it.each(["/user/a/b", "/user/a/b/c", "/user/a/roles/"])("is not found: %s", async (path) => {
    for (const headers of [{}, await asBearer()]) {
      const { status, body } = await call("GET", path, headers);
      expect([status, body]).toEqual([404, said("Not found")]);
    }
    expect((await call("PATCH", path, await asBearer(), "{")).body).toEqual(said("Not found"));
  });
});
