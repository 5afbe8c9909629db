import { and, asc, eq } from "drizzle-orm";
import type { Db } from "./db.ts";
import { permissions } from "./schema.ts";
import { idOf, type Whose } from "./users.ts";

/** The statement that reads the permissions stored for a user, in the order of granting, to be read together with others. */
export const selectPermissions = (db: Db, whose: Whose) =>
  db.query
    .select({ permission: permissions.permission })
    .from(permissions)
    .where(eq(permissions.userId, idOf(whose)))
    .orderBy(asc(permissions.seq));

export async function permissionsOf(db: Db, userId: string): Promise<string[]> {
  return (await selectPermissions(db, { id: userId })).map(({ permission }) => permission);
}

/** Appends a permission; one that is there already is a constraint violation. */
export function insertPermission(db: Db, userId: string, permission: string) {
  return db.query.insert(permissions).values({ userId, permission });
}

/** Removes a permission, compared as text; gives one row if it was there. */
export function deletePermission(db: Db, userId: string, permission: string) {
  return db.query
    .delete(permissions)
    .where(and(eq(permissions.userId, userId), eq(permissions.permission, permission)))
    .returning({ permission: permissions.permission });
}
