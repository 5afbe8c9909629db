import { afterEach, describe, expect, it } from "vitest";
import { losesBefore } from "../support/faults.ts";
import { aStoredUser, asAdmin, asBearer, bearer, call, type Headers, rows, unique, xAuth } from "../support/http.ts";
import { anIsolate, type Isolate } from "../support/isolates.ts";
import { aJwt, anApiKey } from "../support/keys.ts";
import { aSession } from "../support/people.ts";
import { aSignedUpUser, mailedToken } from "../support/tasks.ts";
import { pass, stopTime, useRealTime } from "../support/time.ts";

afterEach(useRealTime);

/** What is wrong in itself, and told to those who are known: no store is asked but for who asks. */
const asks = async ({ call }: Isolate, headers: Headers) => (await call("GET", "/v1/tasks?filters=x", headers)).status;
const KNOWN = 400;
const UNKNOWN = 401;

async function anAdmin() {
  const [name, password] = [unique("known"), "a-password"];
  return { name, password, token: await aSession(await aStoredUser(name, password, { role: "ADMIN" })) };
}

/** Somebody, all of whose credentials an isolate has just seen. */
async function known(isolate: Isolate) {
  const person = await anAdmin();
  const { name, token } = person;
  const credentials: Headers[] = [xAuth(token), bearer(await aJwt(name)), { "X-API-KEY": await anApiKey(name) }];
  await asks(isolate, await asBearer());
  for (const headers of credentials) await asks(isolate, headers);
  isolate.asked();
  return { ...person, credentials };
}

const each = async (isolate: Isolate, credentials: Headers[]) => {
  const statuses = [];
  for (const headers of credentials) statuses.push(await asks(isolate, headers));
  return statuses;
};

describe("an isolate that knows a credential", () => {
  it("checks it without any store", async () => {
    const isolate = anIsolate();
    const { credentials } = await known(isolate);
    expect(await each(isolate, credentials)).toEqual([KNOWN, KNOWN, KNOWN]);
    expect(isolate.asked()).toEqual({ d1: 0, kv: 0 });
  });

  it("asks about it each time if SNAPSHOT_SECONDS is 0", async () => {
    const isolate = anIsolate({ SNAPSHOT_SECONDS: "0" });
    const { credentials } = await known(isolate);
    await each(isolate, credentials);
    expect(isolate.asked().d1).toBe(3);
  });

  it("reads once in the interval what has changed, however many ask", async () => {
    const isolate = anIsolate();
    const { credentials } = await known(isolate);
    stopTime();
    await each(isolate, credentials);
    isolate.asked();
    for (let second = 0; second < 10; second += 1) {
      await pass(1_000);
      expect(await each(isolate, [...credentials, ...credentials])).toEqual(Array(6).fill(KNOWN));
    }
    expect(isolate.asked()).toEqual({ d1: expect.toSatisfy((trips: number) => trips >= 2 && trips <= 4), kv: 0 });
  });

  it("knows to the millisecond when it ends", async () => {
    const isolate = anIsolate({ SESSION_TTL_SECONDS: "4" });
    const { name, password } = await anAdmin();
    stopTime();
    const { body } = await isolate.call("PUT", "/user/token", {}, { username: name, password });
    const headers = [xAuth(body.token), { "X-API-KEY": await anApiKey(name, ["workflow"], Date.now() + 4_000) }];
    for (const at of [0, 2_000, 1_999]) {
      await pass(at);
      expect(await each(isolate, headers)).toEqual([KNOWN, KNOWN]);
    }
    await pass(1);
    expect(await each(isolate, headers)).toEqual([UNKNOWN, UNKNOWN]);
  });

  const JWT_ENDS = [UNKNOWN, UNKNOWN, KNOWN];
  const ALL_END = [UNKNOWN, UNKNOWN, UNKNOWN];

  it.each<
    [
      string,
      (isolate: Isolate, person: { name: string; password: string; token: string }) => Promise<unknown>,
      number[],
    ]
  >([
    ["a log-out", ({ call }, { token }) => call("POST", "/auth/logout", bearer(token)), [UNKNOWN, KNOWN, KNOWN]],
    [
      "a change of password",
      async ({ call }, { name }) => call("PUT", "/user/password", await asAdmin(), { username: name, password: "new" }),
      JWT_ENDS,
    ],
    [
      "a deactivation",
      async ({ call }, { name }) =>
        call("POST", `/auth/user/${name}/+statemachine`, await asBearer(), { transition: "deactivate" }),
      ALL_END,
    ],
    ["a deletion", async ({ call }, { name }) => call("DELETE", `/user/${name}`, await asAdmin()), ALL_END],
  ])(
    "refuses it at once after %s through it, and within SNAPSHOT_SECONDS after one elsewhere",
    async (_, end, ends) => {
      const [here, there] = [anIsolate(), anIsolate()];
      const [one, other] = [await known(here), await known(here)];
      expect(await end(here, one)).toMatchObject({ status: 200 });
      expect(await each(here, one.credentials)).toEqual(ends);
      await each(here, other.credentials);
      stopTime();
      expect(await end(there, other)).toMatchObject({ status: 200 });
      await pass(5_000);
      expect(await each(here, other.credentials)).toEqual(ends);
    },
  );

  it("refuses at once a key that was deleted through it", async () => {
    const isolate = anIsolate();
    const { name, credentials } = await known(isolate);
    const [{ id }] = await rows("select k.id from api_keys k join users u on u.id = k.user_id where u.name = ?", name);
    expect((await isolate.call("DELETE", `/auth/apikey/${id}`, credentials[1])).status).toBe(200);
    expect(await each(isolate, credentials)).toEqual([KNOWN, KNOWN, UNKNOWN]);
  });

  it("refuses it at once after a task that was finished through it has changed the password", async () => {
    const isolate = anIsolate();
    const { email } = await aSignedUpUser();
    const { body } = await isolate.call("PUT", "/user/token", {}, { username: email, password: "a-password" });
    await call("POST", "/v1/actions/ResetPassword", {}, { email });
    const token = await mailedToken(email);
    expect((await isolate.call("GET", "/auth/self", bearer(body.token))).status).toBe(200);
    expect((await isolate.call("POST", `/v1/tokens/${token}`, {}, { password: "another" })).status).toBe(200);
    expect((await isolate.call("GET", "/auth/self", bearer(body.token))).status).toBe(404);
  });

  it("does not keep what it read before a change that it hears of before", async () => {
    const isolate = anIsolate();
    const { token } = await known(isolate);
    const person = await anAdmin();
    const { promise: open, resolve } = Promise.withResolvers<void>();
    let isHeld = false;
    isolate.meets(async (call) => {
      if (isHeld) return call();
      isHeld = true;
      const answer = await call();
      await open;
      return answer;
    });
    const look = asks(isolate, xAuth(person.token));
    await expect.poll(() => isHeld).toBe(true);
    expect((await isolate.call("POST", "/auth/logout", bearer(person.token))).status).toBe(200);
    resolve();
    expect(await look).toBe(KNOWN);
    expect(await asks(isolate, xAuth(person.token))).toBe(UNKNOWN);
    expect(await asks(isolate, xAuth(token))).toBe(KNOWN);
  });
});

describe("while D1 cannot be reached", () => {
  it("an isolate goes on with what it knows for SNAPSHOT_MAX_SECONDS, and no longer", async () => {
    const isolate = anIsolate();
    const { credentials } = await known(isolate);
    stopTime();
    await each(isolate, credentials);
    isolate.meets(losesBefore());
    for (const seconds of [1, 5, 30, 20]) {
      await pass(seconds * 1_000);
      expect(await each(isolate, credentials)).toEqual([KNOWN, KNOWN, KNOWN]);
    }
    await pass(10_000);
    expect(await each(isolate, credentials)).toEqual([503, 503, 503]);
    isolate.meets(undefined);
    expect(await each(isolate, credentials)).toEqual([KNOWN, KNOWN, KNOWN]);
  });

  it("an isolate knows nobody after a change through it of which it heard nothing", async () => {
    const isolate = anIsolate();
    const { token, credentials } = await known(isolate);
    isolate.meets(losesBefore());
    expect((await isolate.call("POST", "/auth/logout", bearer(token))).status).toBe(503);
    expect(await each(isolate, credentials)).toEqual([503, 503, 503]);
  });
});

describe("a client that brings the bookmark of what it wrote elsewhere", () => {
  it("is answered from that state at once", async () => {
    const [here, there] = [anIsolate(), anIsolate()];
    const { token, credentials } = await known(here);
    await here.call("GET", "/auth/self", credentials[1]);
    const email = `${unique("new")}@example.org`;
    const written = await there.call("PATCH", "/auth/self", credentials[1], { email });
    const bookmark = written.headers.get("x-d1-bookmark") ?? "";
    const seen = await here.call("GET", "/auth/self", { ...bearer(token), "X-D1-Bookmark": bookmark });
    expect([written.status, seen.status, seen.body.data.email]).toEqual([200, 200, email]);
    expect((seen.headers.get("x-d1-bookmark") ?? "") >= bookmark).toBe(true);
  });
});
