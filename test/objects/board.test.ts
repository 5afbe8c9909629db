import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { asAdmin, aUser, xAuth } from "../support/http.ts";
import { approve, aSignUp, cancel } from "../support/tasks.ts";
import { askToWatch, board, restOf, watcherOf, watching } from "../support/watching.ts";

it("the queue tells everybody who is logged in that a task was asked for, and that one was decided", async () => {
  const { token } = await aUser();
  const watchers = [await watching("", xAuth(token)), await watching("", await asAdmin())];
  const all = () => Promise.all(watchers.map(({ hears }) => hears()));
  const { id } = await aSignUp();
  expect(await all()).toEqual(["changed", "changed"]);
  await approve(id);
  expect(await all()).toEqual(["changed", "changed"]);
  expect((await askToWatch("", {})).status).toBe(401);
  expect((await askToWatch("", { ...xAuth(token), Origin: "http://evil.example" })).status).toBe(403);
});

it("much at the same moment is told once", async () => {
  const watcher = await watcherOf(board());
  const change = (times: number) =>
    runInDurableObject(board(), (object) => {
      for (let at = 0; at < times; at += 1) object.changed();
    });
  for (const times of [10, 1]) {
    await change(times);
    expect(await watcher.hears()).toBe("changed");
  }
  expect(await restOf(watcher, board())).toEqual([]);
});

it("is heard from an object that slept meanwhile, whatever others say", async () => {
  const [watcher, loud] = [await watcherOf(board()), await watcherOf(board())];
  loud.socket.send("changed");
  expect(await loud.closed).toBe(1008);
  await evictDurableObject(board());
  await aSignUp();
  expect([await watcher.hears(), watcher.heard]).toEqual(["changed", []]);
});

it("that it cannot be reached concerns no step", async () => {
  const { id } = await aSignUp();
  const watcher = await watcherOf(env.TASKS.getByName(id));
  for (const [getByName, step] of [
    [() => ({ changed: () => Promise.reject(new Error("overloaded")) }), approve],
    [
      () => {
        throw new Error("no such binding");
      },
      cancel,
    ],
  ] as const) {
    await runInDurableObject(env.TASKS.getByName(id), (object) => {
      Object.assign(object, { env: { ...env, BOARD: { getByName } } });
    });
    expect((await step(id)).status).toBe(200);
    expect(await watcher.hears()).toMatch(/^\d+$/);
  }
});

it("takes twenty windows of one person, and others of others", async () => {
  const { token } = await aUser();
  const windows = await Promise.all(Array.from({ length: 21 }, () => watching("", xAuth(token))));
  expect(await Promise.race(windows.map(({ closed }) => closed))).toBe(1013);
  const other = await watching("", xAuth((await aUser()).token));
  await aSignUp();
  expect(await other.hears()).toBe("changed");
});

it("has room for a thousand, and sends others away", async () => {
  const others = await runInDurableObject(board(), (_, ctx) => ctx.getWebSockets().length);
  await Promise.all(Array.from({ length: 1_000 - others }, () => watcherOf(board())));
  expect(await (await watching("", await asAdmin())).closed).toBe(1013);
});
