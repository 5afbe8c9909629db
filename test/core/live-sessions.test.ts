import { describe, expect, it } from "vitest";
import type { Core } from "../../src/core/context.ts";
import {
  endAllSessions,
  endOtherSessions,
  endOwnSession,
  type LiveSession,
  liveSessions,
} from "../../src/core/live-sessions.ts";
import { changePassword } from "../../src/core/users.ts";
import { adminCore, coreOf, costOf, refusalOf } from "../support/cores.ts";
import { aUser, bearer, call, forgetAdminToken, type Headers, rows, tokenFor, unique, xAuth } from "../support/http.ts";
import { aJwt, anApiKey, storedUser } from "../support/keys.ts";
import { aSession } from "../support/people.ts";
import { aProject, join } from "../support/projects.ts";

const isGood = async (headers: Headers) => (await call("GET", "/v1/approvals", headers)).status === 200;

/** Somebody who is logged in three times and has an API key. */
async function loggedIn() {
  const { name, token } = await aUser();
  const user = await storedUser(name);
  const [other, jwt] = [await aSession(user), await aJwt(name)];
  const key = { "X-API-KEY": await anApiKey(name) };
  const good = () => Promise.all([xAuth(token), xAuth(other), bearer(jwt), key].map(isGood));
  return { user, name, token, other, jwt, good };
}

const ids = (sessions: LiveSession[]) => sessions.map(({ id }) => id);
const idOf = async (token: string) => {
  const { actor } = await coreOf(token);
  if (actor.kind !== "user") throw new Error("nobody");
  return actor.via.kind === "jwt" ? actor.via.familyId : actor.via.kind === "session" ? actor.via.sessionId : "";
};
const audit = (userId: string) =>
  rows("select actor, details from audit_events where subject = ? and event = 'session.end' order by seq", userId);

describe("what somebody is logged in with", () => {
  it("is told to him newest first, in one trip, with the one that asks marked", async () => {
    const { token, other, jwt } = await loggedIn();
    const own = await coreOf(other);
    const found = await liveSessions(own);
    expect(own.db.trips()).toBe(1);
    expect([...ids(found)].sort()).toEqual((await Promise.all([token, other, jwt].map(idOf))).sort());
    expect(found.filter(({ isCurrent }) => isCurrent).map(({ id }) => id)).toEqual([await idOf(other)]);
    expect((await liveSessions(await coreOf(jwt))).find(({ isCurrent }) => isCurrent)?.kind).toBe("jwt");
    expect(found.map(({ createdAt }) => createdAt)).toEqual(
      found.map(({ createdAt }) => createdAt).sort((a, b) => b - a),
    );
  });

  it("says what it was made for, and when it ends", async () => {
    const { name, password, token } = await aUser();
    const { id } = await storedUser(name);
    const project = unique("project");
    await join(await aProject(project), id, "member");
    await tokenFor(name, password, project);
    const found = await liveSessions(await coreOf(token));
    expect(found.map((each) => each.project)).toEqual([project, null]);
    expect(found[0]).toMatchObject({ kind: "session", note: null, isCurrent: false });
    expect(found[0]?.expiresAt).toBeGreaterThan(Date.now());
  });

  it("leaves out what has ended: by time, by log-out, by a new password", async () => {
    const { user, token, other, jwt } = await loggedIn();
    await rows("update sessions set expires_at = ? where id = ? returning id", Date.now(), await idOf(other));
    const own = await coreOf(token);
    expect(await liveSessions(own)).toHaveLength(2);
    await call("GET", "/auth/logout", bearer(jwt));
    await changePassword(await adminCore(), user, "next");
    const again = await coreOf(await aSession(await storedUser(user.name)));
    expect(ids(await liveSessions(again))).toEqual([expect.any(String)]);
  });

  it("is found by indexes, of many at most the 200 newest", async () => {
    const { user, token } = await loggedIn();
    const numbers = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000)";
    await rows(
      `${numbers} insert into sessions (id, digest, user_id, epoch, created_at, expires_at)
        select ?1 || i, ?1 || i, ?1, 0, i, 4000000000000 from n returning id`,
      user.id,
    );
    const own = await coreOf(token);
    expect(await liveSessions(own)).toHaveLength(200);
    const { plans, rowsRead } = await costOf(own, liveSessions);
    expect(plans).not.toMatch(/SCAN|TEMP B-TREE/);
    expect(rowsRead).toBeLessThan(1_000);
  });
});

describe("ending", () => {
  it("one ends that one for its very next request, and no other", async () => {
    const { user, name, token, other, jwt, good } = await loggedIn();
    expect(await good()).toEqual([true, true, true, true]);
    await endOwnSession(await coreOf(token), await idOf(other));
    expect(await good()).toEqual([true, false, true, true]);
    const family = await idOf(jwt);
    await endOwnSession(await coreOf(token), family);
    expect(await good()).toEqual([true, false, false, true]);
    expect((await audit(user.id)).map(({ actor, details }) => [actor, JSON.parse(details).session])).toEqual([
      [name, expect.any(String)],
      [name, family],
    ]);
  });

  it("one that is not there, or somebody else's, changes nothing and leaves no event", async () => {
    const [one, other] = [await loggedIn(), await loggedIn()];
    const own = await coreOf(one.token);
    for (const id of [await idOf(other.token), await idOf(other.jwt), "0".repeat(32), "\ud800"]) {
      expect(await refusalOf(endOwnSession(own, id))).toEqual({ kind: "not_found", what: "token" });
    }
    expect(await other.good()).toEqual([true, true, true, true]);
    expect(await audit(other.user.id)).toEqual([]);
  });

  it.each(["token", "jwt"] as const)("all others leaves the %s that asks, and API keys", async (which) => {
    const person = await loggedIn();
    const own = await coreOf(person[which]);
    await endOtherSessions(own);
    expect(own.db.trips()).toBe(1);
    expect(await person.good()).toEqual([which === "token", false, which === "jwt", true]);
    expect(ids(await liveSessions(await coreOf(person[which])))).toEqual([await idOf(person[which])]);
    expect(await audit(person.user.id)).toEqual([{ actor: person.name, details: '{"sessions":"others"}' }]);
  });

  it.each(["token", "jwt"] as const)(
    "all others does not bring back a %s that a new password has ended",
    async (which) => {
      const person = await loggedIn();
      const own: Core = await coreOf(person[which]);
      await changePassword(await adminCore(), person.user, "next");
      await endOtherSessions(own);
      expect(await person.good()).toEqual([false, false, false, true]);
    },
  );

  it("all ends all, and whoever logs in again is in", async () => {
    const person = await loggedIn();
    await endAllSessions(await coreOf(person.token));
    expect(await person.good()).toEqual([false, false, false, true]);
    expect(await isGood(xAuth(await tokenFor(person.name, "a-password")))).toBe(true);
    expect(await audit(person.user.id)).toEqual([{ actor: person.name, details: '{"sessions":"all"}' }]);
  });

  it("all of somebody else is an administrator's, who is named in the log", async () => {
    const [person, other] = [await loggedIn(), await loggedIn()];
    expect(await refusalOf(endAllSessions(await coreOf(other.token), person.name))).toMatchObject({
      kind: "forbidden",
    });
    expect(await person.good()).toEqual([true, true, true, true]);
    const admin = await adminCore();
    await endAllSessions(admin, person.name);
    expect(admin.db.trips()).toBe(1);
    expect(await person.good()).toEqual([false, false, false, true]);
    expect(await audit(person.user.id)).toEqual([{ actor: "admin", details: '{"sessions":"all"}' }]);
    expect(await refusalOf(endAllSessions(admin, unique("nobody")))).toMatchObject({ kind: "not_found" });
  });

  it("all of a protected administrator lets him log in again", async () => {
    const before = await tokenFor("admin", "correct horse battery staple");
    await endAllSessions(await adminCore(), "admin");
    forgetAdminToken();
    expect(await isGood(xAuth(before))).toBe(false);
    expect(await isGood(xAuth(await tokenFor("admin", "correct horse battery staple")))).toBe(true);
  });
});
