import { and, desc, eq, isNull, lte, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { mails } from "./schema.ts";

export type Mail = typeof mails.$inferSelect;

export function insertMail(db: Db, mail: Omit<typeof mails.$inferInsert, "seq">) {
  return db.query.insert(mails).values(mail);
}

/** The newest mails, at most `limit`; with `recipient` those to exactly this address, whatever its letter case. */
export function newestMails(db: Db, recipient: string | undefined, limit: number): Promise<Mail[]> {
  return db.query
    .select()
    .from(mails)
    .where(recipient === undefined ? undefined : sql`${mails.recipient} = ${recipient} collate nocase`)
    .orderBy(desc(mails.seq))
    .limit(limit)
    .all();
}

/**
 * Takes the mails that are due, so that nobody else does until `claimedUntil`; each counts as tried once more. Gives at
 * most `limit`.
 */
export function claimDueMails(db: Db, now: number, claimedUntil: number, limit: number) {
  const due = sql`(select seq from mails where due_at <= ${now} order by due_at limit ${limit})`;
  return db.query
    .update(mails)
    .set({ dueAt: claimedUntil, tries: sql`${mails.tries} + 1` })
    .where(and(sql`${mails.seq} in ${due}`, lte(mails.dueAt, now)))
    .returning();
}

/** Notes that a mail was handed over, and forgets what it said. */
export function mailSent(db: Db, id: string, now: number) {
  return db.query.update(mails).set({ sentAt: now, dueAt: null, text: "", html: "" }).where(eq(mails.id, id));
}

/** When a mail that could not be handed over is tried again; null: never, and what it said is forgotten. */
export function mailFailed(db: Db, id: string, dueAt: number | null) {
  return db.query
    .update(mails)
    .set(dueAt === null ? { dueAt, text: "", html: "" } : { dueAt })
    .where(and(eq(mails.id, id), isNull(mails.sentAt)));
}
