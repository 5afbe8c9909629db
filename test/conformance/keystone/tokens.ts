import { describe, expect, it } from "vitest";
import { adminToken, call, rows, xAuth } from "../../support/http.ts";
import {
  aProject,
  expectRefusal,
  expectUnauthorized,
  issued,
  logIn,
  revoke,
  show,
  someone,
  subject,
  TOKENS,
  tokenOf,
  works,
} from "./support.ts";

const UNKNOWN = "Could not find token.";
const FORBIDDEN = "You are not authorized to perform the requested action.";

describe("GET /v3/auth/tokens", () => {
  it("shows the caller his token as it was issued", async () => {
    const user = await someone();
    await aProject([user], "member");
    const answer = await logIn(user);
    const token = issued(answer);
    const { status, headers, body } = await show(token);
    expect([status, body]).toEqual([200, answer.body]);
    expect(headers.get("x-subject-token")).toBe(token);
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it("answers HEAD likewise, without a body", async () => {
    const token = await tokenOf(await someone());
    const { status, text } = await call("HEAD", TOKENS, subject(token, token));
    expect([status, text]).toEqual([200, ""]);
    expect((await call("HEAD", TOKENS, subject(token, "w".repeat(43)))).status).toBe(404);
  });

  it("shows somebody his other tokens, an administrator anybody's, nobody else", async () => {
    const [user, other] = [await someone(), await someone()];
    const [one, another, foreign] = [await tokenOf(user), await tokenOf(user), await tokenOf(other)];
    expect((await show(one, another)).body.token.user.id).toBe(user.id);
    expect((await show(await adminToken(), foreign)).body.token.user.id).toBe(other.id);
    expectRefusal(await show(one, foreign), 403, FORBIDDEN);
  });

  it("shows the tokens of other dialects' log-ins", async () => {
    const user = await someone();
    const { body } = await call("PUT", "/user/token", {}, { username: user.name, password: "a-password" });
    expect((await show(body.token)).body.token).toMatchObject({ methods: ["password"], user: { id: user.id } });
    const basic = { Authorization: `Basic ${btoa(`${user.name}:a-password`)}` };
    const roster = await call("POST", "/auth/login", basic);
    expect((await show(body.token, roster.body.token)).body.token.user.id).toBe(user.id);
  });

  it.each(["GET", "HEAD", "DELETE"])("does not know a token that is not good, by %s", async (method) => {
    const [caller, ended, idle] = [await adminToken(), await someone(), await someone()];
    const expired = await tokenOf(ended);
    await rows("update sessions set expires_at = 1 where user_id = ?", ended.id);
    const inactive = await tokenOf(idle);
    await rows("update users set state = 'inactive' where id = ?", idle.id);
    for (const token of [expired, inactive, "", "x", "w".repeat(43), "a.b.c"]) {
      const answer = await call(method, TOKENS, subject(caller, token));
      if (method === "HEAD") expect(answer.status).toBe(404);
      else expectRefusal(answer, 404, UNKNOWN);
    }
    expect((await call(method, TOKENS, xAuth(caller))).status).toBe(404);
  });

  it.each(["GET", "DELETE"])("asks for a caller before it looks at the token, by %s", async (method) => {
    const token = await tokenOf(await someone());
    expectUnauthorized(await call(method, TOKENS, { "X-Subject-Token": token }));
    expectUnauthorized(await call(method, TOKENS, subject("w".repeat(43), token)));
    expect(await works(token)).toBe(true);
  });

  it("takes the caller's token as Bearer too", async () => {
    const token = await tokenOf(await someone());
    const headers = { Authorization: `Bearer ${token}`, "X-Subject-Token": token };
    expect((await call("GET", TOKENS, headers)).status).toBe(200);
  });
});

describe("DELETE /v3/auth/tokens", () => {
  it("ends the caller's token and no other", async () => {
    const user = await someone();
    const [one, another] = [await tokenOf(user), await tokenOf(user)];
    const answer = await revoke(one);
    expect([answer.status, answer.text]).toEqual([204, ""]);
    expect([await works(one), await works(another)]).toEqual([false, true]);
    expectUnauthorized(await show(one));
    expectRefusal(await show(another, one), 404, UNKNOWN);
  });

  it("ends somebody's other tokens, to an administrator anybody's", async () => {
    const user = await someone();
    const [one, two, three] = [await tokenOf(user), await tokenOf(user), await tokenOf(user)];
    expect((await revoke(one, two)).status).toBe(204);
    expect((await revoke(await adminToken(), three)).status).toBe(204);
    expect([await works(one), await works(two), await works(three)]).toEqual([true, false, false]);
  });

  it("leaves a stranger's token alone", async () => {
    const [mine, foreign] = [await tokenOf(await someone()), await tokenOf(await someone())];
    expectRefusal(await revoke(mine, foreign), 403, FORBIDDEN);
    expect(await works(foreign)).toBe(true);
  });

  it("leaves one audit event, by whoever did it", async () => {
    const user = await someone();
    const token = await tokenOf(user);
    await revoke(await adminToken(), token);
    const events = await rows("select actor, event from audit_events where subject = ? order by seq", user.id);
    expect(events.map(({ actor, event }) => [actor, event])).toEqual([
      [user.name, "session.begin"],
      ["admin", "session.end"],
    ]);
  });
});
