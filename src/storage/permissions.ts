import { and, asc, eq } from "drizzle-orm";
import type { Db } from "./db.ts";
import { permissions } from "./schema.ts";

/** The permissions stored for a user, in the order of granting. */
export async function permissionsOf(db: Db, userId: string): Promise<string[]> {
  const rows = await db.query
    .select({ permission: permissions.permission })
    .from(permissions)
    .where(eq(permissions.userId, userId))
    .orderBy(asc(permissions.seq))
    .all();
  return rows.map(({ permission }) => permission);
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
