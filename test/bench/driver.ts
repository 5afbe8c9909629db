import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Outcome, Preparation, Slice } from "./load.ts";

/** Makes load in a thread of its own. */
export interface Driver {
  /** Throws what an answer said that was not to be expected. */
  run(order: Slice | Preparation): Promise<Exclude<Outcome, { failure: string }>>;
  end(): Promise<unknown>;
}

export function startDriver(): Driver {
  const thread = new Worker(new URL("./load.ts", import.meta.url));
  return {
    async run(order) {
      thread.postMessage(order);
      const [outcome] = (await once(thread, "message")) as [Outcome];
      if ("failure" in outcome) throw new Error(outcome.failure);
      return outcome;
    },
    end: () => thread.terminate(),
  };
}
