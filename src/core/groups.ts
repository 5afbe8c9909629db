import { commit } from "../storage/db.ts";
import { violated } from "../storage/fault.ts";
import {
  DEFAULT_GROUP,
  deleteGroup,
  type Group,
  type GroupChange,
  groupNamed,
  idOfGroup,
  insertGroup,
  type Membership,
  membershipsFrom,
  selectDefaultRoles,
  selectGroup,
  selectMemberships,
  updateGroup,
} from "../storage/groups.ts";
import { everybodyRows, type Member, memberRows, membersFrom } from "../storage/members.ts";
import { selectUserNamed, type Whose } from "../storage/users.ts";
import { isAdmin, mustBeAdmin, mustBeUser } from "./actor.ts";
import { audited } from "./audit.ts";
import type { Core } from "./context.ts";
import { invalid, refuse } from "./refusal.ts";
import { newId } from "./secrets.ts";
import { ofCaller } from "./snapshots.ts";
import type { User } from "./users.ts";
import { isGroupName, isUserName } from "./values.ts";

export type { Group, GroupChange } from "../storage/groups.ts";

/** The role in `__default__` that is being ADMIN (common rule 8). It is kept with the user, not as a role held. */
export const ADMINISTRATOR = "administrator";

export const isDefault = ({ name }: Pick<Group, "name">): boolean => name === DEFAULT_GROUP;

/** Makes a group without members. Refuses `conflict` on the name. */
export async function createGroup(core: Core, wanted: Pick<Group, "name" | "parent">): Promise<Group> {
  const { db, now, random } = core;
  const { user } = mustBeAdmin(core);
  const at = now();
  const group = { ...wanted, id: newId(random), creator: user.id, createdAt: at, modifiedAt: at };
  const [[made]] = await commit(
    db,
    insertGroup(db, group),
    audited(core, "group.create", group.id, { details: wanted }),
  ).catch(nameTaken(wanted.name));
  return made ?? gone(wanted.name);
}

/** The group of exactly this name. Refuses `not_found`. */
export async function findGroup({ db }: Core, name: string): Promise<Group> {
  const group = isGroupName(name) ? await groupNamed(db, name) : undefined;
  return group ?? gone(name);
}

/** Renames a group, or changes its parent. Refuses `conflict` on the name, `invalid` to rename `__default__`. */
export async function changeGroup(core: Core, group: Group, change: GroupChange): Promise<void> {
  const { db, now } = core;
  const { name = group.name } = change;
  if (isDefault(group) && name !== group.name) invalid("groupname", "protected");
  const was = { name: group.name, parent: group.parent };
  const [changed] = await commit(
    db,
    updateGroup(db, group.id, change, now()),
    audited(core, "group.change", group.id, { details: { before: was, after: change }, ifChanged: true }),
  ).catch(nameTaken(name));
  if (changed.length === 0) gone(group.name);
}

/** Deletes a group with all memberships. Refuses `blocked` for `__default__`. */
export async function removeGroup(core: Core, group: Group): Promise<void> {
  const { db } = core;
  if (isDefault(group)) refuse({ kind: "blocked", because: "default_group" });
  const [removed] = await commit(
    db,
    deleteGroup(db, group.id),
    audited(core, "group.delete", group.id, { details: { name: group.name }, ifChanged: true }),
  );
  if (removed.length === 0) gone(group.name);
}

/**
 * The group of exactly this name and its active members in the order of joining, in `__default__` all active users, with their
 * roles in it; one round trip. Refuses `not_found`, then as `mustBeAdmin`.
 */
export async function groupWithMembers(core: Core, name: string): Promise<{ group: Group; members: Member[] }> {
  const { db } = core;
  if (!isGroupName(name)) gone(name);
  if (!isAdmin(core.actor)) {
    await findGroup(core, name);
    mustBeAdmin(core);
  }
  const id = idOfGroup(name);
  if (!isDefault({ name })) {
    const [[group], rows] = await commit(db, selectGroup(db, name), memberRows(db, id));
    return { group: group ?? gone(name), members: membersFrom(rows).filter(({ user }) => user.state === "active") };
  }
  const [[group], rows] = await commit(db, selectGroup(db, name), everybodyRows(db, id));
  const administrators = new Set(rows.filter(({ isAdmin }) => isAdmin).map(({ id }) => id));
  const members = membersFrom(rows).map((member) => ({
    ...member,
    roles: withRank(administrators.has(member.user.id), member.roles),
  }));
  return { group: group ?? gone(name), members };
}

/** A group of somebody's and the roles that he holds there. */
export interface OwnGroup {
  name: string;
  roles: string[];
}

/** The statements that read the groups of a user, for `groupsIn`. */
const selectGroups = (db: Core["db"], whose: Whose) =>
  [selectDefaultRoles(db, whose), selectMemberships(db, whose)] as const;

/** The groups of a user in the order of joining, `__default__` first, and the roles that he holds in each. */
export function groupsIn(user: User, held: { role: string }[], memberships: Membership[]): OwnGroup[] {
  const roles = held.map(({ role }) => role);
  return [
    { name: DEFAULT_GROUP, roles: withRank(user.role === "ADMIN", roles) },
    ...memberships.map(({ group, roles }) => ({ name: group.name, roles })),
  ];
}

export interface UserWithGroups {
  user: User;
  groups: OwnGroup[];
}

/** The caller and his groups; one round trip at most. Refuses `unauthenticated`. */
export async function callerWithGroups(core: Core): Promise<UserWithGroups> {
  const { user } = mustBeUser(core);
  const groups = await ofCaller(core, "groups", async () => {
    const [held, rows] = await commit(core.db, ...selectGroups(core.db, { id: user.id }));
    return groupsIn(user, held, membershipsFrom(rows));
  });
  return { user, groups };
}

/** The user of exactly this name and his groups; one round trip. Refuses `not_found`. */
export async function findUserWithGroups({ db }: Core, name: string): Promise<UserWithGroups> {
  const absent = () => refuse({ kind: "not_found", what: "user", name });
  if (!isUserName(name)) absent();
  const [[user], held, rows] = await commit(db, selectUserNamed(db, name), ...selectGroups(db, { name }));
  return user?.name === name ? { user, groups: groupsIn(user, held, membershipsFrom(rows)) } : absent();
}

const withRank = (isAdmin: boolean, roles: string[]) => (isAdmin ? [ADMINISTRATOR, ...roles] : roles);

const gone = (name: string): never => refuse({ kind: "not_found", what: "group", name });

const nameTaken =
  (name: string) =>
  (error: unknown): never => {
    if (violated(error)) refuse({ kind: "conflict", what: "group", name });
    throw error;
  };
