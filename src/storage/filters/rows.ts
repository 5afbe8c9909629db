import { and, type SQL, sql } from "drizzle-orm";
import type { RunnableQuery } from "drizzle-orm/runnable-query";
import { commit, type Db } from "../db.ts";
import { rowCounts } from "../schema.ts";
import type { List } from "./lists.ts";
import type { Selected } from "./select.ts";

export interface Page {
  offset: number;
  length: number;
}

/** A page that leaves nothing out. */
export const EVERYTHING: Page = { offset: 0, length: -1 };

/** The rows that hold a condition, in the order of their list; all of them without a page. */
export type Read<T> = (where: SQL | undefined, page?: Page) => RunnableQuery<T[], "sqlite"> & PromiseLike<T[]>;

const KEYS_PER_STATEMENT = 2000;

/** The rows selected, in the order of the list; all of them without a page, else a page and how many there are in all. */
export async function selectedRows<T>(
  db: Db,
  selected: Selected,
  read: Read<T>,
  page?: Page,
): Promise<{ rows: T[]; total: number | undefined }> {
  const { list } = selected;
  if ("keys" in selected) {
    const { keys } = selected;
    const wanted = page ? keys.slice(page.offset, page.offset + page.length) : keys;
    const rows: T[] = [];
    for (let at = 0; at < wanted.length; at += KEYS_PER_STATEMENT) {
      const some = JSON.stringify(wanted.slice(at, at + KEYS_PER_STATEMENT));
      rows.push(...(await read(sql`${list.tie} in (select value from json_each(${some}))`)));
    }
    return { rows, total: keys.length };
  }
  const where = and(list.scope, selected.where);
  if (!page) return { rows: await read(where), total: undefined };
  const [[count], rows] = await commit(db, counted(db, selected.list, selected.where), read(where, page));
  return { rows, total: count?.total ?? 0 };
}

function counted(db: Db, { source, scope, countedAs }: List, where: SQL | undefined) {
  if (!where && countedAs) {
    return db.query.select({ total: rowCounts.rows }).from(rowCounts).where(sql`${rowCounts.list} = ${countedAs}`);
  }
  return db.query.select({ total: sql<number>`count(*)` }).from(source).where(and(scope, where));
}
