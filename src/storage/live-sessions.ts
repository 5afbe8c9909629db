import { and, desc, eq, gt, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { groups, sessions, tokenFamilies } from "./schema.ts";
import { idOf, type Whose } from "./users.ts";

const TABLES = { session: sessions, jwt: tokenFamilies };

/** By a session token, or by a family of JWTs. */
export type SessionKind = keyof typeof TABLES;

const live = ({ userId, expiresAt, epoch }: (typeof TABLES)[SessionKind], whose: Whose, now: number) =>
  and(
    eq(userId, idOf(whose)),
    gt(expiresAt, now),
    sql`${epoch} = (select auth_epoch from users where users.id = ${userId})`,
  );

/** The statements that read what somebody is logged in with, newest first and at most so many each: sessions, then families of JWTs. */
export const selectLiveSessions = (db: Db, whose: Whose, now: number, limit: number) =>
  [
    db.query
      .select({
        id: sessions.id,
        note: sessions.note,
        project: groups.name,
        createdAt: sessions.createdAt,
        expiresAt: sessions.expiresAt,
      })
      .from(sessions)
      .leftJoin(groups, eq(groups.id, sessions.projectId))
      .where(live(sessions, whose, now))
      .orderBy(desc(sessions.createdAt))
      .limit(limit),
    db.query
      .select({ id: tokenFamilies.id, createdAt: tokenFamilies.createdAt, expiresAt: tokenFamilies.expiresAt })
      .from(tokenFamilies)
      .where(live(tokenFamilies, whose, now))
      .orderBy(desc(tokenFamilies.createdAt))
      .limit(limit),
  ] as const;

/** Lets one outlive the next raise of its user's epoch; one that has ended stays as far behind. */
export function carryOver(db: Db, kind: SessionKind, id: string, userId: string) {
  const table = TABLES[kind];
  return db.query
    .update(table)
    .set({ epoch: sql`${table.epoch} + 1` })
    .where(and(eq(table.id, id), eq(table.userId, userId)));
}
