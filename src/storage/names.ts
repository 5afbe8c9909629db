import { type SQL, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { groups, users } from "./schema.ts";

/** The statements that read what the users and the groups of these ids are called. */
export function selectNames(db: Db, userIds: string[], groupIds: string[]) {
  const isIn = (id: typeof users.id | typeof groups.id, ids: string[]): SQL =>
    sql`${id} in (select value from json_each(${JSON.stringify(ids)}))`;
  return [
    db.query.select({ id: users.id, name: users.name }).from(users).where(isIn(users.id, userIds)),
    db.query.select({ id: groups.id, name: groups.name }).from(groups).where(isIn(groups.id, groupIds)),
  ] as const;
}
