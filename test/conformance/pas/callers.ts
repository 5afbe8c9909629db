import { describe, expect, it } from "vitest";
import { asBearer, call, unique, xAuth } from "../../support/http.ts";
import { absent, aGroup, ask, denied, groupPath, is, PASSWORD, somebody, userPath } from "./support.ts";

const KEY = "1".repeat(32);

async function aKey(headers: Record<string, string>): Promise<string> {
  const { body } = await call("POST", "/auth/apikey", headers, { password: PASSWORD, label: null });
  return `/auth/apikey/${body.data.uuid}`;
}

describe("a caller", () => {
  it.each([
    ["X-API-KEY", ""],
    ["X-API-KEY", "nodot"],
    ["x-api-key", `${KEY}.${KEY}.${KEY}`],
    ["X-API-Key", `${KEY}.${KEY}`],
    ["X-API-KEY", "x".repeat(10_000)],
  ])("is known by Authorization when %s is %.40j", async (header, value) => {
    const { headers } = await somebody();
    expect((await call("GET", "/auth/self", { ...headers, [header]: value })).status).toBe(200);
  });

  it.each(["", "Bearer", "Bearer x", `Bearer ${"w".repeat(43)}`, "Basic YTpi", "JWT a.b.c", "Token x", "JWT"])(
    "who shows %j is nobody",
    async (authorization) => {
      const { name } = await somebody();
      const headers = { Authorization: authorization };
      expect(is(await call("GET", "/auth/self", headers))).toEqual(absent("/auth/self"));
      expect(is(await call("GET", userPath(name), headers))).toEqual(denied(userPath(name)));
    },
  );

  it("names the scheme in any letter case, and a session token only as Bearer", async () => {
    const { token } = await somebody();
    for (const scheme of ["Bearer", "bearer", "BEARER"]) {
      expect((await call("GET", "/auth/self", { Authorization: `${scheme} ${token}` })).status).toBe(200);
    }
    expect((await call("GET", "/auth/self", { Authorization: `JWT ${token}` })).status).toBe(404);
    expect((await call("GET", "/auth/self", xAuth(token))).status).toBe(404);
  });

  it("is told no 401 and no WWW-Authenticate", async () => {
    const answer = await call("GET", "/auth/user/admin", {});
    expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([403, null]);
  });
});

describe("the levels", () => {
  it.each(["GET", "PATCH", "DELETE", "GET +roles", "POST +statemachine"])(
    "let %s of a user to himself and administrators",
    async (call_) => {
      const [method = "", view = ""] = call_.split(" ");
      const [owner, other] = [await somebody(), await somebody()];
      const path = userPath(owner.name, view && `/${view}`);
      const body = { transition: "deactivate" };
      const sent = method === "PATCH" ? {} : method === "POST" ? body : undefined;
      for (const headers of [{}, other.headers]) {
        expect(is(await call(method, path, headers, sent))).toEqual(denied(path));
      }
      expect((await call(method, path, owner.headers, sent)).status).toBe(200);
      const again = userPath((await somebody()).name, view && `/${view}`);
      expect((await ask(method, again, sent)).status).toBe(200);
    },
  );

  it("let nobody but administrators set the password of a user by his name", async () => {
    const { name, headers } = await somebody();
    const path = userPath(name, "/+change_password");
    for (const each of [{}, headers]) expect(is(await call("POST", path, each, {}))).toEqual(denied(path));
  });

  it.each(["POST", "GET x", "PATCH x", "DELETE x", "GET x +members", "POST x +grant", "POST x +revoke"])(
    "let %s of groups to administrators, members or not",
    async (call_) => {
      const [method = "", item, view] = call_.split(" ");
      const { name, headers } = await somebody();
      const group = await aGroup();
      await ask("POST", groupPath(group, "/+grant"), {
        mapping: [{ user: { username: name }, roles: ["administrator"] }],
      });
      const path = item ? groupPath(group, view && `/${view}`) : "/auth/group";
      const sent = method === "GET" || method === "DELETE" ? undefined : {};
      for (const each of [{}, headers]) expect(is(await call(method, path, each, sent))).toEqual(denied(path));
    },
  );

  it("let keys to their owners and administrators, and the making of one to every user", async () => {
    const [owner, other] = [await somebody(), await somebody()];
    expect(is(await call("POST", "/auth/apikey", {}, {}))).toEqual(denied("/auth/apikey"));
    const path = await aKey(owner.headers);
    for (const method of ["GET", "DELETE"]) {
      for (const headers of [{}, other.headers]) expect(is(await call(method, path, headers))).toEqual(denied(path));
    }
    expect((await ask("GET", path)).status).toBe(200);
    expect((await call("DELETE", path, owner.headers)).status).toBe(200);
    expect((await ask("DELETE", await aKey(owner.headers))).status).toBe(200);
  });

  it("are read at every request", async () => {
    const { name, headers } = await somebody();
    const mapping = [{ user: { username: name }, roles: ["administrator"] }];
    await ask("POST", "/auth/group/__default__/+grant", { mapping });
    expect((await call("GET", "/auth/user/admin", headers)).status).toBe(200);
    await ask("POST", "/auth/group/__default__/+revoke", { mapping });
    expect((await call("GET", "/auth/user/admin", headers)).status).toBe(403);
    await ask("POST", userPath(name, "/+statemachine"), { transition: "deactivate" });
    expect((await call("GET", "/auth/self", headers)).status).toBe(404);
  });
});

describe("the order of checks", () => {
  it("tells of a thing that is not there before a method, a method before a right, a right before a body", async () => {
    const { name, headers } = await somebody();
    const nobody = userPath(unique("nobody"));
    for (const each of [{}, headers, await asBearer()]) {
      expect(is(await call("PUT", nobody, each, "{"))).toEqual(absent(nobody));
      expect(is(await call("PUT", "/auth/group/nowhere", each))).toEqual(absent("/auth/group/nowhere"));
      expect((await call("PUT", userPath(name), each, "{")).status).toBe(405);
      expect((await call("PUT", "/auth/group/__default__", each)).status).toBe(405);
    }
    for (const body of ["{", "x".repeat(300_000)]) {
      expect((await call("PATCH", userPath(name), {}, body)).status).toBe(403);
      expect((await call("POST", "/auth/user/+register", {}, body)).status).toBe(403);
    }
    expect((await call("PATCH", userPath(name), headers, "x".repeat(300_000))).status).toBe(413);
  });

  it.each([
    "GET",
    "PATCH",
    "DELETE",
    "PUT",
    "POST",
    "GET +roles",
    "POST +roles",
    "PUT +statemachine",
    "GET +change_password",
  ])("knows no %s /auth/self without a caller", async (call_) => {
    const [method = "", view] = call_.split(" ");
    const path = view ? `/auth/self/${view}` : "/auth/self";
    expect(is(await call(method, path, {}))).toEqual(absent(path));
  });

  it("looks at the form of a key's uuid before the method, whoever asks", async () => {
    for (const headers of [{}, await asBearer()]) {
      for (const method of ["GET", "DELETE", "PATCH", "PUT", "POST"]) {
        const answer = await call(method, "/auth/apikey/xyz", headers);
        expect(is(answer)).toEqual([422, { status: "error", message: "Invalid uuid 'xyz'" }]);
        expect((await call(method, `/auth/apikey/${KEY}`, headers)).status).toBe(404);
        expect((await call(method, "/auth/apikey/+nope", headers)).status).toBe(404);
      }
    }
  });
});
