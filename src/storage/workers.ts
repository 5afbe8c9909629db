import { and, asc, eq, ne, or, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { workers } from "./schema.ts";

export type Worker = typeof workers.$inferSelect;
/** What a worker says of itself. */
export type Registration = Pick<Worker, "target" | "framework" | "datacenter" | "tags">;
export type WorkerFilter = Partial<Pick<Worker, "target" | "framework" | "datacenter">>;

const isKind = ({ target, framework }: Pick<Worker, "target" | "framework">) =>
  and(eq(workers.target, target), eq(workers.framework, framework));

/** Inserts a worker unless there is one of its kind on its target: an upsert would use up an id each time. */
export function insertMissingWorker(db: Db, { target, framework, datacenter, tags }: Registration, at: number) {
  return db.query.insert(workers).select(sql`
    select null, ${target}, ${framework}, ${datacenter}, ${JSON.stringify(tags)}, ${at}, ${at}
    where not exists (select 1 from workers where target = ${target} and framework = ${framework})`);
}

/** Changes what the worker of a kind on a target says of itself, where it says something else now. */
export function changeWorker(db: Db, { datacenter, tags, ...kind }: Registration) {
  return db.query
    .update(workers)
    .set({ datacenter, tags })
    .where(and(isKind(kind), or(ne(workers.datacenter, datacenter), ne(workers.tags, tags))));
}

/** Notes that the worker of a kind on a target has registered; gives its id. */
export function refreshWorker(db: Db, kind: Pick<Worker, "target" | "framework">, at: number) {
  return db.query.update(workers).set({ updatedAt: at }).where(isKind(kind)).returning({ id: workers.id });
}

/** The id of the worker of a kind on a target, for a statement that comes after its registration in a batch. */
export const workerIdOf = ({ target, framework }: Pick<Worker, "target" | "framework">) =>
  sql<string>`(select id from workers where target = ${target} and framework = ${framework})`;

/** Gives one row if the worker was there. */
export function deleteWorker(db: Db, id: number) {
  return db.query.delete(workers).where(eq(workers.id, id)).returning({ id: workers.id });
}

/** Whether there is a worker: one row or none. */
export function workerExists(db: Db, id: number) {
  return db.query.select({ id: workers.id }).from(workers).where(eq(workers.id, id));
}

/** All workers of a filter in the order of first registration; there are as many as there are systems to work on. */
export function workersMatching(db: Db, { target, framework, datacenter }: WorkerFilter): Promise<Worker[]> {
  return db.query
    .select()
    .from(workers)
    .where(
      and(
        target === undefined ? undefined : eq(workers.target, target),
        framework === undefined ? undefined : eq(workers.framework, framework),
        datacenter === undefined ? undefined : eq(workers.datacenter, datacenter),
      ),
    )
    .orderBy(asc(workers.id))
    .all();
}
