import { type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { Db } from "./db.ts";

/** The counts kept of a list: rows of `user_counts` or `row_counts`. */
export interface Counts {
  table: SQL;
  /** Which rows of the table are about the list. */
  about: SQL;
  /** How many rows of the list such a row counts. */
  rows: SQL;
}

/** The counts of a list of `row_counts`. */
export const countsOf = (list: string): Counts => ({
  table: sql`row_counts`,
  about: sql`list = ${list}`,
  rows: sql`rows`,
});

/** The statement that reads how many rows a list has: one row, or none where there has never been any. */
export const selectTotal = (db: Db, { table, about, rows }: Counts) =>
  db.query
    .select({ total: sql<number>`${rows}` })
    .from(table)
    .where(sql`${about} and level = 4`);

/**
 * Finds the row at an offset of a list: `begin`, the least key of its block of level 1, and `skip`, how many rows of the block
 * come before it; no row when the list is not so long. From the top level on it goes from block to block as long as they come
 * before the row, and then into the one that holds it: at most 64 blocks on a level but the top one.
 */
export function placeAt({ table, about, rows }: Counts, offset: number): SQL {
  const into = sql`(before + holds > ${offset})`;
  const next = sql`select min(block) from ${table}
    where ${about} and level = at - ${into} and block >= iif(${into}, here << 6, here + 1)`;
  // Without the limit SQLite would look for the place once for each use of it.
  return sql`
    with recursive walk (at, here, holds, before) as (
      select * from (select level, block, ${rows}, 0 from ${table} where ${about} and level = 3 order by block limit 1)
      union all
      select level, block, ${rows}, before + iif(${into}, 0, holds) from walk join ${table}
        on ${about} and level = at - ${into} and block = (${next}) where at > 1 or not ${into})
    select here << 6 as begin, ${offset} - before as skip from walk where at = 1 and ${into} limit 1`;
}

/** What leads to a row in a statement `with place as (…)` of `placeAt`. */
export const PLACE = {
  begin: sql`(select begin from place)`,
  // drizzle types an offset as a number; SQLite takes any scalar expression.
  skip: sql`coalesce((select skip from place), 0)` as unknown as number,
};

/** How a statement begins at an offset of a list. */
export interface Start {
  /** What it is built from. */
  from: Pick<Db["query"], "select">;
  /** What it meets; undefined: all rows. */
  where: SQL | undefined;
  /** How many of these it leaves out. */
  skip: number;
}

/** The start of a statement at an offset of a list. `isBehind`: whether a row has that key or one that comes later. */
export const startAt = (db: Db, counts: Counts, offset: number, isBehind: (key: SQL) => SQL): Start =>
  offset === 0
    ? { from: db.query, where: undefined, skip: 0 }
    : {
        from: db.query.with(db.query.$with("place", {}).as(placeAt(counts, offset))),
        where: isBehind(PLACE.begin),
        skip: PLACE.skip,
      };

/** The same of a list that begins with the newest and whose keys are the negatives of these ids. */
export const startAtNewest = (db: Db, list: string, offset: number, id: SQLWrapper): Start =>
  startAt(db, countsOf(list), offset, (key) => sql`${id} <= -${key}`);
