import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { cookieOf } from "../support/desk.ts";
import { breakTask, losesAfter } from "../support/faults.ts";
import { adminToken, asAdmin, aUser, call, rows, xAuth } from "../support/http.ts";
import { aGroup, aMember, under } from "../support/policies.ts";
import { anApprovedSignUp, approve, aSignUp, aSignUpBy, cancel, overdue, show, submit } from "../support/tasks.ts";
import { askToWatch, restOf, watcherOf, watching } from "../support/watching.ts";

const stub = (id: string) => env.TASKS.getByName(id);
const decide = async (id: string, body: object) => call("POST", `/v1/tasks/${id}`, await asAdmin(), body);
const revision = async (id: string): Promise<string> => {
  const [row] = await rows("select revision from tasks where id = ?", id);
  return String(row.revision);
};

describe("who watches a task hears its revision", () => {
  it("at every vote, and at the approval", async () => {
    const team = await aGroup();
    const [one, other] = [await aMember(team), await aMember(team)];
    const stages = [{ name: "team", approvers: { group: team.name }, required: 2 }];
    await under("signup", { stages }, async () => {
      const { id } = await aSignUp();
      const [watcher, approver] = [await watching(id, await asAdmin()), await watching(id, one.headers)];
      for (const { headers } of [one, other]) {
        expect((await call("POST", `/v1/tasks/${id}`, headers, { approved: true })).status).toBe(200);
        expect([await watcher.hears(), await approver.hears()]).toEqual(Array(2).fill(await revision(id)));
      }
    });
  });

  it("at its submission, when it has taken effect", async () => {
    const { id, token } = await anApprovedSignUp();
    const watcher = await watching(id, await asAdmin());
    await submit(token);
    expect(await watcher.hears()).toBe(await revision(id));
    expect((await show(id)).body.completed).toBe(true);
  });

  it.each([
    ["is cancelled", cancel],
    ["is denied", (id: string) => decide(id, { approved: false, reason: "not now" })],
  ])("when it %s; a step that is refused is none", async (_, end) => {
    const { id } = await aSignUp();
    const watcher = await watching(id, await asAdmin());
    expect((await decide(id, { approved: "perhaps" })).status).toBe(400);
    expect((await submit("0".repeat(32))).status).toBe(404);
    expect((await end(id)).status).toBe(200);
    expect((await approve(id)).status).toBe(400);
    expect(await watcher.hears()).toBe(await revision(id));
    expect(await restOf(watcher, stub(id))).toEqual([]);
  });

  it("when its time is over", async () => {
    const { id } = await aSignUp();
    const watcher = await watching(id, await asAdmin());
    await overdue(id);
    await runDurableObjectAlarm(stub(id));
    expect(await watcher.hears()).toBe(await revision(id));
    expect((await show(id)).body.cancelled).toBe(true);
  });

  it("once, when a step that was answered 503 turns out to have happened", async () => {
    const { id } = await aSignUp();
    const watcher = await watching(id, await asAdmin());
    await breakTask(id, losesAfter());
    expect((await approve(id)).status).toBe(503);
    await breakTask(id, undefined);
    await runDurableObjectAlarm(stub(id));
    expect(await watcher.hears()).toBe(await revision(id));
    expect(await restOf(watcher, stub(id))).toEqual([]);
  });

  it("from an object that slept meanwhile, and that sleeps while it is pinged", async () => {
    const { id } = await aSignUp();
    const watcher = await watching(id, await asAdmin());
    await evictDurableObject(stub(id));
    watcher.socket.send("ping");
    expect(await watcher.hears()).toBe("pong");
    await approve(id);
    expect(await watcher.hears()).toBe(await revision(id));
  });
});

describe("a step is disturbed by nobody who watches", () => {
  it("who has gone, or says something: he is sent away, so that nobody keeps it busy", async () => {
    const { id } = await aSignUp();
    const [gone, loud, quiet] = [await watcherOf(stub(id)), await watcherOf(stub(id)), await watcherOf(stub(id))];
    gone.socket.close(1001);
    loud.socket.send("approve");
    loud.socket.send(new Uint8Array(1_000));
    expect((await approve(id)).status).toBe(200);
    expect(await quiet.hears()).toBe(await revision(id));
    expect(await loud.closed).toBe(1008);
    await gone.closed;
    await cancel(id);
    expect(await quiet.hears()).toBe(await revision(id));
  });

  it("through a socket that has broken", async () => {
    const { id } = await aSignUp();
    const watcher = await watcherOf(stub(id));
    const send = () => {
      throw new Error("broken");
    };
    await runInDurableObject(stub(id), (_, ctx) => {
      const sockets = ctx.getWebSockets();
      Object.assign(ctx, { getWebSockets: () => [{ send }, ...sockets] });
    });
    expect((await approve(id)).status).toBe(200);
    expect(await watcher.hears()).toBe(await revision(id));
  });

  it("of whom there are a hundred at most; others are sent away", async () => {
    const { id } = await aSignUp();
    const watchers = await Promise.all(Array.from({ length: 100 }, () => watcherOf(stub(id))));
    expect(await (await watching(id, await asAdmin())).closed).toBe(1013);
    await approve(id);
    expect(new Set(await Promise.all(watchers.map(({ hears }) => hears())))).toEqual(new Set([await revision(id)]));
    watchers[0]?.socket.close();
    await watchers[0]?.closed;
    const next = await watching(id, await asAdmin());
    await cancel(id);
    expect(await next.hears()).toBe(await revision(id));
  });
});

describe("a task may be watched", () => {
  it("by who may look at it, and by nobody else", async () => {
    const [requester, stranger] = [await aUser(), await aUser()];
    const { id } = await aSignUpBy(xAuth(requester.token));
    for (const headers of [xAuth(requester.token), await asAdmin()]) {
      expect((await askToWatch(id, headers)).status).toBe(101);
    }
    expect((await askToWatch(id, xAuth(stranger.token))).status).toBe(403);
    expect((await askToWatch(id, {})).status).toBe(401);
    expect((await askToWatch("0".repeat(32), await asAdmin())).status).toBe(404);
  });

  it("by pages of our own origin alone: a browser sends its cookie along for any site", async () => {
    const { id } = await aSignUp();
    const status = async (Origin: string) => (await askToWatch(id, { ...(await asAdmin()), Origin })).status;
    expect(await status("http://ostiary.test")).toBe(101);
    for (const other of ["https://ostiary.test", "http://ostiary.test:81", "http://evil.example", "null"]) {
      expect([other, await status(other)]).toEqual([other, 403]);
    }
  });

  it("by a WebSocket alone, which is told; its answer is dressed as all others are", async () => {
    const { id } = await aSignUp();
    for (const Upgrade of ["", "h2c", "websocket, h2c"]) {
      const { status, headers } = await call("GET", `/console/tasks/${id}/live`, {
        ...cookieOf(await adminToken()),
        Upgrade,
      });
      expect([status, headers.get("upgrade")]).toEqual([426, "websocket"]);
    }
    const { headers } = await askToWatch(id, { ...(await asAdmin()), Upgrade: "WebSocket" });
    expect(headers.get("x-request-id")).toMatch(/^[0-9a-f]{32}$/);
    expect(headers.get("cache-control")).toBe("no-store");
  });
});
