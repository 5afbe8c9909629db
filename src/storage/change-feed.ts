import { and, lt, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { userChanges } from "./schema.ts";

/** A change to a person, by its place in the feed; `user_id` null: it may concern anybody. */
interface Change {
  seq: number;
  user_id: string | null;
}

/** How many changes are worth reading one by one; after more everybody counts as changed. */
const CHANGES_MAX = 500;
/** A reading that has taken so long is not coming. */
const READING_MS = 5_000;

/** A look at what is new in the feed. */
interface Reading {
  /** To be run after whatever it shall know of. */
  statement: D1PreparedStatement;
  /** Takes in its rows, and the state of D1 that they are from. */
  take(rows: unknown[], bookmark: string | null): void;
}

/**
 * What this isolate knows of changes to people. Triggers write each into `user_changes` in the order in which they are
 * committed; whoever remembers something of a person is told when they are read.
 */
export interface ChangeFeed {
  read(from: Pick<D1Database, "prepare">, now: number): Reading;
  /** Something was written, or may have been, of which no reading tells yet. */
  written(): void;
  /** Whether everything is known that was in D1 `withinMs` ago, and everything that was written through this isolate. */
  isCurrent(now: number, withinMs: number): boolean;
  /** Reads what is new, on its own; nothing comes of it where somebody else does just that. */
  catchUp(from: D1DatabaseSession, now: number): Promise<void>;
  /** Whether there has been a reading. */
  isOpen(): boolean;
  /** The state of D1 up to which changes are known; null: none. */
  bookmark(): string | null;
  /** Becomes another whenever something that was read before may have changed. */
  turn(): number;
  /** Whom to tell that a person has changed; undefined: anybody may have. */
  onChange(tell: (userId: string | undefined) => void): void;
}

const feeds = new WeakMap<object, ChangeFeed>();

/** The feed of a database, one for each isolate. */
export function feedOf(binding: object): ChangeFeed {
  const feed = feeds.get(binding) ?? newFeed();
  feeds.set(binding, feed);
  return feed;
}

function newFeed(): ChangeFeed {
  let position: number | undefined;
  let bookmark: string | null = null;
  /** When the newest reading set out, and one of its own that is still under way. */
  let asOf = Number.NEGATIVE_INFINITY;
  let underWay = Number.NEGATIVE_INFINITY;
  let turn = 0;
  /** Writes through this isolate, and those that the newest reading knows of. */
  let writes = 0;
  let known = 0;
  const listeners: ((userId: string | undefined) => void)[] = [];

  const read = (from: Pick<D1Database, "prepare">, now: number): Reading => {
    const [since, written] = [position, writes];
    return {
      statement: from
        .prepare("select seq, user_id from user_changes where seq >= ? order by seq desc limit ?")
        .bind(since ?? 0, CHANGES_MAX + 1),
      take(rows, at) {
        asOf = Math.max(asOf, now);
        known = Math.max(known, written);
        if (at !== null && at > (bookmark ?? "")) bookmark = at;
        take(rows as Change[], since);
      },
    };
  };
  const take = (changes: Change[], since: number | undefined) => {
    position = Math.max(position ?? 0, changes[0]?.seq ?? 0);
    // The change that was the last one comes again; else some in between are gone, or D1 was restored.
    const isWhole = since === 0 ? changes.length <= CHANGES_MAX : changes.at(-1)?.seq === since;
    const changed = !isWhole ? [undefined] : changes.filter(({ seq }) => seq !== since).map(({ user_id }) => user_id);
    if (changed.length > 0) turn += 1;
    for (const userId of changed) for (const tell of listeners) tell(userId ?? undefined);
  };

  return {
    read,
    async catchUp(from, now) {
      if (now - underWay < READING_MS) return;
      underWay = now;
      try {
        const { statement, take } = read(from, now);
        take((await statement.all()).results, from.getBookmark());
      } finally {
        underWay = Number.NEGATIVE_INFINITY;
      }
    },
    written() {
      writes += 1;
      turn += 1;
    },
    isCurrent: (now, withinMs) => known === writes && now - asOf < withinMs,
    isOpen: () => position !== undefined,
    bookmark: () => bookmark,
    turn: () => turn,
    onChange: (tell) => void listeners.push(tell),
  };
}

/** Forgets the changes before a time, but never the last one: by that it is seen that none is missing. */
export function deleteChangesBefore(db: Db, at: number) {
  const last = sql`(select max(${userChanges.seq}) from ${userChanges})`;
  return db.query.delete(userChanges).where(and(lt(userChanges.seq, last), lt(userChanges.at, at)));
}
