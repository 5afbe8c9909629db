import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

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

/** Something happens right before the `nth` batch is at D1, which does not know of it. */
export const meanwhile =
  (nth: number, work: () => Promise<unknown>): Fault =>
  async (batch, at) => {
    if (at === nth) await work();
    return batch();
  };

/** A D1 whose batches meet a fault; all else is real. */
export function faultyD1(database: D1Database, fault: Fault): D1Database {
  let count = 0;
  const session = (real: D1DatabaseSession) =>
    new Proxy(real, {
      get(target, property) {
        if (property === "batch") {
          return (statements: D1PreparedStatement[]) => {
            count += 1;
            return fault(() => target.batch(statements), count);
          };
        }
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

const stub = (taskId: string) => env.TASKS.getByName(taskId);

/** Puts a fault between the object of a task and D1; `undefined` takes it away. */
export function breakTask(taskId: string, fault: Fault | undefined): Promise<void> {
  return runInDurableObject(stub(taskId), (instance) => {
    const DB = fault ? faultyD1(env.DB, fault) : env.DB;
    Object.assign(instance, { env: { ...env, DB } });
  });
}

/** Kills the object of a task at the moment when a batch is about to leave it, its intent being durable. */
export function crashBeforeBatch(taskId: string): Promise<void> {
  return runInDurableObject(stub(taskId), (instance, state) => {
    const fault: Fault = async () => {
      await state.storage.sync();
      state.abort("crash");
      return new Promise(() => undefined);
    };
    Object.assign(instance, { env: { ...env, DB: faultyD1(env.DB, fault) } });
  });
}

/** Kills it when the batch is in and the object has not heard of it. */
export function crashAfterBatch(taskId: string): Promise<void> {
  return runInDurableObject(stub(taskId), (instance, state) => {
    const fault: Fault = async (batch) => {
      await batch();
      await state.storage.sync();
      state.abort("crash");
      return new Promise(() => undefined);
    };
    Object.assign(instance, { env: { ...env, DB: faultyD1(env.DB, fault) } });
  });
}
