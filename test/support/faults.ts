import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Command } from "../../src/core/tasks/remote.ts";
import { remoteTasks } from "../../src/core/tasks/stubs.ts";
import { pass } from "./time.ts";

/** What happens to a batch on its way to D1 and back. */
export type Fault = (batch: () => Promise<unknown>, nth: number) => Promise<unknown>;

const lost = () => new Error("D1_ERROR: Network connection lost.");

/** D1 loses each of the first `times` batches before it has seen them. */
export const losesBefore =
  (times = Number.POSITIVE_INFINITY): Fault =>
  async (batch, nth) => {
    if (nth <= times) throw lost();
    return batch();
  };

/** D1 does what the first `times` batches say and loses the answer. */
export const losesAfter =
  (times = Number.POSITIVE_INFINITY): Fault =>
  async (batch, nth) => {
    const answer = await batch();
    if (nth <= times) throw lost();
    return answer;
  };

/** Calls that are kept from being answered. */
export interface Stall {
  fault: Fault;
  /** Lets all of them go on, and settles when they are through. */
  letGo(): Promise<void>;
}

/**
 * D1 keeps back the calls from the `first` to the `last` one, before or after it has done what they say; at each of them, the
 * time being stopped, so many milliseconds pass.
 */
export function stalls(when: "before" | "after", ms: number, first = 1, last = Number.POSITIVE_INFINITY): Stall {
  const { promise: open, resolve } = Promise.withResolvers<void>();
  const held: Promise<unknown>[] = [];
  const holding = async (call: () => Promise<unknown>) => {
    const done = when === "after" ? { answer: await call() } : undefined;
    await pass(ms);
    await open;
    return done ? done.answer : call();
  };
  return {
    fault(call, nth) {
      if (nth < first || nth > last) return call();
      const answer = holding(call);
      held.push(answer);
      return answer;
    },
    async letGo() {
      resolve();
      await Promise.allSettled(held);
    },
  };
}

/** Every call takes so many milliseconds of a time that is stopped. */
export const slowsBy =
  (ms: number): Fault =>
  async (call) => {
    await pass(ms);
    return call();
  };

/** Something that never answers while so many milliseconds pass. */
export const silence = (ms: number) => async (): Promise<never> => {
  await pass(ms);
  return new Promise(() => undefined);
};

/** Something happens right before the `nth` batch that writes is at D1, which does not know of it. */
export const meanwhile =
  (nth: number, work: () => Promise<unknown>): Fault =>
  async (batch, at) => {
    if (at === nth) await work();
    return batch();
  };

/**
 * A D1 whose batches that write meet a fault, and once one has failed those that read as well; or `every` call of it. All
 * else is real.
 */
export function faultyD1(database: D1Database, fault: Fault, every = false): D1Database {
  let count = 0;
  let failed = false;
  const meets = async (work: () => Promise<unknown>) => {
    count += 1;
    try {
      return await fault(work, count);
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  const known = new WeakMap<object, { real: D1PreparedStatement; writes: boolean }>();
  const statement = (real: D1PreparedStatement, writes: boolean): D1PreparedStatement => {
    const wrapped = new Proxy(real, {
      get(target, property) {
        if (property === "bind") return (...values: unknown[]) => statement(target.bind(...values), writes);
        const method = Reflect.get(target, property);
        const work = (values: unknown[]) => () => method.apply(target, values);
        return (...values: unknown[]) => (every ? meets(work(values)) : work(values)());
      },
    });
    known.set(wrapped, { real, writes });
    return wrapped;
  };
  const batch = (on: D1DatabaseSession, list: D1PreparedStatement[]) => {
    const inner = list.map((each) => known.get(each));
    const work = () => on.batch(inner.map((each, at) => each?.real ?? (list[at] as D1PreparedStatement)));
    return every || failed || inner.some((each) => each?.writes) ? meets(work) : work();
  };
  const session = (from: D1DatabaseSession) =>
    new Proxy(from, {
      get(target, property) {
        if (property === "prepare") return (sql: string) => statement(target.prepare(sql), !/^\s*select/i.test(sql));
        if (property === "batch") return (list: D1PreparedStatement[]) => batch(target, list);
        const value = Reflect.get(target, property);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  return new Proxy(database, {
    get(target, property) {
      if (property === "withSession") return (from: string) => session(target.withSession(from));
      const value = Reflect.get(target, property);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** A KV that never answers but with an error. */
export const brokenKv = new Proxy(env.TOKENS, {
  get: () => () => Promise.reject(new Error("KV GET failed: 500 Internal Server Error")),
});

/** A KV that never answers. */
export const silentKv = (ms: number) => new Proxy(env.TOKENS, { get: () => silence(ms) });

const stub = (taskId: string) => env.TASKS.getByName(taskId);

/** Puts a fault between the object of a task and D1, as `faultyD1` does; `undefined` takes it away. */
export function breakTask(taskId: string, fault: Fault | undefined, every = false): Promise<void> {
  return runInDurableObject(stub(taskId), (instance) => {
    const DB = fault ? faultyD1(env.DB, fault, every) : env.DB;
    Object.assign(instance, { env: { ...env, DB } });
  });
}

/**
 * The objects of tasks to be made, at the first of which something happens right before its `nth` call of D1; 0: before it is
 * asked.
 */
export function tasksWhile(nth: number, work: () => Promise<unknown>): Pick<typeof env.TASKS, "getByName"> {
  let isFirst = true;
  const step = async (id: string, command: Command) => {
    if (isFirst && nth === 0) await work();
    if (isFirst && nth > 0) {
      const DB = faultyD1(env.DB, meanwhile(nth, work), true);
      await runInDurableObject(stub(id), (instance) => void Object.assign(instance, { env: { ...env, DB } }));
    }
    isFirst = false;
    return remoteTasks(env.TASKS).step(id, command);
  };
  return { getByName: (id: string) => ({ step: (command: Command) => step(id, command) }) as never };
}

/** Kills the object of a task at the moment when a batch is about to leave it, its intent being durable. */
export const crashBeforeBatch = (taskId: string): Promise<void> => crash(taskId, "before", 1, false);

/** Kills it when the batch is in and the object has not heard of it. */
export const crashAfterBatch = (taskId: string): Promise<void> => crash(taskId, "after", 1, false);

/** Kills the object of a task at its nth call of D1: before D1 hears of it, or before the object hears the answer. */
export const crashAtCall = (taskId: string, when: "before" | "after", nth: number): Promise<void> =>
  crash(taskId, when, nth, true);

function crash(taskId: string, when: "before" | "after", nth: number, every: boolean): Promise<void> {
  return runInDurableObject(stub(taskId), (instance, state) => {
    const fault: Fault = async (work, count) => {
      if (count !== nth) return work();
      if (when === "after") await work();
      await state.storage.sync();
      state.abort("crash");
      return new Promise(() => undefined);
    };
    Object.assign(instance, { env: { ...env, DB: faultyD1(env.DB, fault, every) } });
  });
}
