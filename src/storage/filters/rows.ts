import { and, count, type SQL, sql } from "drizzle-orm";
import type { RunnableQuery } from "drizzle-orm/runnable-query";
import { commit, type Db } from "../db.ts";
import { countsOf, type Start, selectTotal, startAt } from "../places.ts";
import type { List } from "./lists.ts";
import type { Selected } from "./select.ts";

export interface Page {
  offset: number;
  length: number;
}

/** A page that leaves nothing out. */
export const EVERYTHING: Page = { offset: 0, length: -1 };

/** The rows that hold a condition, in the order of their list; all of them without a page. `from`: what it is built from. */
export type Read<T> = (
  where: SQL | undefined,
  page?: Page,
  from?: Start["from"],
) => RunnableQuery<T[], "sqlite"> & PromiseLike<T[]>;

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
      rows.push(...(await read(and(list.scope, sql`${list.tie} in (select value from json_each(${some}))`))));
    }
    return { rows, total: keys.length };
  }
  const where = and(list.scope, selected.where);
  if (!page) return { rows: await read(where), total: undefined };
  if (!selected.where && list.countedAs) return locatedRows(db, list, list.countedAs, read, page);
  const total = db.query.select({ total: count() }).from(list.source).where(where);
  const [[counted], rows] = await commit(db, total, read(where, page));
  return { rows, total: counted?.total ?? 0 };
}

/** A page of a whole list, located by the kept counts: few rows but those of the minutes before it are read. */
async function locatedRows<T>(db: Db, { scope, time }: List, name: string, read: Read<T>, { offset, length }: Page) {
  const counts = countsOf(name);
  const { from, where, skip } = startAt(db, counts, offset, (key) => sql`${time} < (1 - ${key}) << 12`);
  const page = read(and(scope, where), { offset: skip, length }, from);
  const [[counted], rows] = await commit(db, selectTotal(db, counts), page);
  return { rows, total: counted?.total ?? 0 };
}
