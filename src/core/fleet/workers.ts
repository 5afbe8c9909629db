import { commit } from "../../storage/db.ts";
import {
  changeWorker,
  deleteWorker,
  insertMissingWorker,
  type Registration,
  refreshWorker,
  type Worker,
  type WorkerFilter,
  workerIdOf,
  workersMatching,
} from "../../storage/workers.ts";
import { audited } from "../audit.ts";
import type { Core } from "../context.ts";
import { refuse } from "../refusal.ts";

export type { Registration, Worker, WorkerFilter } from "../../storage/workers.ts";

/**
 * Registers a worker, or refreshes the one of its framework on its target as a whole; gives its id. A mere sign of life leaves
 * no event. The caller has been held to his permission, here and below.
 */
export async function registerWorker(core: Core, worker: Registration): Promise<number> {
  const { db, now } = core;
  const { target, framework, datacenter } = worker;
  const at = now();
  const noted = (event: "worker.register" | "worker.change") =>
    audited(core, event, workerIdOf(worker), { details: { target, framework, datacenter }, ifChanged: true });
  const results = await commit(
    db,
    insertMissingWorker(db, worker, at),
    noted("worker.register"),
    changeWorker(db, worker),
    noted("worker.change"),
    refreshWorker(db, worker, at),
  );
  return results[4][0]?.id ?? unknownWorker(target);
}

/** The workers of a filter in the order of first registration. */
export function workersLike({ db }: Core, filter: WorkerFilter): Promise<Worker[]> {
  return workersMatching(db, filter);
}

/** Deletes a worker; what it holds runs out. Refuses `not_found`. */
export async function removeWorker(core: Core, id: number): Promise<void> {
  const { db } = core;
  const [removed] = await commit(
    db,
    deleteWorker(db, id),
    audited(core, "worker.delete", String(id), { ifChanged: true }),
  );
  if (removed.length === 0) unknownWorker(String(id));
}

export const unknownWorker = (name: string): never => refuse({ kind: "not_found", what: "worker", name });
