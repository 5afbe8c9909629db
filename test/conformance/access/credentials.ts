import { describe, expect, it } from "vitest";
import {
  ACCESS_KEY,
  basic,
  basicOf,
  callWith,
  expectIn,
  INVALID_DATA,
  is,
  PASSWORD,
  someone,
  UNAUTHORIZED,
} from "../../support/access-users.ts";
import {
  aStoredUser,
  asBearer,
  bearer,
  call,
  changeState,
  type Headers,
  rows,
  unique,
  xAuth,
} from "../../support/http.ts";
import { aJwt, anApiKey } from "../../support/keys.ts";

const me = (name: string, headers: Headers) => callWith({}, "GET", `/users/${encodeURIComponent(name)}`, headers);
const refused = [403, UNAUTHORIZED];
const authorized = (Authorization: string): Headers => ({ Authorization });

describe("a credential", () => {
  it("may be a session token, a JWT, an API key, or the access key and Basic", async () => {
    const { name, headers } = await someone();
    const [jwt, key] = [await aJwt(name), await anApiKey(name)];
    for (const each of [headers, bearer(jwt), { "X-API-KEY": key }, basic(name)]) expectIn(await me(name, each), name);
  });

  it("knows scheme words, header names and the name of Basic in any letter case", async () => {
    const { name, headers } = await someone();
    const token = headers["Authorization"]?.slice(7) ?? "";
    const login = basicOf(`${name.toUpperCase()}:${PASSWORD}`).slice(6);
    for (const scheme of ["bearer", "BEARER", "BeArEr"])
      expectIn(await me(name, authorized(`${scheme} ${token}`)), name);
    for (const scheme of ["basic", "BASIC"]) {
      expectIn(await me(name, { "API-KEY": ACCESS_KEY, ...authorized(`${scheme} ${login}`) }), name);
    }
  });

  it("of Basic is UTF-8 and split at the first colon", async () => {
    for (const password of ["a:b::c", ":", "pässwörd ☃ 🔑", " blanks ", "\u0001"]) {
      const name = unique("é");
      await aStoredUser(name, password);
      expectIn(await me(name, basic(name, password)), name);
    }
  });

  it("decides alone: the first that is there, good or bad", async () => {
    const [one, other] = [await someone(), await someone()];
    const key = await anApiKey(other.name);
    const dead = bearer("w".repeat(43));
    expectIn(await me(one.name, { ...one.headers, "X-API-KEY": key }), one.name);
    expectIn(await me(one.name, { ...one.headers, "X-API-KEY": "no-key" }), one.name);
    expectIn(await me(other.name, { ...basic(one.name), "X-API-KEY": key }), other.name);
    expect(is(await me(other.name, { ...dead, "X-API-KEY": key }))).toEqual(refused);
    expect(is(await me(one.name, { ...basic(one.name), "X-API-KEY": "no-key" }))).toEqual(refused);
    expect(is(await me(one.name, { ...basic(one.name), "X-API-KEY": "" }))).toEqual(refused);
  });

  it("that is unknown, expired, revoked, or of somebody who is not active is refused", async () => {
    const { id, name, headers } = await someone();
    const [jwt, key] = [await aJwt(name), await anApiKey(name)];
    const expired = await anApiKey(name, ["access"], Date.now() - 1);
    const forged = `${jwt.slice(0, -2)}${jwt.endsWith("AA") ? "BB" : "AA"}`;
    for (const each of ["w".repeat(43), crypto.randomUUID(), forged, "a.b.c", "", " ", "two words"]) {
      expect([each, ...is(await me(name, authorized(`Bearer ${each}`)))]).toEqual([each, ...refused]);
    }
    for (const each of [expired, `${key}0`, key.replace(".", ""), "."]) {
      expect([each, ...is(await me(name, { "X-API-KEY": each }))]).toEqual([each, ...refused]);
    }
    await rows("update users set state = 'inactive' where id = ? returning id", id);
    for (const each of [headers, bearer(jwt), { "X-API-KEY": key }, basic(name)]) {
      expect(is(await me(name, each))).toEqual(refused);
    }
  });

  it("is no X-Auth-Token, and no scheme JWT", async () => {
    const { name, headers } = await someone();
    const token = headers["Authorization"]?.slice(7) ?? "";
    expect(is(await me(name, xAuth(token)))).toEqual([400, INVALID_DATA]);
    expect(is(await me(name, { ...xAuth(token), "api-key": ACCESS_KEY }))).toEqual(refused);
    expect(is(await me(name, { ...authorized(`JWT ${await aJwt(name)}`), "api-key": ACCESS_KEY }))).toEqual(refused);
  });
});

describe("Basic", () => {
  it("without an access key is 400, with a wrong one 403, whatever stands behind", async () => {
    const { name } = await someone();
    const authorization = { Authorization: basicOf(`${name}:${PASSWORD}`) };
    for (const headers of [
      {},
      authorization,
      { ...authorization, "api-key": "" },
      { ...authorization, "api-key": " " },
      { "api-key": "" },
      authorized("Basic %"),
      authorized("Token x"),
    ]) {
      expect([headers, ...is(await me(name, headers))]).toEqual([headers, 400, INVALID_DATA]);
    }
    for (const key of ["wrong", `${ACCESS_KEY}x`, ACCESS_KEY.toUpperCase(), "a.b", `${ACCESS_KEY}, ${ACCESS_KEY}`]) {
      expect([key, ...is(await me(name, basic(name, PASSWORD, key)))]).toEqual([key, ...refused]);
    }
    expect(is(await me(name, { "api-key": "wrong" }))).toEqual(refused);
  });

  it.each<[string, (name: string) => string | undefined]>([
    ["no Authorization", () => undefined],
    ["an empty one", () => ""],
    ["the scheme alone", () => "Basic"],
    ["another scheme", (name) => basicOf(`${name}:${PASSWORD}`).replace("Basic", "Digest")],
    ["what is not base64", () => "Basic %%%"],
    ["base64 of what is not UTF-8", () => "Basic /////w=="],
    ["no colon", (name) => basicOf(name)],
    ["no name", () => basicOf(`:${PASSWORD}`)],
    ["no password", (name) => basicOf(`${name}:`)],
    ["a wrong password", (name) => basicOf(`${name}:another`)],
    ["a password in other letter case", (name) => basicOf(`${name}:${PASSWORD.toUpperCase()}`)],
    ["an over-long password", (name) => basicOf(`${name}:${"x".repeat(5000)}`)],
    ["an unknown name", (name) => basicOf(`${name}x:${PASSWORD}`)],
    ["a name that nobody can have", (name) => basicOf(`${name} x:${PASSWORD}`)],
    ["two values", (name) => `${basicOf(`${name}:${PASSWORD}`)}, ${basicOf(`${name}:${PASSWORD}`)}`],
  ])("is refused with %s", async (_, value) => {
    const { name } = await someone();
    const authorization = value(name);
    const answer = await me(name, {
      "api-key": ACCESS_KEY,
      ...(authorization !== undefined && authorized(authorization)),
    });
    expect(is(answer)).toEqual(refused);
    expect(answer.headers.get("www-authenticate")).toBeNull();
  });

  it("is refused to a user without a password", async () => {
    const name = unique("mute");
    await aStoredUser(name, PASSWORD, { password: null });
    for (const password of ["", "null", PASSWORD]) expect(is(await me(name, basic(name, password)))).toEqual(refused);
  });
});

describe("the door", () => {
  it("is opened by the key of somebody else, who does not become the caller", async () => {
    const [one, other] = [await someone(), await someone("ADMIN")];
    const key = await anApiKey(other.name, ["access"]);
    expectIn(await me(one.name, basic(one.name, PASSWORD, key)), one.name);
    expect(is(await me(other.name, basic(one.name, PASSWORD, key)))).toEqual(refused);
    expectIn(await me(other.name, basic(other.name, PASSWORD, await anApiKey(one.name))), other.name);
  });

  it("is closed by a key that is deleted, expired, without its secret, or of somebody who is not active", async () => {
    const [one, other] = [await someone(), await someone()];
    const key = await anApiKey(other.name);
    expectIn(await me(one.name, basic(one.name, PASSWORD, key)), one.name);
    for (const bad of [
      await anApiKey(other.name, ["access"], Date.now() - 1),
      key.split(".")[0] ?? "",
      `${key.slice(0, 33)}${"0".repeat(32)}`,
    ]) {
      expect(is(await me(one.name, basic(one.name, PASSWORD, bad)))).toEqual(refused);
    }
    await changeState(other.name, "deactivate");
    expect(is(await me(one.name, basic(one.name, PASSWORD, key)))).toEqual(refused);
    await changeState(other.name, "activate");
    expectIn(await me(one.name, basic(one.name, PASSWORD, key)), one.name);
    const [{ id }] = await rows("select id from api_keys where identity = ?", key.split(".")[0]);
    expect((await call("DELETE", `/auth/apikey/${id}`, { "X-API-KEY": await anApiKey(other.name) })).status).toBe(200);
    expect(is(await me(one.name, basic(one.name, PASSWORD, key)))).toEqual(refused);
  });

  it("beside another credential may be left out, and has to be right if it is there", async () => {
    const { name, headers } = await someone();
    const key = await anApiKey(name);
    for (const credential of [headers, { "X-API-KEY": key }]) {
      expectIn(await me(name, { ...credential, "api-key": ACCESS_KEY }), name);
      expectIn(await me(name, { ...credential, "api-key": key }), name);
      expect(is(await me(name, { ...credential, "api-key": "wrong" }))).toEqual(refused);
      expect(is(await me(name, { ...credential, "api-key": "" }))).toEqual(refused);
    }
  });
});

describe("the scopes of an API key", () => {
  it("hold in whichever header it came", async () => {
    const { name, headers } = await someone("ADMIN");
    const [all, reading, other] = [
      await anApiKey(name, ["access"]),
      await anApiKey(name, ["access:read"]),
      await anApiKey(name, ["pas", "management:read"]),
    ];
    const sent = (key: string): Headers[] => [
      { "X-API-KEY": key },
      basic(name, PASSWORD, key),
      { ...headers, "api-key": key },
    ];
    const made = { username: unique("made"), password: PASSWORD };
    for (const each of sent(other)) expect(is(await me(name, each))).toEqual(refused);
    for (const each of sent(reading)) {
      expect((await me(name, each)).status).toBe(200);
      expect((await callWith({}, "HEAD", "/users", each)).status).toBe(200);
      for (const [method, path] of [
        ["POST", "/users"],
        ["PUT", "/users"],
        ["PUT", `/users/${name}`],
        ["DELETE", `/users/${name}`],
      ] as const) {
        expect(is(await callWith({}, method, path, each, JSON.stringify(made)))).toEqual(refused);
      }
    }
    for (const each of sent(all)) {
      const body = JSON.stringify({ ...made, username: unique("made") });
      expect((await callWith({}, "POST", "/users", each, body)).status).toBe(200);
    }
  });
});

describe("every route", () => {
  it.each([
    ["GET", "/users"],
    ["POST", "/users"],
    ["PUT", "/users"],
    ["GET", "/users/x"],
    ["PUT", "/users/x"],
    ["DELETE", "/users/x"],
  ])("looks at credentials before everything else: %s %s", async (method, path) => {
    for (const [headers, wanted] of [
      [{}, [400, INVALID_DATA]],
      [basic(unique("nobody")), refused],
      [bearer("x"), refused],
    ] as const) {
      for (const body of method === "GET" ? [undefined] : ["{", "[]", '{"username":5}']) {
        const answer = await callWith({}, method, `${path}?page=x`, headers, body);
        expect(is(answer)).toEqual(wanted);
        expect(answer.headers.get("www-authenticate")).toBeNull();
        expect(answer.headers.get("cache-control")).toBe("no-store");
      }
    }
  });

  it("refuses in one body, to the byte", async () => {
    const { name, headers } = await someone();
    const texts = await Promise.all([
      me(name, basic(name, "wrong")),
      me(name, basic(unique("nobody"))),
      me(name, bearer("x")),
      me(name, { "X-API-KEY": "x" }),
      me(name, basic(name, PASSWORD, "wrong")),
      me("admin", headers),
      me("nobody-there", headers),
    ]);
    expect(new Set(texts.map(({ text }) => text))).toEqual(new Set([JSON.stringify(UNAUTHORIZED)]));
  });
});

describe("what a log-in ended", () => {
  it("is refused here at once", async () => {
    const { name, headers } = await someone();
    const jwt = bearer(await aJwt(name));
    expect((await call("PUT", `/users/${name}`, headers, { password: "next" })).status).toBe(200);
    for (const each of [headers, jwt, basic(name)]) expect(is(await me(name, each))).toEqual(refused);
    expectIn(await me(name, basic(name, "next")), name);
    expect((await call("GET", `/users/${name}`, await asBearer())).status).toBe(200);
  });
});
