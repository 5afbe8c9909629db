import { and, desc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { commit, type Db } from "./db.ts";
import { notifications } from "./schema.ts";

export type Notification = typeof notifications.$inferSelect;

export function insertNotification(db: Db, notification: Omit<typeof notifications.$inferInsert, "seq">) {
  return db.query.insert(notifications).values(notification);
}

export function notificationWithId(db: Db, id: string): Promise<Notification | undefined> {
  return db.query.select().from(notifications).where(eq(notifications.id, id)).get();
}

/** Newest first; all of them without a page. */
export async function notificationsMatching(db: Db, where: SQL | undefined, page?: { offset: number; length: number }) {
  const list = db.query
    .select()
    .from(notifications)
    .where(where)
    .orderBy(desc(notifications.createdAt), desc(notifications.seq));
  if (!page) return { rows: await list.all(), total: undefined };
  const counted = db.query.select({ total: sql<number>`count(*)` }).from(notifications).where(where);
  const [[count], rows] = await commit(db, counted, list.limit(page.length).offset(page.offset));
  return { rows, total: count?.total ?? 0 };
}

/** Error notifications that nobody has acknowledged, newest first. */
export async function openErrors(db: Db): Promise<Notification[]> {
  const where = and(eq(notifications.error, true), eq(notifications.acknowledged, false));
  return (await notificationsMatching(db, where)).rows;
}

/** At most 100 ids, the most that a statement of D1 can bind. */
export function acknowledge(db: Db, ids: string[]) {
  return db.query.update(notifications).set({ acknowledged: true }).where(inArray(notifications.id, ids));
}
