import { and, asc, eq, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { sshKeys } from "./schema.ts";
import { idOf, type Whose } from "./users.ts";

export type SshKey = typeof sshKeys.$inferSelect;
export type NewSshKey = Omit<typeof sshKeys.$inferInsert, "seq">;

/** The keys of a user, in the order of adding. */
export function sshKeysOf(db: Db, userId: string): Promise<SshKey[]> {
  return db.query.select().from(sshKeys).where(eq(sshKeys.userId, userId)).orderBy(asc(sshKeys.seq)).all();
}

/** The statement that reads how many keys somebody has, and whether one of them has this fingerprint. */
export const selectKeysBeside = (db: Db, whose: Whose, fingerprint: string) =>
  db.query
    .select({
      count: sql<number>`count(*)`,
      has: sql`total(${sshKeys.fingerprint} = ${fingerprint})`.mapWith((found) => Number(found) > 0),
    })
    .from(sshKeys)
    .where(eq(sshKeys.userId, idOf(whose)));

/** Adds a key to fewer than so many; one that the user has already is a constraint violation. */
export function insertSshKey(db: Db, key: NewSshKey, max: number) {
  const { userId, fingerprint, key: text, type, bits, comment, addedAt } = key;
  return db.query.insert(sshKeys).select(sql`
    select null, ${userId}, ${fingerprint}, ${text}, ${type}, ${bits}, ${comment}, ${addedAt}
    where (select count(*) from ssh_keys where user_id = ${userId}) < ${max}`);
}

export function deleteSshKey(db: Db, userId: string, fingerprint: string) {
  return db.query.delete(sshKeys).where(and(eq(sshKeys.userId, userId), eq(sshKeys.fingerprint, fingerprint)));
}
