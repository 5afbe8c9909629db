import { describe, expect, it } from "vitest";
import { call } from "../../support/http.ts";
import { absent, ask, askWith, is, login, said, somebody, userPath } from "./support.ts";

describe("a path", () => {
  it("may end in a slash, which the answer does not repeat", async () => {
    const { name, headers } = await somebody();
    expect((await call("GET", `${userPath(name)}/`, headers)).status).toBe(200);
    expect((await call("GET", `/auth/self/+roles/?x=1`, headers)).status).toBe(200);
    expect(is(await ask("GET", `/auth/user/${name}x/?y=1`))).toEqual(absent(`/auth/user/${name}x`));
  });

  it("may spell the + of a view as %2B, and not leave it out", async () => {
    const { name, headers } = await somebody();
    expect((await call("GET", userPath(name, "/%2Broles"), headers)).status).toBe(200);
    expect((await call("GET", userPath(name, "/roles"), headers)).status).toBe(404);
    expect((await call("GET", "/auth/self/roles", headers)).status).toBe(404);
  });

  it("names a user and a group by each letter's case", async () => {
    const { name } = await somebody();
    expect((await ask("GET", userPath(name.toUpperCase()))).status).toBe(404);
    expect((await ask("GET", "/auth/group/__DEFAULT__")).status).toBe(404);
    expect((await ask("GET", "/AUTH/user/admin")).status).toBe(404);
  });

  it.each(["/auth", "/auth/", "/auth/nope", "/auth/users", "/auth/user/admin/+nope", "/auth/group/__default__/+xattr"])(
    "%s is not known",
    async (path) => {
      const answer = await ask("GET", path);
      expect(is(answer)).toEqual(absent(path.replace(/\/$/, "")));
      expect(answer.headers.get("content-type")).toBe("application/json");
    },
  );

  it.each(["%00", "%FF", "%", "a%2Fb", "x".repeat(300), "%0A", "."])(
    "with the name %.20s is not found",
    async (name) => {
      expect((await ask("GET", `/auth/user/${name}/+roles`)).status).toBe(404);
      expect((await ask("GET", `/auth/group/${name}/+members`)).status).toBe(404);
    },
  );

  it.each(["login", "bump", "logout"])("/auth/%s is the roster's", async (name) => {
    expect((await call("POST", `/auth/${name}`, {})).body).toEqual({ message: "Authorization failed", success: false });
  });

  it.each<[string, string]>([
    ["PUT /auth/self", "GET, HEAD, PATCH, DELETE"],
    ["POST /auth/self/+roles", "GET, HEAD"],
    ["GET /auth/user/+register", "POST"],
    ["GET /auth/user/admin/+statemachine", "POST"],
    ["GET /auth/user/admin/+change_password", "POST"],
    ["POST /auth/group/__default__", "GET, HEAD, PATCH, DELETE"],
    ["GET /auth/group/__default__/+grant", "POST"],
    ["GET /auth/group/__default__/+revoke", "POST"],
    ["POST /auth/group/__default__/+members", "GET, HEAD"],
  ])("%s is answered with the methods there are", async (call_, allow) => {
    const [method = "", path = ""] = call_.split(" ");
    const answer = await ask(method, path);
    expect(is(answer)).toEqual([405, said(`Method Not Allowed : ${path}`)]);
    expect(answer.headers.get("allow")).toBe(allow);
  });

  it("is answered to HEAD where GET is", async () => {
    const { headers } = await somebody();
    const answer = await call("HEAD", "/auth/self", headers);
    expect([answer.status, answer.text]).toEqual([200, ""]);
  });
});

describe("an answer", () => {
  it("is JSON with a request id, never sniffed, never stored", async () => {
    const { headers } = await somebody();
    for (const answer of [await call("GET", "/auth/self", headers), await call("GET", "/auth/self/+roles", headers)]) {
      expect(answer.headers.get("content-type")).toBe("application/json");
      expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f]{32}$/);
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(answer.headers.get("cache-control")).toBe("no-store");
    }
  });

  it("links to PUBLIC_URL where it is set", async () => {
    const { headers } = await somebody();
    const { body } = await askWith({ PUBLIC_URL: "https://id.example/" }, "GET", "/auth/self", headers);
    expect(body.links[0]).toEqual({ rel: "self", href: "https://id.example/auth/self" });
  });

  it("to a fault tells the request id and nothing else", async () => {
    const fail = () => Promise.reject(new Error("SQLITE_ERROR: no such column"));
    const statement = { bind: () => statement, all: fail, run: fail, raw: fail, first: fail };
    const DB = { withSession: () => ({ prepare: () => statement, batch: fail, getBookmark: () => null }) };
    const { status, body, headers } = await askWith({ DB }, "GET", userPath(login()), {});
    expect([status, body]).toEqual([
      500,
      { ...said("Internal server error"), request_id: headers.get("x-request-id") },
    ]);
  });

  it("to a preflight needs no caller", async () => {
    const preflight = { Origin: "https://app.example", "Access-Control-Request-Method": "GET" };
    const { status, headers } = await askWith({ CORS_ORIGINS: "https://app.example" }, "OPTIONS", "/auth/self", {
      ...preflight,
      "Access-Control-Request-Headers": "Authorization,Content-Type,X-API-KEY",
    });
    expect([status, headers.get("access-control-allow-headers")]).toEqual([
      204,
      "Authorization,Content-Type,X-API-KEY",
    ]);
  });
});
