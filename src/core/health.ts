import { reachDb } from "../storage/db.ts";
import { reachKv } from "../storage/tokens.ts";
import type { Core } from "./context.ts";
import { refuse } from "./refusal.ts";

/** Settles when D1, KV and the objects of tasks answer. Refuses `unavailable`, naming in the log who did not. */
export async function checkHealth(core: Core): Promise<void> {
  const asked = { d1: reachDb(core.db), kv: reachKv(core), tasks: core.tasks.ping() };
  const results = await Promise.allSettled(Object.values(asked));
  const silent = Object.keys(asked).filter((_, at) => results[at]?.status === "rejected");
  if (silent.length === 0) return;
  console.error(JSON.stringify({ level: "error", message: "not reachable", stores: silent }));
  refuse({ kind: "unavailable" });
}
