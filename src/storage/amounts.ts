import { type SQL, sql } from "drizzle-orm";
import type { Db } from "./db.ts";

/** A number of things; `more`: there are more than these. */
export interface Amount {
  count: number;
  more: boolean;
}

/** How far things are counted that are only to be told roughly, and how far in each row of a list. */
const COUNTED_MAX = 1_000;
export const ROUGHLY = 100;

/** The amount of rows of a select without a limit, as a column. */
export const amountOf = (rows: SQL, max = COUNTED_MAX) =>
  sql<Amount>`(select count(*) from (${rows} limit ${max + 1}))`.mapWith(
    (count: number): Amount => ({ count: Math.min(count, max), more: count > max }),
  );

/** The statement that reads it alone. */
export const selectAmount = (db: Db, rows: SQL) =>
  db.query.select({ amount: amountOf(rows).as("amount") }).from(sql`(select 1)`);
