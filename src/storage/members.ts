import { and, asc, eq, type SQL, sql } from "drizzle-orm";
import { commit, type Db } from "./db.ts";
import { byGranting } from "./groups.ts";
import { groups, memberRoles, memberships, users } from "./schema.ts";
import { areMeant, type User } from "./users.ts";

/** Somebody in a group. */
export interface Member {
  /** His place in the order of joining. */
  seq: number;
  user: Pick<User, "id" | "name" | "email" | "state">;
  /** In the order of granting. */
  roles: string[];
}

const shownOfUser = { id: users.id, name: users.name, email: users.email, state: users.state };

/** Of the members of a group one, or a run of those who joined after a place. */
export type MemberRun = { userId: string } | { after: number; length: number };

/** A row a role of each member, or one without a role, members in the order of joining; all of them or some. */
export function memberRows(db: Db, groupId: string | SQL, run?: MemberRun) {
  return db.query
    .select({ seq: memberships.seq, ...shownOfUser, role: memberRoles.role })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .leftJoin(
      memberRoles,
      and(eq(memberRoles.groupId, memberships.groupId), eq(memberRoles.userId, memberships.userId)),
    )
    .where(and(eq(memberships.groupId, groupId), run && within(groupId, run)))
    .orderBy(asc(memberships.seq), byGranting);
}

const within = (groupId: string | SQL, run: MemberRun): SQL =>
  "userId" in run
    ? eq(memberships.userId, run.userId)
    : sql`${memberships.seq} in (select seq from memberships as run
        where run.group_id = ${groupId} and run.seq > ${run.after} order by run.seq limit ${run.length})`;

/** The members that rows of `memberRows` tell of. */
export function membersFrom(rows: Awaited<ReturnType<typeof memberRows>>): Member[] {
  const byId = new Map<string, Member>();
  for (const { seq, role, ...user } of rows) {
    const member = byId.get(user.id) ?? { seq, user, roles: [] };
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
      .orderBy(byGranting),
  );
  return { group, user, roles: held.map(({ role }) => role) };
}

/** Makes users members, where they are none; the group or a user being gone is a constraint violation. */
export function insertMembers(db: Db, groupId: string, userIds: string[]) {
  return db.query
    .insert(memberships)
    .select(sql`select null, ${groupId}, value from json_each(${JSON.stringify(userIds)}) where true`)
    .onConflictDoNothing();
}

/** A role of a user in a group. */
export interface HeldRole {
  userId: string;
  role: string;
}

const USER_AND_ROLE = sql`json_extract(value, '$.userId'), json_extract(value, '$.role')`;

/** Gives roles in a group, where they are lacking, in this order. */
export function insertMemberRoles(db: Db, groupId: string, given: HeldRole[]) {
  return db.query
    .insert(memberRoles)
    .select(sql`select null, ${groupId}, ${USER_AND_ROLE} from json_each(${JSON.stringify(given)}) where true`)
    .onConflictDoNothing();
}

export function deleteMemberRoles(db: Db, groupId: string, taken: HeldRole[]) {
  const listed = sql`select ${USER_AND_ROLE} from json_each(${JSON.stringify(taken)})`;
  return db.query
    .delete(memberRoles)
    .where(and(eq(memberRoles.groupId, groupId), sql`(${memberRoles.userId}, ${memberRoles.role}) in (${listed})`));
}

/** Lets those of the users leave who hold no role any more. */
export function deleteMembersWithoutRoles(db: Db, groupId: string, userIds: string[]) {
  const left = sql`select 1 from member_roles r where r.group_id = ${groupId} and r.user_id = ${memberships.userId}`;
  return db.query
    .delete(memberships)
    .where(
      and(
        eq(memberships.groupId, groupId),
        sql`${memberships.userId} in (select value from json_each(${JSON.stringify(userIds)}))`,
        sql`not exists (${left})`,
      ),
    )
    .returning({ userId: memberships.userId });
}

/** The statement that reads the ids of those users, by their names or ids, who are members of a group. */
export const selectMembersAmong = (db: Db, groupId: string, texts: string[]) =>
  db.query
    .select({ id: memberships.userId })
    .from(memberships)
    .where(
      and(
        eq(memberships.groupId, groupId),
        sql`${memberships.userId} in (select ${users.id} from ${users} where ${areMeant(texts)})`,
      ),
    );

/** The same as `memberRows` for the group that everybody is in: all active users in the order of their creation. */
export function everybodyRows(db: Db, groupId: string | SQL) {
  return db.query
    .select({
      seq: users.seq,
      ...shownOfUser,
      isAdmin: sql`${users.role} = 'ADMIN'`.mapWith(Boolean),
      role: memberRoles.role,
    })
    .from(users)
    .leftJoin(memberRoles, and(eq(memberRoles.groupId, groupId), eq(memberRoles.userId, users.id)))
    .where(eq(users.state, "active"))
    .orderBy(asc(users.seq), byGranting);
}
