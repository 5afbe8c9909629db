import { type SQL, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { type MembershipRows, selectDefaultRoles, selectMemberships } from "./groups.ts";
import { selectPermissions } from "./permissions.ts";
import { users } from "./schema.ts";
import type { User } from "./users.ts";

/** A user and what he holds everywhere, as it is read together with his credential. */
export interface Held {
  user: User;
  permissions: { permission: string }[];
  memberships: MembershipRows;
  defaultRoles: { role: string }[];
}

/** The columns of a statement that finds a user by a credential: all of `Held`, in the row of that credential. */
export function heldColumns(db: Db) {
  const him = { id: users.id };
  return {
    user: users,
    permissions: rowsOf<Held["permissions"]>(sql`'permission', permission`, selectPermissions(db, him).getSQL()),
    memberships: rowsOf<MembershipRows>(sql`'id', id, 'name', name, 'role', role`, selectMemberships(db, him).getSQL()),
    defaultRoles: rowsOf<Held["defaultRoles"]>(sql`'role', role`, selectDefaultRoles(db, him).getSQL()),
  };
}

/** The rows of another statement, in their order, as one column. */
const rowsOf = <T>(members: SQL, rows: SQL) =>
  sql<T>`(select json_group_array(json_object(${members})) from (${rows}))`.mapWith(
    (text: string): T => JSON.parse(text),
  );
