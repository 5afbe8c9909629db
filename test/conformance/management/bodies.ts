import { describe, expect, it } from "vitest";
import { asAdmin, call, type Headers, unique, xAuth } from "../../support/http.ts";
import {
  added,
  aHolder,
  expectOk,
  expectRefusal,
  granted,
  permissionsOf,
  send,
  sendInPieces,
  show,
} from "./support.ts";

/** Calls with a body, and what they say to an empty object. */
const WITH_BODY = [
  ["PUT", "/user/token", "Username and password required"],
  ["POST", "/user/add", "Missing username"],
  ["PUT", "/user/password", "Missing username"],
  ["PUT", "/user/permission", "Missing username"],
  ["DELETE", "/user/permission", "Missing username"],
  ["POST", "/worker", "Missing target"],
  ["POST", "/worker/1/lease", "Missing max"],
  ["POST", "/job", "Missing name"],
  ["POST", "/task/1/status", "Missing worker"],
] as const;
const LIMIT = 256 * 1024;
const MALFORMED = "Invalid JSON document";
const TOO_LARGE = "Request body too large";

/** A body of so many bytes, blank at its end. */
const sized = (body: unknown, bytes: number) => JSON.stringify(body).padEnd(bytes, " ");
/** An object of so many levels, itself being the first. */
const nested = (levels: number, member = "extra") => `{"${member}":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
const withMember = (body: object, json: string) => `${JSON.stringify(body).slice(0, -1)},${json.slice(1)}`;

describe.each(WITH_BODY)("the body of %s %s", (method, path, missing) => {
  const sent = async (body?: string, headers: Headers = {}) =>
    call(method, path, { ...(await asAdmin()), ...headers }, body);

  it("has to be there", async () => {
    expectRefusal(await sent(), 400, MALFORMED);
    expectRefusal(await sent(""), 400, MALFORMED);
    expectRefusal(await sent("", { "Content-Type": "application/json" }), 400, MALFORMED);
  });

  it.each([
    " ",
    "x",
    "{",
    "{}}",
    "{'username':'a'}",
    '{"username":True}',
    "{,}",
    "username=a&password=b",
    "\u0000",
    "NaN",
    '{"username":"a" "password":"b"}',
  ])("has to be JSON, which %j is not", async (body) => {
    expectRefusal(await sent(body), 400, MALFORMED);
  });

  it.each(["[]", '[{"username":"a","password":"b"}]', "null", "true", "5", '"text"'])(
    "has to be an object, which %s is not",
    async (body) => {
      expectRefusal(await sent(body), 400, MALFORMED);
    },
  );

  it("has to be UTF-8", async () => {
    const headers = await asAdmin();
    const latin = Uint8Array.from('{"username":"caf\u00e9","password":"x"}', (letter) => letter.charCodeAt(0));
    const utf16 = Uint8Array.from([...'{"username":"u"}'].flatMap((letter) => [letter.charCodeAt(0), 0]));
    const surrogate = new Uint8Array([...new TextEncoder().encode('{"username":"'), 0xed, 0xa0, 0x80, 0x22, 0x7d]);
    for (const bytes of [latin, utf16, surrogate, new Uint8Array([0xff, 0xfe])]) {
      expectRefusal(await send(method, path, headers, bytes), 400, MALFORMED);
    }
  });

  it("may not be deeper than 64 levels", async () => {
    for (const levels of [65, 66, 1000, 100_000]) expectRefusal(await sent(nested(levels)), 400, MALFORMED);
    const objects = `${'{"a":'.repeat(65)}1${"}".repeat(65)}`;
    expectRefusal(await sent(objects), 400, MALFORMED);
    expect((await sent(nested(64))).body.message).not.toBe(MALFORMED);
    expectRefusal(await sent(withMember({ username: "u" }, nested(65))), 400, MALFORMED);
  });

  it("may not be longer than 256 KiB, whether its length is declared or not", async () => {
    const headers = await asAdmin();
    for (const body of [sized({}, LIMIT + 1), "x".repeat(LIMIT + 1), sized({}, 4 * LIMIT)]) {
      expectRefusal(await sent(body), 413, TOO_LARGE);
      expectRefusal(await sendInPieces(method, path, headers, body), 413, TOO_LARGE);
    }
  });

  it("may be of 256 KiB to the byte", async () => {
    const headers = await asAdmin();
    expectRefusal(await sent(sized({}, LIMIT)), 400, missing);
    expectRefusal(await sendInPieces(method, path, headers, sized({}, LIMIT)), 400, missing);
  });

  it("is counted in bytes", async () => {
    expectRefusal(await sent(JSON.stringify({ extra: "€".repeat(LIMIT / 3) })), 413, TOO_LARGE);
  });

  it("takes members of prototypes for no field", async () => {
    const hidden = '{"__proto__":{"username":"u","password":"p","permission":"a"},"constructor":{"username":"u"}}';
    expectRefusal(await sent(hidden), 400, missing);
  });

  it("is read after the credential and the right", async () => {
    const bodies = ["not JSON", "x".repeat(LIMIT + 1)];
    if (path === "/user/token") return;
    const { headers } = await aHolder();
    for (const body of bodies) {
      expectRefusal(await call(method, path, {}, body), 400, "Missing API Token");
      expectRefusal(await call(method, path, xAuth("bad"), body), 403, "Invalid API Token");
      const answer = await call(method, path, headers, body);
      if (path !== "/user/password") expectRefusal(answer, 403, "Invalid user permissions");
      else if (body === "not JSON") expectRefusal(answer, 400, MALFORMED);
      else expectRefusal(answer, 413, TOO_LARGE);
    }
  });
});

describe("bodies", () => {
  it.each([
    "application/json",
    "application/json; charset=latin1",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "image/png",
    "nonsense",
  ])("are JSON also when Content-Type says %s", async (type) => {
    const name = unique("user");
    const headers = { ...(await asAdmin()), "Content-Type": type };
    const granted = { username: name, permission: "billing" };
    expect((await call("POST", "/user/add", headers, { username: name, password: "x" })).body.identity).toBe(true);
    expectOk(await call("PUT", "/user/permission", headers, granted), granted);
    expectOk(await call("DELETE", "/user/permission", headers, granted), granted);
    expect((await call("PUT", "/user/token", { "Content-Type": type }, { username: name, password: "x" })).status).toBe(
      200,
    );
  });

  it("are JSON also without a Content-Type", async () => {
    const name = unique("user");
    const bytes = new TextEncoder().encode(JSON.stringify({ username: name, password: "x" }));
    expect((await send("POST", "/user/add", await asAdmin(), bytes)).body.identity).toBe(true);
  });

  it("may hold fields that nobody knows", async () => {
    const name = unique("user");
    const body = {
      username: name,
      password: "x",
      role: "ADMIN",
      permissions: ["*"],
      extra: { deep: [1] },
      constructor: 1,
    };
    const json = withMember(body, '{"__proto__":{"role":"ADMIN"}}');
    expectOk(await call("POST", "/user/add", await asAdmin(), json), {
      [name]: true,
      identity: true,
      assignment: true,
    });
    expectOk(await show(name), { username: name, permissions: [] });
  });

  it("of 64 levels and 256 KiB do what they say", async () => {
    const name = unique("user");
    const json = withMember({ username: name, password: "x" }, nested(64)).padEnd(LIMIT, " ");
    expect((await sendInPieces("POST", "/user/add", await asAdmin(), json)).body.identity).toBe(true);
  });

  it("that are refused change nothing", async () => {
    const name = await added();
    await granted(name, "a", "b");
    const body = { username: name, permission: "a" };
    const answers = [
      await call("DELETE", "/user/permission", await asAdmin(), sized(body, LIMIT + 1)),
      await call("DELETE", "/user/permission", await asAdmin(), withMember(body, nested(65))),
      await call("DELETE", "/user/permission", await asAdmin(), [body]),
      await call("PUT", "/user/permission", await asAdmin(), sized({ ...body, permission: "c" }, LIMIT + 1)),
    ];
    expect(answers.map(({ status }) => status)).toEqual([413, 400, 400, 413]);
    expect(await permissionsOf(name)).toEqual(["a", "b"]);
  });
});
