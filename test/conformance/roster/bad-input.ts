import { describe, expect, it } from "vitest";
import { asBearer, call, unique } from "../../support/http.ts";
import { aName, BODY_BYTES_MAX, expectIssue, find, list, patch, register, remove, said, userPath } from "./support.ts";

const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

describe("a bad body", () => {
  it.each([
    "",
    " ",
    "{",
    '{"version":0',
    "{'version':0}",
    '{"version":0,}',
    '{"version":NaN}',
    "[]",
    '"x"',
    "5",
    "null",
    "true",
    "version=0",
    "\u0000",
    deep(100_000),
    `{"a":${deep(1000)}}`,
  ])("is refused as a whole: %.20j", async (body) => {
    const name = await aName();
    expect((await patch(name, body)).status).toBe(400);
    expect((await register(body)).status).toBe(400);
    if (!body.startsWith('{"a"')) {
      expectIssue(await patch(name, body), "body");
      expectIssue(await register(body), "body");
    }
    expect((await find(name)).body.version).toBe(0);
  });

  it("is refused when it is not UTF-8", async () => {
    const name = await aName();
    const bytes = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x30, 0x7d]);
    const { exports } = await import("cloudflare:workers");
    for (const [method, path] of [
      ["PATCH", userPath(name)],
      ["POST", "/user"],
    ] as const) {
      const request = new Request(`http://ostiary.test${path}`, { method, headers: await asBearer(), body: bytes });
      expect((await exports.default.fetch(request)).status).toBe(400);
    }
  });

  it("is refused as too large from 256 KiB and a byte on", async () => {
    const name = await aName();
    const sized = (bytes: number) => `{"extra":"${"x".repeat(bytes - 12)}"}`;
    expectIssue(await patch(name, sized(BODY_BYTES_MAX)), "extra");
    expectIssue(await register(sized(BODY_BYTES_MAX)), "extra");
    expectIssue(await remove(name, sized(BODY_BYTES_MAX)), "extra");
    for (const answer of [
      await patch(name, sized(BODY_BYTES_MAX + 1)),
      await register(sized(BODY_BYTES_MAX + 1)),
      await remove(name, sized(BODY_BYTES_MAX + 1)),
    ]) {
      expect([answer.status, answer.body]).toEqual([413, said("Payload too large")]);
    }
    expect((await find(name)).status).toBe(200);
  });

  it("is counted in bytes", async () => {
    expect((await register(`{"extra":"${"é".repeat(BODY_BYTES_MAX / 2)}"}`)).status).toBe(413);
  });

  it("is refused after the credential was", async () => {
    for (const body of ["{", "x".repeat(BODY_BYTES_MAX + 1)]) {
      expect((await call("POST", "/user", {}, body)).status).toBe(401);
      expect((await call("PATCH", "/user/admin", {}, body)).status).toBe(401);
      expect((await call("DELETE", "/user/admin", {}, body)).status).toBe(401);
    }
  });
});

describe("a body", () => {
  it.each(["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-8", "rubbish"])(
    "is read as JSON when it is said to be %s",
    async (type) => {
      const name = unique("typed");
      const headers = { ...(await asBearer()), "Content-Type": type };
      expect((await call("POST", "/user", headers, { name })).status).toBe(200);
      expect((await patch(name, { version: 0 }, { "Content-Type": type })).status).toBe(200);
      expect((await remove(name, { version: 1 }, { "Content-Type": type })).status).toBe(200);
    },
  );

  it.each<[string, unknown]>([
    ["huge", "x".repeat(200_000)],
    ["nested", JSON.parse(deep(60))],
    ["empty", ""],
    ["a list", []],
    ["an object", { $ne: null }],
    ["a lone surrogate", "\ud800"],
    ["NUL", "\u0000"],
  ])("with values that are %s is never a fault", async (_, value) => {
    const name = await aName();
    const before = (await find(name, "view=full")).text;
    for (const member of ["role", "email", "lastLoginTime", "version", "name", "creationTime", "state"]) {
      expectIssue(await patch(name, { version: 0, [member]: value }), member);
      expect((await register({ name: unique("no"), role: "USER", extra: value })).status).toBe(400);
    }
    for (const member of ["role", "email"]) {
      expectIssue(await register({ name: unique("no"), [member]: value }), member);
    }
    expect((await find(name, "view=full")).text).toBe(before);
  });

  it("with a lone surrogate as the password is no fault", async () => {
    const { status } = await register(`{"name":"${unique("half")}","password":"\\ud800"}`);
    expect([200, 400]).toContain(status);
  });
});

describe("a bad query", () => {
  it.each(["name=%00", "name=%FF", "name=%", "name=%ED%A0%80", "name=%25", "name=' OR 1=1 --", "name=\\"])(
    "is no fault: %s",
    async (query) => {
      const { status, body } = await list(query);
      expect([200, 400]).toContain(status);
      if (status === 400) expect(body).toEqual(said("Invalid name value"));
    },
  );

  it.each(["%00=1", "%FF=1", "%=1"])("with an unknown name is refused: %s", async (query) => {
    const { status, body } = await list(query);
    expect([status, body.message]).toEqual([400, expect.stringMatching(/^Unknown query parameter /)]);
  });

  it("may hold empty parts", async () => {
    expect((await list("&perPage=1&")).status).toBe(200);
  });
});
