import { describe, expect, it } from "vitest";
import { ask, callWith, INVALID_DATA, is, PASSWORD, someone } from "../../support/access-users.ts";
import { asBearer, call, unique } from "../../support/http.ts";

const NO_PATH = "The requested URL was not found on the server.";
const NO_METHOD = "The method is not allowed for the requested URL.";

describe("every answer", () => {
  it.each([
    ["GET", "/users", 200],
    ["GET", "/users/admin", 200],
    ["GET", "/users/nobody-there", 404],
    ["POST", "/users", 400],
    ["PUT", "/users", 400],
    ["PUT", "/users/nobody-there", 404],
    ["DELETE", "/users/nobody-there", 404],
    ["GET", "/users/a/b/c/d/e/f/g", 404],
    ["PATCH", "/users", 405],
  ])("is JSON that nobody keeps: %s %s", async (method, path, status) => {
    const answer = await ask(method, path, method === "GET" ? undefined : "{");
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f]{32}$/);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    if (status !== 200) expect(answer.text).toMatch(/^"[^"]+"$/);
  });

  it("is a bare string when it is a message", async () => {
    const name = unique("bare");
    expect((await ask("POST", "/users", { username: name, password: "x" })).text).toBe(
      `"User ${name} succesfully created."`,
    );
    expect((await ask("PUT", "/users", { username: name })).text).toBe(`"User ${name} succesfully activated"`);
    expect((await ask("PUT", `/users/${name}`, { password: "y" })).text).toBe(
      `"succesfully changed password for user ${name}"`,
    );
  });
});

describe("a path", () => {
  it("may end in a slash, without redirect", async () => {
    const name = unique("slash");
    expect((await ask("POST", "/users/", { username: name, password: "x" })).status).toBe(200);
    for (const [method, path, body] of [
      ["GET", "/users/", undefined],
      ["PUT", "/users/", { username: name }],
      ["GET", `/users/${name}/`, undefined],
      ["PUT", `/users/${name}/`, { password: "y" }],
      ["DELETE", `/users/${name}/`, undefined],
    ] as const) {
      expect([method, path, (await ask(method, path, body)).status]).toEqual([method, path, 200]);
    }
  });

  it("that is unknown is 404, and a method that is not served 405, both without a credential", async () => {
    for (const path of [
      "/users//",
      "/users/a//",
      "/users/a/b/c/d/e/f",
      "/users/a/nothing",
      "/tengu/controllers/a/b/c/d/e/f",
    ]) {
      for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH"]) {
        expect([path, ...is(await call(method, path))]).toEqual([path, 404, NO_PATH]);
      }
    }
    for (const [path, methods, allow] of [
      ["/users", ["DELETE", "PATCH"], "GET, HEAD, POST, PUT"],
      ["/users/x", ["POST", "PATCH"], "GET, HEAD, PUT, DELETE"],
    ] as const) {
      for (const method of methods) {
        const answer = await call(method, path);
        expect([...is(answer), answer.headers.get("allow")]).toEqual([405, NO_METHOD, allow]);
      }
    }
  });

  it("is served to HEAD as to GET, without a body", async () => {
    const { name, headers } = await someone();
    for (const path of ["/users", `/users/${name}`, "/users/nobody-there", "/users/a/b/c/d/e/f"]) {
      for (const each of [headers, await asBearer(), {}]) {
        const [get, head] = [await call("GET", path, each), await call("HEAD", path, each)];
        expect([path, head.status, head.text]).toEqual([path, get.status, ""]);
        expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"));
      }
    }
  });
});

describe("what is sent", () => {
  it.each(["text/plain", "application/x-www-form-urlencoded", "application/xml", "rubbish"])(
    "is read as JSON when it is said to be %s",
    async (type) => {
      const [headers, username] = [{ ...(await asBearer()), "Content-Type": type }, unique("typed")];
      expect((await call("POST", "/users", headers, { username, password: PASSWORD })).status).toBe(200);
      expect((await call("PUT", "/users", headers, { username })).status).toBe(200);
      expect((await call("PUT", `/users/${username}`, headers, { password: "x" })).status).toBe(200);
    },
  );

  it("may hold members and query parameters that nobody knows", async () => {
    const username = unique("more");
    const more = { a: null, b: [1], c: { d: {} }, "": "", Username: "x", controllers: "x" };
    expect((await ask("POST", "/users?a=b&page=x&username=y", { username, password: PASSWORD, ...more })).status).toBe(
      200,
    );
    expect((await ask("PUT", "/users?a", { username, ...more })).status).toBe(200);
    expect((await ask("GET", `/users/${username}?page=x&a=b&a=c&%ff`)).status).toBe(200);
    expect((await ask("GET", "/users?a=b&%ff=%ff")).status).toBe(200);
  });

  it("counts by its last when a member is there twice", async () => {
    const [one, other] = [unique("one"), unique("other")];
    const body = `{"username":5,"username":"${one}","password":"","username":"${other}","password":"x"}`;
    expect(is(await ask("POST", "/users", body))).toEqual([200, `User ${other} succesfully created.`]);
    expect((await ask("GET", `/users/${one}`)).status).toBe(404);
  });

  it("is data when it is called __proto__ or constructor", async () => {
    const username = unique("proto");
    const body = (rest: string) =>
      `{"__proto__":{"username":"${username}","password":"x","role":"ADMIN"},"constructor":{"prototype":{"role":"ADMIN"}}${rest}}`;
    expect(is(await ask("POST", "/users", body("")))).toEqual([400, INVALID_DATA]);
    expect((await ask("POST", "/users", body(`,"username":"${username}","password":"x"`))).status).toBe(200);
    expect(
      (await ask("GET", `/users/${username}`)).body.controllers.every(
        ({ access }: { access: string }) => access === "login",
      ),
    ).toBe(true);
  });

  it("with a GET or DELETE is not looked at", async () => {
    const { name } = await someone();
    for (const body of ["{", "x".repeat(300_000)]) {
      const { name: gone } = await someone();
      expect((await ask("DELETE", `/users/${gone}`, body)).status).toBe(200);
    }
    expect((await callWith({}, "GET", `/users/${name}`, await asBearer())).status).toBe(200);
  });
});

describe("OPTIONS", () => {
  it.each(["/users", "/users/mira", "/users/%00", "/users/a/b/c/d/e", "/tengu/controllers/x/y/z/q"])(
    "is never a fault: %s",
    async (path) => {
      const { status, headers } = await call("OPTIONS", path, {
        Origin: "https://a.example",
        "Access-Control-Request-Method": "PUT",
      });
      expect(status).toBeLessThan(500);
      expect(headers.get("access-control-allow-origin")).toBeNull();
    },
  );
});
