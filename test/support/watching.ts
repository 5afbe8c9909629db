import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import * as z from "zod";
import { watchQueue, watchTask } from "../../src/core/tasks/watching.ts";
import { entrances } from "../../src/http/app.ts";
import { identified } from "../../src/http/auth/scheme.ts";
import { xAuthToken } from "../../src/http/auth/x-auth-token.ts";
import { live, liveAnswers } from "../../src/http/console/live.ts";
import { dialect } from "../../src/http/dialect.ts";
import type { Entrance } from "../../src/http/entrance.ts";
import { createRoute } from "../../src/http/route.ts";
import { refuse } from "../../src/http/site/refusals.ts";
import type { Headers } from "./http.ts";

const ORIGIN = "http://ostiary.test";

/** Somebody who watches, and what he heard. */
export interface Watcher {
  socket: WebSocket;
  /** What he has heard and not been asked for. */
  heard: unknown[];
  /** The next thing that he hears or has heard. */
  hears(): Promise<unknown>;
  /** With which code his socket is closed. */
  closed: Promise<number>;
}

export function watcher(socket: WebSocket): Watcher {
  const heard: unknown[] = [];
  const waiting: ((data: unknown) => void)[] = [];
  socket.addEventListener("message", ({ data }) => {
    const next = waiting.shift();
    if (next) next(data);
    else heard.push(data);
  });
  const closed = new Promise<number>((resolve) => socket.addEventListener("close", ({ code }) => resolve(code)));
  socket.accept();
  return {
    socket,
    heard,
    closed,
    hears: () => (heard.length > 0 ? Promise.resolve(heard.shift()) : new Promise((resolve) => waiting.push(resolve))),
  };
}

/** What watches an object directly. */
export async function watcherOf(stub: { fetch(request: Request): Promise<Response> }): Promise<Watcher> {
  const { webSocket } = await stub.fetch(new Request(ORIGIN, { headers: { Upgrade: "websocket" } }));
  if (!webSocket) throw new Error("no socket");
  return watcher(webSocket);
}

/** What somebody has heard until now and not been asked for; then nobody watches the object any more. */
export async function restOf({ heard, closed }: Watcher, stub: DurableObjectStub): Promise<unknown[]> {
  await runInDurableObject(stub, (_, ctx) => {
    for (const socket of ctx.getWebSockets()) socket.close();
  });
  await closed;
  return heard;
}

export const board = () => env.BOARD.getByName("queue");

/** Asks the Worker for a WebSocket. */
export const askToWatch = (path: string, headers: Headers): Promise<Response> =>
  exports.default.fetch(new Request(`${ORIGIN}/live/${path}`, { headers: { Upgrade: "websocket", ...headers } }));

export async function watching(path: string, headers: Headers): Promise<Watcher> {
  const { status, webSocket } = await askToWatch(path, headers);
  if (!webSocket) throw new Error(`no socket: ${status}`);
  return watcher(webSocket);
}

const watched = dialect({ name: "live", title: "", description: "", scope: "workflow", refuse });
const task = createRoute({
  method: "get",
  path: "/live/{task_id}",
  summary: "Watch a task",
  ...identified(xAuthToken),
  request: { params: z.object({ task_id: z.string() }) },
  responses: liveAnswers,
});
const queue = createRoute({
  method: "get",
  path: "/live",
  summary: "Watch the queue",
  ...identified(xAuthToken),
  responses: liveAnswers,
});
watched.serve(task, (c) => live(c, () => watchTask(c.var.core, c.req.param("task_id"))));
watched.serve(queue, (c) => live(c, () => watchQueue(c.var.core)));

/** Served as a page's own address is, through all of the app. */
(entrances as Entrance[]).unshift({
  owns: ({ path }) => /^\/live(?:\/[^/]*)?$/.test(path),
  open: async () => watched,
});
