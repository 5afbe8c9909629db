import { createExecutionContext, runInDurableObject, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { ownVisit } from "../../src/core/context.ts";
import type { Command } from "../../src/core/tasks/remote.ts";
import { remoteTasks } from "../../src/core/tasks/stubs.ts";
import type { Dialect, Trace } from "../../src/http/dialect.ts";
import { countedD1, countedKv } from "./counted.ts";
import { type Answer, answered, type Headers } from "./http.ts";

/** What a request asks of the stores before it is answered. */
export interface Trips {
  /** Round trips to D1 once its caller is known. */
  d1: number;
  /** Steps of tasks, each a call of an object. */
  steps: number;
  /** Round trips of those objects to D1. */
  stepsD1: number;
  /** Reads of KV, and writes, which may outlast the answer. */
  kvGets: number;
  kvPuts: number;
}

export interface Usual {
  params?: Record<string, string>;
  query?: string;
  headers?: Headers;
  body?: unknown;
}

/** A call of each of these routes as it usually is, made ready anew each time. */
export type UsualCalls = Record<string, () => Usual | Promise<Usual>>;

/** Where a call goes. */
export const urlOf = ({ path }: { path: string }, { params = {}, query = "" }: Usual): string =>
  path.replace(/\{(\w+)\}/g, (_, name) => params[name] ?? "") + query;

/** Calls a route of a dialect through bindings that count. */
export async function tripsOf(
  { app }: Dialect,
  { method, path }: { method: string; path: string },
  usual: Usual,
): Promise<{ answer: Answer; trips: Trips }> {
  const { headers = {}, body } = usual;
  const d1 = countedD1();
  const objects = countingTasks();
  const kv = countedKv();
  const bindings = { ...env, DB: d1.binding, TOKENS: kv.binding, TASKS: objects.binding };
  const url = `http://ostiary.test${urlOf({ path }, usual)}`;
  const init: RequestInit = { method: method.toUpperCase(), headers };
  if (body !== undefined) init.body = body instanceof URLSearchParams ? String(body) : JSON.stringify(body);
  const context = createExecutionContext();
  const { trace, before } = watched(d1.asked);
  const request = new Request(url, init);
  const surroundings = { env: bindings, visit: ownVisit(url), trace, path: new URL(url).pathname };
  const answer = await answered(await app.fetch(request, surroundings, context));
  const trips = { d1: d1.asked() - before(), steps: objects.steps(), stepsD1: objects.trips() };
  await waitOnExecutionContext(context);
  return { answer, trips: { ...trips, kvGets: kv.asked("get"), kvPuts: kv.asked("put") } };
}

/** A trace, and how many trips had been made when the caller was known. */
function watched(count: () => number): { trace: Trace; before(): number } {
  let core: Trace["core"];
  let before = 0;
  const trace: Trace = {
    get core() {
      return core as NonNullable<Trace["core"]>;
    },
    set core(opened) {
      core = opened;
      before = count();
    },
  };
  return { trace, before: () => before };
}

function countingTasks() {
  let steps = 0;
  const d1 = countedD1();
  const tasks = remoteTasks(env.TASKS);
  const getByName = (name: string) => ({
    async step(command: Command) {
      steps += 1;
      await runInDurableObject(env.TASKS.getByName(name), (instance) => {
        Object.assign(instance, { env: { ...env, DB: d1.binding } });
      });
      return tasks.step(name, command);
    },
    ping: tasks.ping,
  });
  return { binding: { getByName }, steps: () => steps, trips: d1.asked };
}
