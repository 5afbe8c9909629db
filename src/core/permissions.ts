import { commit } from "../storage/db.ts";
import { violated } from "../storage/fault.ts";
import { deletePermission, insertPermission, permissionsOf, selectPermissions } from "../storage/permissions.ts";
import { selectUserNamed, type User, updateRoles } from "../storage/users.ts";
import { isAdmin, mustBeUser, type UserActor } from "./actor.ts";
import { audited } from "./audit.ts";
import type { Core } from "./context.ts";
import { refuse } from "./refusal.ts";
import { ofCaller } from "./snapshots.ts";
import { isUserName } from "./values.ts";

/** The administrator's permission: who holds it is ADMIN, and the other way round (management contract, 4.2). */
export const ALL = "*";

const PERMISSION = /^(?:[A-Za-z0-9_-]+|\*)(?:\.(?:[A-Za-z0-9_-]+|\*)){0,15}$/;

/** 1–16 segments joined by dots, each of letters, digits, `_`, `-`, or `*`; at most 256 characters. */
export function isPermission(text: string): boolean {
  return text.length <= 256 && PERMISSION.test(text);
}

/** Whether a stored permission allows a required one: it is a prefix of it, `*` standing for any one segment. */
export function allows(stored: string, required: string): boolean {
  const wanted = required.split(".");
  const given = stored.split(".");
  return given.length <= wanted.length && given.every((segment, at) => segment === "*" || segment === wanted[at]);
}

/** Whether somebody may do what requires a permission: an ADMIN anything. */
export async function holds(core: Core, actor: UserActor, required: string): Promise<boolean> {
  return isAdmin(actor) || isAmong(await ownPermissions(core, actor), required);
}

/** The permissions stored for the caller. */
export const ownPermissions = (core: Core, { user }: UserActor): Promise<string[]> =>
  ofCaller(core, "permissions", () => permissionsOf(core.db, user.id));

/** Whether one of these stored permissions allows a required one. */
const isAmong = (held: string[], required: string) => held.some((stored) => allows(stored, required));

/** A user and the permissions stored for him. */
export interface UserWithPermissions {
  user: User;
  permissions: string[];
}

/** The user of a name in any letter case, with his permissions; one round trip. Refuses `not_found`. */
export async function findUserWithPermissions({ db }: Core, name: string): Promise<UserWithPermissions> {
  const absent = () => refuse({ kind: "not_found", what: "user", name });
  if (!isUserName(name)) absent();
  const [[user], held] = await commit(db, selectUserNamed(db, name), selectPermissions(db, { name }));
  return { user: user ?? absent(), permissions: held.map(({ permission }) => permission) };
}

/** The caller, if one of his permissions allows the required one. Refuses `forbidden`. */
export async function mustHold(core: Core, required: string): Promise<UserActor> {
  const actor = mustBeUser(core);
  return (await holds(core, actor, required)) ? actor : refuse({ kind: "forbidden", needs: required });
}

/** Refuses to let anybody but an ADMIN touch what would lift him above himself. */
export function mayNotClimb(): never {
  return refuse({ kind: "blocked", because: "climbing" });
}

/**
 * Grants a permission; `*` makes the user ADMIN. Refuses `blocked` when the caller would grant more than he holds,
 * `conflict` when the user holds it already, by himself or by a broader one.
 */
export async function grantPermission(
  core: Core,
  { user, permissions: held }: UserWithPermissions,
  permission: string,
): Promise<void> {
  const taken = () => refuse({ kind: "conflict", what: "permission", name: permission, having: true });
  if (user.role === "ADMIN" || isAmong(held, permission)) taken();
  await commit(
    core.db,
    insertPermission(core.db, user.id, permission),
    ...(permission === ALL ? [updateRoles(core.db, [user.id], "ADMIN")] : []),
    audited(core, "permission.add", user.id, { details: { permission } }),
  ).catch((error: unknown) => {
    const constraint = violated(error);
    if (constraint === "foreign key") refuse({ kind: "not_found", what: "user", name: user.name });
    if (constraint) taken();
    throw error;
  });
}

/** Refuses `blocked` unless the caller may grant this permission: an ADMIN any, others what their own allow. */
export async function mayGrant(core: Core, permission: string): Promise<void> {
  if (!(await holds(core, mustBeUser(core), permission))) mayNotClimb();
}

/**
 * Takes a permission away; `*` makes the user a USER. Refuses `blocked` when a protected administrator would lose it,
 * `conflict` when the user does not hold it to the letter.
 */
export async function revokePermission(
  core: Core,
  { user, permissions: held }: UserWithPermissions,
  permission: string,
): Promise<void> {
  const absent = () => refuse({ kind: "conflict", what: "permission", name: permission, having: false });
  if (permission === ALL && !held.includes(ALL)) absent();
  const [removed] = await commit(
    core.db,
    deletePermission(core.db, user.id, permission),
    audited(core, "permission.remove", user.id, { details: { permission }, ifChanged: true }),
    ...(permission === ALL ? [updateRoles(core.db, [user.id], "USER")] : []),
  ).catch((error: unknown) => {
    if (violated(error)) refuse({ kind: "blocked", because: "protected" });
    throw error;
  });
  if (removed.length === 0) absent();
}
