import { commit, commitAll, type Db, type Statement } from "../storage/db.ts";
import { violated } from "../storage/fault.ts";
import {
  deleteMemberRoles,
  deleteMembersWithoutRoles,
  type HeldRole,
  insertMemberRoles,
  insertMembers,
  selectMembersAmong,
} from "../storage/members.ts";
import { selectUsersMeant, type User, updateRoles } from "../storage/users.ts";
import { mustBeAdmin } from "./actor.ts";
import { audited } from "./audit.ts";
import type { Core } from "./context.ts";
import { ADMINISTRATOR, findGroup, type Group, isDefault } from "./groups.ts";
import { invalid, refuse } from "./refusal.ts";

/** Roles to give or take, and whose: `userid` is an id or a name, and counts before `username`. */
export interface Entry {
  user: { username?: string | undefined; userid?: string | undefined };
  roles: string[];
}

interface Planned {
  user: User;
  roles: string[];
}

/** A group as far as roles in it are concerned. */
type GroupRef = Pick<Group, "id" | "name">;

export type Deed = "grant" | "revoke";

/** Roles that are given in a group, or taken. */
export interface RoleChange {
  deed: Deed;
  mapping: Entry[];
}

/**
 * Gives roles in a group or takes them, in this order: all of it as one batch, or nothing (pas contract, 4.17). Refuses for the
 * first bad entry: `invalid` when it means nobody or takes from who is no member, `blocked` for a protected administrator.
 */
export async function changeRoles(core: Core, group: GroupRef, ...changes: RoleChange[]): Promise<void> {
  mustBeAdmin(core);
  const plans = await Promise.all(
    changes.map(async ({ deed, mapping }) => ({ deed, planned: await planOf(core.db, deed, group, mapping) })),
  );
  try {
    await commitAll(
      core.db,
      plans.flatMap(({ deed, planned }) => writesOf(core, deed, group, planned)),
    );
  } catch (error) {
    const constraint = violated(error);
    if (constraint === undefined) throw error;
    if (constraint !== "foreign key") isProtected(plans.flatMap(({ planned }) => planned).find(losesRank)?.user);
    // Somebody or the group went away meanwhile; looked at again, it is told so.
    await changeRoles(core, await findGroup(core, group.name), ...changes);
  }
}

/** Ends the membership of somebody who holds no role in a group. Refuses `stale` when he holds one, or is no member. */
export async function endBareMembership(core: Core, { id, name: group }: GroupRef, userId: string): Promise<void> {
  mustBeAdmin(core);
  const details = { group, members: [{ id: userId, roles: [] }] };
  const [ended] = await commit(
    core.db,
    deleteMembersWithoutRoles(core.db, id, [userId]),
    audited(core, "group.revoke", id, { details, ifChanged: true }),
  );
  if (ended.length === 0) refuse({ kind: "stale" });
}

function writesOf(core: Core, deed: Deed, group: GroupRef, planned: Planned[]): Statement[] {
  const members = planned.map(({ user: { id, name }, roles }) => ({ id, name, roles }));
  const writes = deed === "grant" ? givingIn : takingIn;
  return [
    audited(core, `group.${deed}`, group.id, { details: { group: group.name, members } }),
    ...writes(core.db, group, planned),
  ];
}

/** Who is given or loses what, entry by entry; those without a role change nothing. */
async function planOf(db: Db, deed: Deed, group: GroupRef, mapping: Entry[]): Promise<Planned[]> {
  const texts = mapping.map(({ user }) => user.userid ?? user.username ?? "");
  const [found, inGroup] = await commit(db, selectUsersMeant(db, texts), selectMembersAmong(db, group.id, texts));
  const meant = finder(found);
  const members = new Set((deed === "grant" || isDefault(group) ? found : inGroup).map(({ id }) => id));
  const entries = mapping.map(({ user: named, roles }, at) => {
    const user = meant(named, at);
    if (roles.length > 0 && !members.has(user.id)) noMember(at, user, group);
    if (deed === "revoke" && user.bootstrap && losesRank({ user, roles }) && isDefault(group)) isProtected(user);
    return { user, roles };
  });
  return entries.filter(({ roles }) => roles.length > 0);
}

function finder(found: User[]): (named: Entry["user"], at: number) => User {
  const byId = new Map(found.map((user) => [user.id, user]));
  const byName = new Map(found.map((user) => [user.name, user]));
  return ({ userid, username }, at) => {
    const given = userid ?? username;
    const user = (userid && byId.get(userid)) || byName.get(given ?? "");
    return user ?? invalid(`mapping.${at}.user`, "no_user", given);
  };
}

const losesRank = ({ user, roles }: Planned) => user.role === "ADMIN" && roles.includes(ADMINISTRATOR);

const isProtected = (user?: User): never =>
  refuse({ kind: "blocked", because: "protected", ...(user && { name: user.name }) });

const noMember = (at: number, { name }: User, group: GroupRef): never =>
  refuse({
    kind: "invalid",
    issues: [{ path: `mapping.${at}`, problem: "no_member", detail: name, given: group.name }],
  });

/** Everybody is in `__default__` without being its member, and its administrators are the ADMINs. */
function givingIn(db: Db, group: GroupRef, planned: Planned[]): Statement[] {
  if (!isDefault(group))
    return [insertMembers(db, group.id, idsIn(planned)), insertMemberRoles(db, group.id, held(planned))];
  const { ranked, others } = apart(planned);
  return [updateRoles(db, idsIn(ranked), "ADMIN"), insertMemberRoles(db, group.id, others)];
}

function takingIn(db: Db, group: GroupRef, planned: Planned[]): Statement[] {
  if (!isDefault(group)) {
    return [deleteMemberRoles(db, group.id, held(planned)), deleteMembersWithoutRoles(db, group.id, idsIn(planned))];
  }
  const { ranked, others } = apart(planned);
  return [updateRoles(db, idsIn(ranked), "USER"), deleteMemberRoles(db, group.id, others)];
}

const idsIn = (planned: Planned[]): string[] => planned.map(({ user }) => user.id);
const held = (planned: Planned[]): HeldRole[] =>
  planned.flatMap(({ user, roles }) => roles.map((role) => ({ userId: user.id, role })));

const apart = (planned: Planned[]) => ({
  ranked: planned.filter(({ roles }) => roles.includes(ADMINISTRATOR)),
  others: held(planned).filter(({ role }) => role !== ADMINISTRATOR),
});
