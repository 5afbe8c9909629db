import { describe, expect, it } from "vitest";
import { ask, callWith, INVALID_DATA, is, PASSWORD, someone } from "../../support/access-users.ts";
import { asBearer, call, rows, unique } from "../../support/http.ts";

const TOO_LARGE = "The request is too large.";
const BODY_BYTES_MAX = 256 * 1024;

const routes = async () => {
  const { name } = await someone();
  return [
    ["POST", "/users"],
    ["PUT", "/users"],
    ["PUT", `/users/${name}`],
  ] as const;
};
const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

describe("a bad body", () => {
  it.each([
    "",
    " ",
    "{",
    '{"username":"a"',
    "{'username':'a'}",
    '{"username":"a",}',
    '{"username":NaN}',
    "[]",
    '["username"]',
    '"x"',
    "5",
    "null",
    "true",
    "username=a",
    "\u0000",
    deep(100_000),
    `{"a":${deep(64)}}`,
  ])("is refused as a whole: %.20j", async (body) => {
    const before = await rows("select count(*) as n, sum(auth_epoch) as epochs from users");
    for (const [method, path] of await routes()) {
      expect([method, path, ...is(await ask(method, path, body))]).toEqual([method, path, 400, INVALID_DATA]);
    }
    const [{ n, epochs }] = await rows("select count(*) as n, sum(auth_epoch) as epochs from users");
    expect([n, epochs]).toEqual([before[0].n + 1, before[0].epochs]);
  });

  it("may be nested in 64 levels", async () => {
    const username = unique("deep");
    const body = `{"username":"${username}","password":"x","a":${deep(63)}}`;
    expect((await ask("POST", "/users", body)).status).toBe(200);
  });

  it("is refused when it is not UTF-8", async () => {
    const bytes = new Uint8Array([
      ...new TextEncoder().encode('{"username":"a'),
      0xff,
      ...new TextEncoder().encode('"}'),
    ]);
    for (const [method, path] of await routes()) {
      expect(is(await callWith({}, method, path, await asBearer(), bytes))).toEqual([400, INVALID_DATA]);
    }
  });

  it("is too large from 256 KiB and a byte on, counted in bytes", async () => {
    const sized = (bytes: number) =>
      `{"username":"${unique("big")}","password":"x","a":"`.padEnd(bytes - 2, "x").concat('"}');
    expect((await ask("POST", "/users", sized(BODY_BYTES_MAX))).status).toBe(200);
    for (const [method, path] of await routes()) {
      expect(is(await ask(method, path, sized(BODY_BYTES_MAX + 1)))).toEqual([413, TOO_LARGE]);
      expect(is(await ask(method, path, `{"a":"${"é".repeat(BODY_BYTES_MAX / 2)}"}`))).toEqual([413, TOO_LARGE]);
    }
  });

  it("comes after who may and who is meant, where a path names somebody", async () => {
    const { headers, name } = await someone();
    expect((await call("PUT", "/users/admin", headers, "{")).status).toBe(403);
    expect((await ask("PUT", "/users/nobody-there", "{")).status).toBe(404);
    expect((await call("PUT", `/users/${name}`, headers, "{")).status).toBe(400);
  });
});

describe("odd input", () => {
  it("is never a fault", async () => {
    const odd = [
      "\u0000",
      "\ud800",
      "💥",
      "' or 1=1 --",
      "%s%n",
      "../..",
      "x".repeat(100_000),
      -0,
      1e308,
      [],
      {},
      [[]],
      null,
      false,
    ];
    for (const value of odd) {
      for (const [method, path] of await routes()) {
        const body = { username: value, password: value };
        expect([value, (await ask(method, path, body)).status < 500]).toEqual([value, true]);
      }
      const name = encodeURIComponent(typeof value === "string" && value.isWellFormed() ? value : PASSWORD).slice(
        0,
        2000,
      );
      for (const method of ["GET", "PUT", "DELETE"]) {
        expect([value, (await ask(method, `/users/${name}?page=${name}&perPage=${name}`)).status < 500]).toEqual([
          value,
          true,
        ]);
      }
    }
    for (const query of ["?", "?page", "?perPage&page", "?page[]=1", "?%ff", "?page=%ff", "?page=%00", "?page=１"]) {
      expect([query, (await ask("GET", `/users${query}`)).status < 500]).toEqual([query, true]);
    }
  });
});
