import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";
import { digest } from "../../src/core/secrets.ts";
import { servedWith } from "../support/deployment.ts";
import { brokenKv, silentKv } from "../support/faults.ts";
import { ADMIN, aStoredUser, asAdmin, asBearer, aUser, call, rows, tokenFor, xAuth } from "../support/http.ts";
import { aJwt, anApiKey } from "../support/keys.ts";
import { anApprovedSignUp, submit } from "../support/tasks.ts";
import { stopTime, useRealTime } from "../support/time.ts";

/** The same as `call`, with a KV that throws every time. */
const callWithoutKv = servedWith({ TOKENS: brokenKv });

describe("with a KV that throws all the time", () => {
  it("people log in, use their tokens and log out", async () => {
    const { status, body } = await callWithoutKv("PUT", "/user/token", {}, ADMIN);
    expect(status).toBe(200);
    const bearer = { Authorization: `Bearer ${body.token}` };
    expect((await callWithoutKv("GET", "/user/admin", bearer)).status).toBe(200);
    expect((await callWithoutKv("POST", "/auth/logout", bearer)).status).toBe(200);
    expect((await callWithoutKv("GET", "/user/admin", bearer)).status).toBe(401);
  });

  it("a token that was made before is still good", async () => {
    const token = await tokenFor(ADMIN.username, ADMIN.password);
    expect((await callWithoutKv("GET", "/v1/tasks?tasks_per_page=1", xAuth(token))).status).toBe(200);
  });

  it("tasks are asked for, approved and submitted", async () => {
    const { token } = await anApprovedSignUp();
    expect((await callWithoutKv("GET", `/v1/tokens/${token}`)).status).toBe(200);
    expect((await submit(token)).status).toBe(200);
  });

  it("health says that a store is not reached, and nothing else", async () => {
    const { status, headers, body } = await callWithoutKv("GET", "/healthz");
    expect([status, headers.get("retry-after"), body.title]).toEqual([503, "5", "Service Unavailable"]);
  });
});

describe("with a KV that never answers", () => {
  afterEach(useRealTime);

  const asking = servedWith({ TOKENS: silentKv(1_000) });

  it("a session token is good, a second later", async () => {
    const token = await tokenFor(ADMIN.username, ADMIN.password);
    stopTime();
    expect((await asking("GET", "/user/admin", xAuth(token))).status).toBe(200);
  });

  it("a log-in does not wait for it, and neither does a JWT or an API key", async () => {
    const { name } = await aUser();
    const [jwt, key] = [await aJwt(name), await anApiKey(name)];
    stopTime();
    const answers = [
      await asking("PUT", "/user/token", {}, ADMIN),
      await asking("GET", `/user/${name}`, xAuth(jwt)),
      await asking("GET", "/auth/self", { "X-API-KEY": key }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it("health says so", async () => {
    stopTime();
    expect((await asking("GET", "/healthz")).status).toBe(503);
  });
});

describe("a copy in KV that is out of date", () => {
  const copyOf = async (token: string) => env.TOKENS.get(`session:${await digest(token)}`, "json");
  const put = async (token: string, copy: unknown) =>
    env.TOKENS.put(`session:${await digest(token)}`, JSON.stringify(copy));
  const look = async (name: string, token: string) =>
    (await servedWith({})("GET", `/user/${name}`, xAuth(token))).status;

  it.each([
    ["a log-out", (_: string, token: string) => call("POST", "/auth/logout", { Authorization: `Bearer ${token}` })],
    [
      "a change of password",
      async (name: string) => call("PUT", `/users/${name}`, await asBearer(), { password: "new" }),
    ],
    ["a deactivation", async (name: string) => rows("update users set state = 'inactive' where name = ?", name)],
    ["a deletion", async (name: string) => call("DELETE", `/user/${name}`, await asAdmin())],
    [
      "a deletion and another user of that name",
      async (name: string) => {
        await call("DELETE", `/user/${name}`, await asAdmin());
        await aStoredUser(name, "a-password");
      },
    ],
  ])("does not keep a session alive over %s", async (_, end) => {
    const { name, token } = await aUser();
    const copy = await copyOf(token);
    expect([await look(name, token), copy]).toEqual([200, expect.anything()]);
    await end(name, token);
    await put(token, copy);
    expect(await look(name, token)).toBe(403);
  });

  it("does not lengthen a session", async () => {
    const { name, token } = await aUser();
    const copy = (await copyOf(token)) as object;
    await rows("update sessions set expires_at = ? where digest = ? returning id", Date.now() - 1, await digest(token));
    await put(token, { ...copy, expiresAt: Date.now() + 3_600_000 });
    expect(await look(name, token)).toBe(403);
  });

  it("is not needed, nor does it matter what stands in its place", async () => {
    const { name, token } = await aUser();
    for (const text of ["{", "5", "null", "{}", "[]", '"x"', '{"id":"of another format"}']) {
      await env.TOKENS.put(`session:${await digest(token)}`, text);
      expect([text, await look(name, token)]).toEqual([text, 200]);
    }
    await env.TOKENS.delete(`session:${await digest(token)}`);
    expect(await look(name, token)).toBe(200);
  });

  it("does not make a user of another one's session", async () => {
    const [one, other] = [await aUser(), await aUser()];
    const foreign = (await copyOf(other.token)) as { userId: string; sessionId: string };
    const own = (await copyOf(one.token)) as object;
    await put(one.token, { ...own, userId: foreign.userId });
    expect(await look(other.name, one.token)).toBe(403);
    await put(one.token, foreign);
    expect(await look(other.name, one.token)).toBe(403);
  });
});
