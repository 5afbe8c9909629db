import { and, eq, lt, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { heldContents } from "./schema.ts";

/** Keeps what a task needs and must not show. `sealed`: a JWE. */
export function insertHeldContent(db: Db, row: typeof heldContents.$inferInsert) {
  return db.query.insert(heldContents).values(row);
}

/** The statement that reads what is kept for a task, sealed. */
export const selectHeldContent = (db: Db, taskId: string) =>
  db.query.select({ sealed: heldContents.sealed }).from(heldContents).where(eq(heldContents.taskId, taskId));

export function deleteHeldContent(db: Db, taskId: string) {
  return db.query.delete(heldContents).where(eq(heldContents.taskId, taskId));
}

/** Removes what was kept before a time for tasks that are over, or were never made. */
export function deleteStaleContents(db: Db, before: number) {
  const isOpen = sql`exists (select 1 from tasks where id = ${heldContents.taskId} and open = 1)`;
  return db.query.delete(heldContents).where(and(lt(heldContents.heldAt, before), sql`not ${isOpen}`));
}
