import { type SQL, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { asFault } from "./fault.ts";
import { type Patience, patienceOf } from "./patience.ts";

/** Any statement that a batch may hold, not awaited yet. */
export type Statement = BatchItem<"sqlite">;

/** What has to hold for a statement to take effect; closed to the layers above. */
export type Condition = SQL;

/** One request's view of D1. */
export interface Db {
  query: DrizzleD1Database;
  /** Round trips so far. */
  trips(): number;
  /** The session's bookmark after its last statement, or null before the first. */
  bookmark(): string | null;
}

/**
 * Opens D1 for one request. The session begins at the primary: credentials and versions are judged by the newest state.
 * Every fault of a statement comes out as `asFault` gives it. D1 itself asks again for what only reads; what writes is never
 * asked for twice here.
 */
export function openDb(binding: D1Database, patience: Patience = patienceOf()): Db {
  const session = binding.withSession("first-primary");
  let trips = 0;
  const counted = async <T>(call: () => Promise<T>): Promise<T> => {
    trips += 1;
    try {
      return await patience.wait(call);
    } catch (error) {
      throw asFault(error);
    }
  };
  const watched = (inner: D1PreparedStatement): WatchedStatement => ({
    inner,
    bind: (...values) => watched(inner.bind(...values)),
    all: () => counted(() => inner.all()),
    run: () => counted(() => inner.run()),
    raw: (options) => counted(() => inner.raw(options)),
    first: (column: string) => counted(() => inner.first(column)),
  });
  const client = {
    prepare: (sql: string) => watched(session.prepare(sql)),
    batch: (list: WatchedStatement[]) => counted(() => session.batch(list.map(({ inner }) => inner))),
  };
  return {
    // drizzle asks no more of its client than these two.
    query: drizzle(client as unknown as D1Database),
    trips: () => trips,
    bookmark: () => session.getBookmark(),
  };
}

interface WatchedStatement {
  inner: D1PreparedStatement;
  bind(...values: unknown[]): WatchedStatement;
  all(): Promise<unknown>;
  run(): Promise<unknown>;
  raw(options?: never): Promise<unknown>;
  first(column: string): Promise<unknown>;
}

/** Runs statements as one batch: all of them or none. Gives their results in order. */
export function commit<const S extends readonly [Statement, ...Statement[]]>(db: Db, ...statements: S) {
  return db.query.batch(statements);
}

/** The same for a list whose length is only known at run time; its results are of no interest. */
export async function commitAll(db: Db, statements: readonly Statement[]): Promise<void> {
  const [first, ...rest] = statements;
  if (first) await db.query.batch([first, ...rest]);
}

/** Settles when D1 answers. */
export async function reachDb(db: Db): Promise<void> {
  await db.query.get(sql`select 1`);
}
