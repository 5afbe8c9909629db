import { and, eq, lte } from "drizzle-orm";
import type { Db } from "./db.ts";
import { type Held, heldColumns } from "./held.ts";
import { tokenFamilies, tokenRotations, users } from "./schema.ts";

export type TokenFamily = typeof tokenFamilies.$inferSelect;
export type TokenRotation = typeof tokenRotations.$inferSelect;

export function insertFamily(db: Db, family: TokenFamily) {
  return db.query.insert(tokenFamilies).values(family);
}

const familyAndUser = (db: Db, familyId: string) =>
  db.query
    .select({ family: tokenFamilies, ...heldColumns(db) })
    .from(tokenFamilies)
    .innerJoin(users, eq(users.id, tokenFamilies.userId))
    .where(eq(tokenFamilies.id, familyId));

/** A family, its user and what he holds; undefined when it has ended. */
export function familyOf(db: Db, familyId: string): Promise<(Held & { family: TokenFamily }) | undefined> {
  return familyAndUser(db, familyId).get();
}

/** That a token was refreshed; one that was is a constraint violation, and so is a family that has ended. */
export function insertRotation(db: Db, rotation: TokenRotation) {
  return db.query.insert(tokenRotations).values(rotation);
}

export function rotationOf(db: Db, jti: string): Promise<TokenRotation | undefined> {
  return db.query.select().from(tokenRotations).where(eq(tokenRotations.jti, jti)).get();
}

/** Lets a family live as long as its newest token can be refreshed. */
export function extendFamily(db: Db, familyId: string, expiresAt: number) {
  return db.query.update(tokenFamilies).set({ expiresAt }).where(eq(tokenFamilies.id, familyId));
}

/** Ends a family of a user with all of its tokens; gives one row if it was there. */
export function deleteFamily(db: Db, familyId: string, userId: string) {
  return db.query
    .delete(tokenFamilies)
    .where(and(eq(tokenFamilies.id, familyId), eq(tokenFamilies.userId, userId)))
    .returning({ id: tokenFamilies.id });
}

export const deleteExpiredFamilies = (db: Db, now: number) =>
  db.query.delete(tokenFamilies).where(lte(tokenFamilies.expiresAt, now));

/** Forgets tokens that were refreshed before a time, when they cannot be presented again. */
export const deleteRotationsBefore = (db: Db, at: number) =>
  db.query.delete(tokenRotations).where(lte(tokenRotations.rotatedAt, at));
