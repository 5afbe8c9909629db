import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { random } from "../../src/core/context.ts";
import { newId } from "../../src/core/secrets.ts";
import { cookieOf } from "./desk.ts";
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

/** What watches an object directly; everybody is somebody else, unless it is said who he is. */
export async function watcherOf(
  stub: { fetch(request: Request): Promise<Response> },
  who = newId(random),
): Promise<Watcher> {
  const headers = { Upgrade: "websocket", "X-Watcher": who };
  const { webSocket } = await stub.fetch(new Request(ORIGIN, { headers }));
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

/** Asks the Worker for a WebSocket: of a task, or of the queue. */
export const askToWatch = (task: string, { "X-Auth-Token": token = "", ...headers }: Headers): Promise<Response> => {
  const path = task === "" ? "/console/tasks/live" : `/console/tasks/${task}/live`;
  const all = { Upgrade: "websocket", ...cookieOf(token), ...headers };
  return exports.default.fetch(new Request(ORIGIN + path, { headers: all }));
};

export async function watching(path: string, headers: Headers): Promise<Watcher> {
  const { status, webSocket } = await askToWatch(path, headers);
  if (!webSocket) throw new Error(`no socket: ${status}`);
  return watcher(webSocket);
}
