import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { commit, type Db } from "./db.ts";
import { groups, memberRoles, memberships, users } from "./schema.ts";
import type { User } from "./users.ts";

/** Somebody in a group. */
export interface Member {
  user: Pick<User, "id" | "name" | "email" | "state">;
  /** In the order of granting. */
  roles: string[];
}

/** A row a role of each member, or one without a role, members in the order of joining; all of them or one. */
export function memberRows(db: Db, groupId: string, userId?: string) {
  return db.query
    .select({ id: users.id, name: users.name, email: users.email, state: users.state, role: memberRoles.role })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .leftJoin(
      memberRoles,
      and(eq(memberRoles.groupId, memberships.groupId), eq(memberRoles.userId, memberships.userId)),
    )
    .where(and(eq(memberships.groupId, groupId), userId === undefined ? undefined : eq(memberships.userId, userId)))
    .orderBy(asc(memberships.seq), asc(memberRoles.seq));
}

/** The members that rows of `memberRows` tell of. */
export function membersFrom(rows: Awaited<ReturnType<typeof memberRows>>): Member[] {
  const byId = new Map<string, Member>();
  for (const { role, ...user } of rows) {
    const member = byId.get(user.id) ?? { user, roles: [] };
    if (role !== null) member.roles.push(role);
    byId.set(user.id, member);
  }
  return [...byId.values()];
}

/** Whether group and user are there, and the roles that he holds in it, in the order of granting; one round trip. */
export async function standingOf(db: Db, groupId: string, userId: string) {
  const [[group], [user], held] = await commit(
    db,
    db.query.select({ id: groups.id }).from(groups).where(eq(groups.id, groupId)),
    db.query.select({ id: users.id, name: users.name }).from(users).where(eq(users.id, userId)),
    db.query
      .select({ role: memberRoles.role })
      .from(memberRoles)
      .where(and(eq(memberRoles.groupId, groupId), eq(memberRoles.userId, userId)))
      .orderBy(asc(memberRoles.seq)),
  );
  return { group, user, roles: held.map(({ role }) => role) };
}

export function deleteMemberRoles(db: Db, groupId: string, userId: string, roles: string[]) {
  return db.query
    .delete(memberRoles)
    .where(and(eq(memberRoles.groupId, groupId), eq(memberRoles.userId, userId), inArray(memberRoles.role, roles)));
}

/** Lets a member leave who holds no role any more. */
export function deleteMemberWithoutRoles(db: Db, groupId: string, userId: string) {
  const left = sql`select 1 from member_roles where group_id = ${groupId} and user_id = ${userId}`;
  return db.query
    .delete(memberships)
    .where(and(eq(memberships.groupId, groupId), eq(memberships.userId, userId), sql`not exists (${left})`));
}
