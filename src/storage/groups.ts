import { and, asc, eq, ne, or, type SQL, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { groups, memberRoles, memberships } from "./schema.ts";
import { idOf, type Whose } from "./users.ts";

export type Group = typeof groups.$inferSelect;
export type NewGroup = Omit<typeof groups.$inferInsert, "seq">;

/** The statement that finds the group of a name, to be read together with others. */
export const selectGroup = (db: Db, name: string) => db.query.select().from(groups).where(eq(groups.name, name));

/** The id of the group of a name, for a statement that is read together with it. */
export const idOfGroup = (name: string): SQL => sql`(select id from groups where name = ${name})`;

export function groupNamed(db: Db, name: string): Promise<Group | undefined> {
  return selectGroup(db, name).get();
}

/** Groups by their names. */
export function groupsNamed(db: Db, names: string[]) {
  return db.query
    .select({ id: groups.id, name: groups.name })
    .from(groups)
    .where(sql`${groups.name} in (select value from json_each(${JSON.stringify(names)}))`);
}

/** The group that everybody is in from his first moment; it is nobody's project. */
export const DEFAULT_GROUP = "__default__";

const isProject = ne(groups.name, DEFAULT_GROUP);

/** The statement that finds the project of an id, to be read together with others. */
export const selectProject = (db: Db, id: string | SQL) =>
  db.query
    .select()
    .from(groups)
    .where(and(eq(groups.id, id), isProject));

/** The id of the only project that a user is a member of, for a statement; null when he has none or several. */
export const idOfSoleProject = (userId: string): SQL =>
  sql`(select max(group_id) from memberships where user_id = ${userId} having count(*) = 1)`;

/** The project of that id, else the one of that name. */
export async function projectWithIdOrName(db: Db, text: string): Promise<Group | undefined> {
  const found = await db.query
    .select()
    .from(groups)
    .where(and(or(eq(groups.id, text), eq(groups.name, text)), isProject))
    .all();
  return found.find(({ id }) => id === text) ?? found[0];
}

/** A name that is taken is a constraint violation on `groups.name`. */
export function insertGroup(db: Db, group: NewGroup) {
  return db.query.insert(groups).values(group).returning();
}

export type GroupChange = Partial<Pick<Group, "name" | "parent">>;

/** Changes a group and gives its row if it was there; a name that is taken is a constraint violation. */
export function updateGroup(db: Db, id: string, change: GroupChange, now: number) {
  return db.query
    .update(groups)
    .set({ ...change, modifiedAt: now })
    .where(eq(groups.id, id))
    .returning({ id: groups.id });
}

/** Deletes a group and by cascade what is held in it; gives one row if it was there. */
export function deleteGroup(db: Db, id: string) {
  return db.query.delete(groups).where(eq(groups.id, id)).returning({ id: groups.id });
}

/**
 * Roles in the order of granting. The plus keeps SQLite from the index of all roles of a group, which has them in that order: it
 * would go through all of it for each member.
 */
export const byGranting = sql`+${memberRoles.seq}`;

/** A group somebody is in, and the roles he holds there. */
export interface Membership {
  group: Pick<Group, "id" | "name">;
  /** In the order of granting. */
  roles: string[];
}

/**
 * The statement that reads the groups of a user in the order of joining, a row a role or one without, for `membershipsFrom`;
 * to be read together with others.
 */
export const selectMemberships = (db: Db, whose: Whose) =>
  db.query
    .select({ id: groups.id, name: groups.name, role: memberRoles.role })
    .from(memberships)
    .innerJoin(groups, eq(groups.id, memberships.groupId))
    .leftJoin(
      memberRoles,
      and(eq(memberRoles.groupId, memberships.groupId), eq(memberRoles.userId, memberships.userId)),
    )
    .where(eq(memberships.userId, idOf(whose)))
    .orderBy(asc(memberships.seq), byGranting);

export type MembershipRows = Awaited<ReturnType<typeof selectMemberships>>;

/** The memberships that such rows tell of. */
export function membershipsFrom(rows: MembershipRows): Membership[] {
  const byId = new Map<string, Membership>();
  for (const { id, name, role } of rows) {
    const membership = byId.get(id) ?? { group: { id, name }, roles: [] };
    if (role !== null) membership.roles.push(role);
    byId.set(id, membership);
  }
  return [...byId.values()];
}

export async function membershipsOf(db: Db, userId: string): Promise<Membership[]> {
  return membershipsFrom(await selectMemberships(db, { id: userId }));
}

/** The statement that reads the roles that a user holds in the group that everybody is in, in the order of granting. */
export const selectDefaultRoles = (db: Db, whose: Whose) =>
  db.query
    .select({ role: memberRoles.role })
    .from(memberRoles)
    .innerJoin(groups, eq(groups.id, memberRoles.groupId))
    .where(and(eq(memberRoles.userId, idOf(whose)), eq(groups.name, DEFAULT_GROUP)))
    .orderBy(byGranting);
