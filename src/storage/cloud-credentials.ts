import { and, asc, eq, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { cloudCredentials } from "./schema.ts";
import { idOf, type Whose } from "./users.ts";

export type CloudCredential = typeof cloudCredentials.$inferSelect;
export type NewCloudCredential = Omit<typeof cloudCredentials.$inferInsert, "seq">;

/** The credentials of a user, in the order of adding. */
export function credentialsOf(db: Db, userId: string): Promise<CloudCredential[]> {
  const ofUser = eq(cloudCredentials.userId, userId);
  return db.query.select().from(cloudCredentials).where(ofUser).orderBy(asc(cloudCredentials.seq)).all();
}

/** The titles of a user's credentials, in the order of adding. */
export function credentialTitlesOf(db: Db, userId: string): Promise<CredentialTitle[]> {
  const { name, type, addedAt, userId: owner, seq } = cloudCredentials;
  return db.query
    .select({ name, type, addedAt })
    .from(cloudCredentials)
    .where(eq(owner, userId))
    .orderBy(asc(seq))
    .all();
}

/** What a credential is, without its content. */
export type CredentialTitle = Pick<CloudCredential, "name" | "type" | "addedAt">;

/** The statements that read somebody's credential of a name, and how many he has. */
export const selectCredentialNamed = (db: Db, whose: Whose, name: string) =>
  db.query
    .select()
    .from(cloudCredentials)
    .where(and(eq(cloudCredentials.userId, idOf(whose)), eq(cloudCredentials.name, name)));
export const selectCredentialCount = (db: Db, whose: Whose) =>
  db.query
    .select({ count: sql<number>`count(*)` })
    .from(cloudCredentials)
    .where(eq(cloudCredentials.userId, idOf(whose)));

/** Adds a credential to fewer than so many; a name that the user has already is a constraint violation. */
export function insertCredential(db: Db, { userId, name, type, sealed, addedAt }: NewCloudCredential, max: number) {
  return db.query.insert(cloudCredentials).select(sql`
    select null, ${userId}, ${name}, ${type}, ${sealed}, ${addedAt}
    where (select count(*) from cloud_credentials where user_id = ${userId}) < ${max}`);
}

export function deleteCredential(db: Db, userId: string, name: string) {
  return db.query
    .delete(cloudCredentials)
    .where(and(eq(cloudCredentials.userId, userId), eq(cloudCredentials.name, name)));
}
