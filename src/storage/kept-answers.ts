import { and, eq, lte } from "drizzle-orm";
import type { Db } from "./db.ts";
import { keptAnswers } from "./schema.ts";

export type KeptRow = typeof keptAnswers.$inferSelect;

/** The constraint that refuses a second answer under a key of a caller. */
export const KEPT_ANSWER = "kept_answers.caller+kept_answers.key";

export function keptAnswer(db: Db, caller: string, key: string): Promise<KeptRow | undefined> {
  return db.query
    .select()
    .from(keptAnswers)
    .where(and(eq(keptAnswers.caller, caller), eq(keptAnswers.key, key)))
    .get();
}

/** Keeps an answer, in the place of one whose time is over. */
export function insertKeptAnswer(db: Db, row: KeptRow, now: number) {
  return [
    db.query
      .delete(keptAnswers)
      .where(and(eq(keptAnswers.caller, row.caller), eq(keptAnswers.key, row.key), lte(keptAnswers.expiresAt, now))),
    db.query.insert(keptAnswers).values(row),
  ];
}

export function deleteExpiredAnswers(db: Db, now: number) {
  return db.query.delete(keptAnswers).where(lte(keptAnswers.expiresAt, now));
}
