import { and, asc, count, gte, lt, sql } from "drizzle-orm";
import { commit, type Db } from "./db.ts";
import type { Group } from "./groups.ts";
import { afterPrefix } from "./keys.ts";
import { countsOf, selectTotal } from "./places.ts";
import { groups } from "./schema.ts";

/** What a list tells of a group. */
export type ListedGroup = Pick<Group, "name" | "parent" | "createdAt"> & { members: number };

/** Groups whose names begin with a text, by their names, from an offset on, and how many there are; one round trip. */
export async function groupRun(
  db: Db,
  prefix: string,
  { offset, length }: { offset: number; length: number },
): Promise<{ rows: ListedGroup[]; total: number }> {
  const beyond = afterPrefix(prefix);
  const matching = and(gte(groups.name, prefix), beyond === undefined ? undefined : lt(groups.name, beyond));
  const [[counted], rows] = await commit(
    db,
    prefix === ""
      ? selectTotal(db, countsOf("groups"))
      : db.query.select({ total: count() }).from(groups).where(matching),
    db.query
      .select({
        name: groups.name,
        parent: groups.parent,
        createdAt: groups.createdAt,
        members: sql<number>`(select count(*) from memberships where group_id = groups.id)`.as("members"),
      })
      .from(groups)
      .where(matching)
      .orderBy(asc(groups.name))
      .limit(length)
      .offset(offset),
  );
  return { rows, total: counted?.total ?? 0 };
}
