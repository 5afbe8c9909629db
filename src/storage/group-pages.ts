import { asc, sql } from "drizzle-orm";
import { amountOf, ROUGHLY } from "./amounts.ts";
import type { Db } from "./db.ts";
import { NAMES_ON_PAGE, type NamePage, onPage } from "./name-pages.ts";
import { groups } from "./schema.ts";

/** The groups of a page, and how many members each has. */
export const groupsOnPage = (db: Db, page: NamePage) =>
  db.query
    .select({
      name: groups.name,
      parent: groups.parent,
      createdAt: groups.createdAt,
      members: amountOf(sql`select 1 from memberships where group_id = groups.id`, ROUGHLY),
    })
    .from(groups)
    .where(onPage(groups.name, page))
    .orderBy(asc(groups.name))
    .limit(NAMES_ON_PAGE + 1);
