import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { digest } from "../../src/core/secrets.ts";
import { app } from "../../src/http/app.ts";
import { brokenKv } from "../support/faults.ts";
import { ADMIN, type Answer, answered, aUser, call, tokenFor, xAuth } from "../support/http.ts";
import { anApprovedSignUp, submit } from "../support/tasks.ts";

/** The same as `call`, with a KV that throws every time. */
async function callWithoutKv(method: string, path: string, headers = {}, body?: unknown): Promise<Answer> {
  const context = createExecutionContext();
  const init: RequestInit = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const request = new Request(`http://ostiary.test${path}`, init);
  const answer = await answered(await app.fetch(request, { ...env, TOKENS: brokenKv }, context));
  await waitOnExecutionContext(context);
  return answer;
}

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

describe("a copy in KV that is out of date", () => {
  it("does not keep a session alive that was ended", async () => {
    const { name, token } = await aUser();
    const key = `session:${await digest(token)}`;
    const copy = await env.TOKENS.get(key);
    await call("POST", "/auth/logout", { Authorization: `Bearer ${token}` });
    if (copy) await env.TOKENS.put(key, copy);
    expect((await call("GET", `/user/${name}`, xAuth(token))).status).toBe(403);
  });

  it("does not make a user of another one's session", async () => {
    const [one, other] = [await aUser(), await aUser()];
    const [mine, his] = [`session:${await digest(one.token)}`, `session:${await digest(other.token)}`];
    const [copy, foreign] = [await env.TOKENS.get(mine, "json"), await env.TOKENS.get(his, "json")];
    const forged = { ...(copy as object), userId: (foreign as { userId: string }).userId };
    await env.TOKENS.put(mine, JSON.stringify(forged));
    expect((await call("GET", `/user/${other.name}`, xAuth(one.token))).status).toBe(403);
  });
});
