import { and, eq, lte } from "drizzle-orm";
import type { Db } from "./db.ts";
import { type Held, heldColumns } from "./held.ts";
import { sessions, users } from "./schema.ts";

export type Session = typeof sessions.$inferSelect;

export function insertSession(db: Db, session: Session) {
  return db.query.insert(sessions).values(session);
}

/** A session, its user and what he holds. */
export interface HeldSession extends Held {
  session: Session;
}

/** A session and its user, by the digest of its token. */
export function sessionWithDigest(db: Db, digest: string): Promise<HeldSession | undefined> {
  return db.query
    .select({ session: sessions, ...heldColumns(db) })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(sessions.digest, digest))
    .get();
}

/** The same by what the edge copy of the token knows: both rows by their primary keys. */
export function sessionOfUser(db: Db, sessionId: string, userId: string): Promise<HeldSession | undefined> {
  return db.query
    .select({ session: sessions, ...heldColumns(db) })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.id, sessionId), eq(users.id, userId)))
    .get();
}

/** Ends a session of a user; gives one row if it was there. */
export function deleteSession(db: Db, id: string, userId: string) {
  return db.query
    .delete(sessions)
    .where(and(eq(sessions.id, id), eq(sessions.userId, userId)))
    .returning({ id: sessions.id });
}

export function deleteSessionsOf(db: Db, userId: string) {
  return db.query.delete(sessions).where(eq(sessions.userId, userId));
}

/** Removes sessions that had ended by `now`. */
export function deleteExpiredSessions(db: Db, now: number) {
  return db.query.delete(sessions).where(lte(sessions.expiresAt, now));
}
