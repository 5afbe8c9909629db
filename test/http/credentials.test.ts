import { describe, expect, it } from "vitest";
import { asAdmin, aUser, bearer, call, type Headers, rows, xAuth } from "../support/http.ts";
import { anIsolate } from "../support/isolates.ts";
import { aJwt, anApiKey, storedUser } from "../support/keys.ts";
import { stopTime, useRealTime } from "../support/time.ts";

const key = (value: string): Headers => ({ "X-API-KEY": value });

/** A call of each dialect that any user may make for himself, and how it refuses a token, and a key, that is no good. */
const CALLS = [
  { dialect: "management", path: (name: string) => `/user/${name}`, as: xAuth, refused: [403, 401] },
  { dialect: "roster", path: (name: string) => `/user/${name}`, as: bearer, refused: [401, 401] },
  { dialect: "workflow", path: () => "/v1/approvals", as: xAuth, refused: [401, 401] },
];

describe.each(CALLS)("$dialect", ({ path, as, refused }) => {
  it("takes a JWT, and an API key", async () => {
    const { name } = await aUser();
    expect((await call("GET", path(name), as(await aJwt(name)))).status).toBe(200);
    expect((await call("GET", path(name), key(await anApiKey(name)))).status).toBe(200);
  });

  it("refuses a JWT that is altered, another's, or of another algorithm", async () => {
    const { name } = await aUser();
    const [header = "", payload = "", signature = ""] = (await aJwt(name)).split(".");
    const none = btoa(JSON.stringify({ alg: "none", typ: "JWT", kid: "tests" })).replace(/=+$/, "");
    for (const jwt of [
      `${header}.${payload}.${signature.slice(0, -2)}AA`,
      `${header}.${btoa(JSON.stringify({ sub: (await storedUser("admin")).id }))}.${signature}`,
      `${none}.${payload}.${signature}`,
      `${none}.${payload}.`,
      "a.b.c",
    ]) {
      expect([jwt, (await call("GET", path(name), as(jwt))).status]).toEqual([jwt, refused[0]]);
    }
  });

  it("refuses both once their user is deactivated, and takes the key again afterwards, not the JWT", async () => {
    const { name } = await aUser();
    const [jwt, apiKey] = [await aJwt(name), await anApiKey(name)];
    await rows("update users set state = 'inactive' where name = ? returning id", name);
    expect((await call("GET", path(name), as(jwt))).status).toBe(refused[0]);
    expect((await call("GET", path(name), key(apiKey))).status).toBe(refused[1]);
    await rows("update users set state = 'active', auth_epoch = auth_epoch + 1 where name = ? returning id", name);
    expect((await call("GET", path(name), as(jwt))).status).toBe(refused[0]);
    expect((await call("GET", path(name), key(apiKey))).status).toBe(200);
  });

  it("refuses a JWT after a change of password, not a key; neither after deletion", async () => {
    const { name } = await aUser();
    const [jwt, apiKey] = [await aJwt(name), await anApiKey(name)];
    await call("PUT", "/user/password", await asAdmin(), { username: name, password: "another" });
    expect((await call("GET", path(name), as(jwt))).status).toBe(refused[0]);
    expect((await call("GET", path(name), key(apiKey))).status).toBe(200);
    await call("DELETE", `/user/${name}`, await asAdmin());
    expect((await call("GET", path(name), key(apiKey))).status).toBe(refused[1]);
  });

  it("refuses a key that has expired, or whose secret is wrong", async () => {
    const { name } = await aUser();
    const good = await anApiKey(name);
    for (const bad of [
      await anApiKey(name, undefined, Date.now() - 1),
      `${good.slice(0, -1)}x`,
      good.replace(".", ""),
    ]) {
      expect((await call("GET", path(name), key(bad))).status).toBe(refused[1]);
    }
  });
});

describe("the scopes of an API key", () => {
  it("open one dialect, or reading it", async () => {
    const { name } = await aUser();
    const [whole, reading, other] = [
      await anApiKey(name, ["workflow"]),
      await anApiKey(name, ["workflow:read"]),
      await anApiKey(name, ["pas", "roster:read"]),
    ];
    const refusal = { errors: ["The API key does not allow this call."] };
    expect((await call("GET", "/v1/approvals", key(whole))).status).toBe(200);
    expect((await call("GET", "/v1/approvals", key(reading))).status).toBe(200);
    expect((await call("HEAD", "/v1/approvals", key(reading))).status).toBe(200);
    expect((await call("POST", "/v1/openstack/users/email-update", key(whole), {})).status).toBe(400);
    const refused = await call("POST", "/v1/openstack/users/email-update", key(reading), {});
    expect([refused.status, refused.body]).toEqual([403, refusal]);
    for (const [method, path] of [
      ["GET", "/v1"],
      ["GET", "/v1/approvals"],
      ["POST", "/v1/openstack/sign-up"],
    ] as const) {
      const answer = await call(method, path, key(other));
      expect([path, answer.status, answer.body]).toEqual([path, 403, refusal]);
    }
    expect((await call("GET", `/user/${name}`, key(other))).status).toBe(200);
    expect((await call("POST", "/auth/bump", key(other))).status).toBe(401);
  });
});

describe("logging out", () => {
  it("ends the family of a JWT everywhere, and no other", async () => {
    const { name } = await aUser();
    const [one, other] = [await aJwt(name), await aJwt(name)];
    expect((await call("POST", "/auth/logout", bearer(one))).status).toBe(200);
    expect((await call("GET", "/v1/approvals", bearer(one))).status).toBe(401);
    expect((await call("GET", "/v1/approvals", bearer(other))).status).toBe(200);
  });

  it("is nothing for an API key", async () => {
    const { name } = await aUser();
    const apiKey = await anApiKey(name);
    const { status, body } = await call("POST", "/auth/logout", key(apiKey));
    expect([status, body]).toEqual([400, { message: "An API key cannot be logged out", success: false }]);
    expect((await call("GET", `/user/${name}`, key(apiKey))).status).toBe(200);
  });
});

it("the first use of a key is noted at once", async () => {
  const { name } = await aUser();
  const apiKey = await anApiKey(name);
  const used = async () =>
    (await rows("select last_used_at from api_keys where identity = ?", apiKey.split(".")[0]))[0];
  expect((await used()).last_used_at).toBeNull();
  await call("GET", "/v1/approvals", key(apiKey));
  expect((await used()).last_used_at).toEqual(expect.any(Number));
});

it("a use within a minute of the one that is noted writes nothing, a later one is noted", async () => {
  const { name } = await aUser();
  const apiKey = await anApiKey(name);
  const identity = apiKey.split(".")[0];
  const isolate = anIsolate();
  const usedAt = async (at: number) => {
    stopTime(at);
    await isolate.call("GET", "/v1/approvals", key(apiKey));
    return (await rows("select last_used_at from api_keys where identity = ?", identity))[0].last_used_at;
  };
  const first = Date.now();
  expect(await usedAt(first)).toBe(first);
  expect(await usedAt(first + 59_999)).toBe(first);
  expect(await usedAt(first + 60_000)).toBe(first + 60_000);
  useRealTime();
});
