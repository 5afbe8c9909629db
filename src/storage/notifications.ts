import { desc, eq, inArray, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { orderOf } from "./filters/lists.ts";
import { EVERYTHING, type Page, type Read, selectedRows } from "./filters/rows.ts";
import type { Selected } from "./filters/select.ts";
import { notifications } from "./schema.ts";

export type Notification = typeof notifications.$inferSelect;

export function insertNotification(db: Db, notification: Omit<typeof notifications.$inferInsert, "seq">) {
  return db.query.insert(notifications).values(notification);
}

export function notificationWithId(db: Db, id: string): Promise<Notification | undefined> {
  return db.query.select().from(notifications).where(eq(notifications.id, id)).get();
}

/** The notifications selected, newest first; all of them without a page. */
export function notificationsMatching(db: Db, selected: Selected, page?: Page) {
  const read: Read<Notification> = (where, { offset, length } = EVERYTHING, from = db.query) =>
    from.select().from(notifications).where(where).orderBy(orderOf(selected.list)).limit(length).offset(offset);
  return selectedRows(db, selected, read, page);
}

/** The statement that reads error notifications that nobody has acknowledged, newest first. */
export const selectOpenErrors = (db: Db) =>
  db.query
    .select()
    .from(notifications)
    // In the letter of the partial index, which no bound value would match.
    .where(sql`${notifications.error} = 1 and ${notifications.acknowledged} = 0`)
    .orderBy(desc(notifications.createdAt), desc(notifications.seq));

/** At most 100 ids, the most that a statement of D1 can bind. */
export function acknowledge(db: Db, ids: string[]) {
  return db.query.update(notifications).set({ acknowledged: true }).where(inArray(notifications.id, ids));
}
