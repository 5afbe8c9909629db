import { and, desc, eq, getTableColumns, isNull, lt, or } from "drizzle-orm";
import type { Db } from "./db.ts";
import { type Held, heldColumns } from "./held.ts";
import { apiKeys, users } from "./schema.ts";
import { idOf, type User, type Whose } from "./users.ts";

export type ApiKey = typeof apiKeys.$inferSelect;
export type NewApiKey = Omit<typeof apiKeys.$inferInsert, "seq">;

export function insertApiKey(db: Db, key: NewApiKey) {
  return db.query.insert(apiKeys).values(key).returning();
}

/** A key, its owner and what he holds, by the part of it that is no secret. */
export function apiKeyOfIdentity(db: Db, identity: string): Promise<(Held & { key: ApiKey }) | undefined> {
  return db.query
    .select({ key: apiKeys, ...heldColumns(db) })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .where(eq(apiKeys.identity, identity))
    .get();
}

/** A key and its owner, by its id. */
export function apiKeyWithId(db: Db, id: string): Promise<{ key: ApiKey; user: User } | undefined> {
  return db.query
    .select({ key: apiKeys, user: users })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .where(eq(apiKeys.id, id))
    .get();
}

const { digest: _, ...LISTED } = getTableColumns(apiKeys);
/** A key as a list tells of it. */
export type ListedKey = Omit<ApiKey, "digest">;

/** The statement that reads the keys of a user, the newest first. */
export const selectKeysOf = (db: Db, whose: Whose, limit: number) =>
  db.query
    .select(LISTED)
    .from(apiKeys)
    .where(eq(apiKeys.userId, idOf(whose)))
    .orderBy(desc(apiKeys.seq))
    .limit(limit);

/** Gives one row if the key was there. */
export function deleteApiKey(db: Db, id: string) {
  return db.query.delete(apiKeys).where(eq(apiKeys.id, id)).returning({ id: apiKeys.id });
}

/** Notes that a key was used, unless a later use is noted. */
export function updateKeyUse(db: Db, id: string, at: number) {
  return db.query
    .update(apiKeys)
    .set({ lastUsedAt: at })
    .where(and(eq(apiKeys.id, id), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, at))));
}
