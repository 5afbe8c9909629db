import { type SQL, sql } from "drizzle-orm";
import type { BatchItem, BatchResponse } from "drizzle-orm/batch";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { type ChangeFeed, feedOf } from "./change-feed.ts";
import { asFault, violated } from "./fault.ts";
import { type Patience, patienceOf } from "./patience.ts";

/** Any statement that a batch may hold, not awaited yet. */
export type Statement = BatchItem<"sqlite">;

/** What statements give, in their order. */
export type Results<S extends readonly Statement[]> = BatchResponse<S>;

/** What has to hold for a statement to take effect; closed to the layers above. */
export type Condition = SQL;

/** One request's view of D1. */
export interface Db {
  query: DrizzleD1Database;
  /** What this isolate knows of changes to people. */
  feed: ChangeFeed;
  /** Reads the feed, at no cost to the request that this is for. */
  catchUp(): Promise<void>;
  /**
   * The same request, going on with any copy of the database that is as new as what this isolate knows of it, if that state
   * is no older than the bookmark; else with the primary.
   */
  since(bookmark: string): Db;
  /** Round trips so far. */
  trips(): number;
  /** The newest state of D1 that was seen; null before the first statement. */
  bookmark(): string | null;
}

const PRIMARY = "first-primary";

/**
 * Opens D1 for one request. The session begins at the primary: credentials and versions are judged by the newest state.
 * Every fault of a statement comes out as `asFault` gives it. D1 itself asks again for what only reads; what writes is never
 * asked for twice here.
 */
export function openDb(binding: D1Database, patience: Patience = patienceOf()): Db {
  let trips = 0;
  const counted: Opened["counted"] = async (call) => {
    trips += 1;
    try {
      return await patience.wait(call);
    } catch (error) {
      throw asFault(error);
    }
  };
  return openSession({ binding, feed: feedOf(binding), counted, trips: () => trips }, PRIMARY, null);
}

interface Opened extends Pick<Db, "feed" | "trips"> {
  binding: D1Database;
  counted<T>(call: () => Promise<T>): Promise<T>;
}

/** `before`: the newest state that was seen before this session. */
function openSession(opened: Opened, start: string, before: string | null): Db {
  const { binding, feed, counted, trips } = opened;
  const session = binding.withSession(start);
  let isAsked = false;
  // Before its first answer a session would only repeat what it was begun with.
  const bookmark = () => (isAsked ? newest(before, session.getBookmark()) : before);

  const ask = async <T>(writes: boolean, call: () => Promise<T>): Promise<T> => {
    isAsked = true;
    try {
      return await counted(call);
    } finally {
      if (writes) feed.written();
    }
  };
  const watched = (inner: D1PreparedStatement, writes: boolean): WatchedStatement => ({
    inner,
    writes,
    bind: (...values) => watched(inner.bind(...values), writes),
    all: () => ask(writes, () => inner.all()),
    run: () => ask(writes, () => inner.run()),
    raw: (options) => ask(writes, () => inner.raw(options)),
    first: (column: string) => ask(writes, () => inner.first(column)),
  });
  const batch = async (list: WatchedStatement[]) => {
    const writes = list.some((each) => each.writes);
    const inner = list.map((each) => each.inner);
    if (!writes || !feed.isOpen()) return ask(writes, () => session.batch(inner));
    // Whoever writes reads in the same trip what has changed by it.
    const news = feed.read(session, Date.now());
    try {
      const results = await ask(false, () => session.batch([...inner, news.statement]));
      news.take(results.pop()?.results ?? [], session.getBookmark());
      return results;
    } catch (error) {
      if (!violated(error)) feed.written();
      throw error;
    }
  };
  const prepare = (text: string) => watched(session.prepare(text), !/^\s*select\b/i.test(text));
  return {
    // drizzle asks no more of its client than these two.
    query: drizzle({ prepare, batch } as unknown as D1Database),
    feed,
    catchUp: () => feed.catchUp(binding.withSession(PRIMARY), Date.now()),
    since(seen) {
      const known = feed.bookmark() ?? "";
      return openSession(opened, seen <= known ? known : PRIMARY, bookmark());
    },
    trips,
    bookmark,
  };
}

/** Bookmarks are in the order of the alphabet. */
const newest = (one: string | null, other: string | null) => ((one ?? "") > (other ?? "") ? one : other);

interface WatchedStatement {
  inner: D1PreparedStatement;
  writes: boolean;
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

/** Runs statements that read as one batch, if there are any; gives their results in order. */
export async function readTogether(db: Db, statements: readonly Statement[]): Promise<unknown[]> {
  const [first, ...rest] = statements;
  return first ? db.query.batch([first, ...rest]) : [];
}

/** Settles when D1 answers. */
export async function reachDb(db: Db): Promise<void> {
  await db.query.get(sql`select 1`);
}
