import { userNamed } from "../storage/users.ts";
import { isCallers, mustBeUser } from "./actor.ts";
import type { Core } from "./context.ts";
import {
  ALL,
  findUserWithPermissions,
  grantPermission,
  holds,
  mayGrant,
  mayNotClimb,
  mustHold,
  ownPermissions,
  revokePermission,
  type UserWithPermissions,
} from "./permissions.ts";
import { projectFor } from "./projects.ts";
import { Refused, refuse } from "./refusal.ts";
import { type BegunSession, beginSession, userWithPassword } from "./sessions.ts";
import { findUser, mayNotTouchAdmin, registerUser, removeUser, type User } from "./users.ts";
import { isUserName } from "./values.ts";

/**
 * Logs a user in with name and password, optionally scoped to a project of his (management contract, 4.3). Refuses
 * `unauthenticated`, `throttled`; `not_found` for the right password of a user who is not active, and for a project that is not his.
 */
export async function issueToken(core: Core, name: string, password: string, project?: string): Promise<BegunSession> {
  const proved = (await userWithPassword(core, name, password)) ?? refuse({ kind: "unauthenticated", why: "login" });
  const { user, attempt } = proved;
  if (user.state !== "active") return refuse({ kind: "not_found", what: "user", name });
  const scope = project === undefined ? null : await projectFor(core, proved, project);
  return beginSession(core, user, { form: "alphanumeric", projectId: scope?.id ?? null, attempt });
}

/** Makes a user unless one of that name is there; tells whether it did. The caller has been held to his permission. */
export async function addUser(core: Core, name: string, password: string): Promise<boolean> {
  try {
    await registerUser(core, { name, password });
    return true;
  } catch (error) {
    if (error instanceof Refused && error.refusal.kind === "conflict") return false;
    throw error;
  }
}

/**
 * A user and the permissions stored for him: one round trip at most, and one more where it is not known what the caller holds.
 * Refuses `not_found`, then `forbidden` unless it is the caller or he may.
 */
export async function userWithPermissions(core: Core, name: string): Promise<UserWithPermissions> {
  const actor = mustBeUser(core);
  if (isCallers(core, name)) return { user: actor.user, permissions: await ownPermissions(core, actor) };
  const isHeld = await holds(core, actor, "herqles.user.get");
  const found = await findUserWithPermissions(core, name);
  return isHeld ? found : refuse({ kind: "forbidden", needs: "self" });
}

/** Deletes a user; tells the stored name, or undefined when there is none. Refuses `forbidden` and `blocked`. */
export async function deleteAccount(core: Core, name: string): Promise<User | undefined> {
  await mustHold(core, "herqles.user.delete");
  const user = isUserName(name) ? await userNamed(core.db, name) : undefined;
  if (!user) return undefined;
  mayNotTouchAdmin(core, user);
  try {
    await removeUser(core, user);
    return user;
  } catch (error) {
    // Somebody else was quicker.
    if (error instanceof Refused && error.refusal.kind === "not_found") return undefined;
    throw error;
  }
}

/** The user whose password the caller may set. Refuses `forbidden`, also for an unknown name, `not_found`, `blocked`. */
export async function userToSetPasswordOf(core: Core, name: string): Promise<User> {
  await mustBeSelfOrHold(core, name, "herqles.user.password");
  const user = await findUser(core, name);
  mayNotTouchAdmin(core, user);
  return user;
}

/** Grants a permission to the user of a name and gives him. Refuses as `mayGrant`, `findUser`, `grantPermission`. */
export async function grantTo(core: Core, name: string, permission: string): Promise<User> {
  await mayGrant(core, permission);
  const found = await findUserWithPermissions(core, name);
  await grantPermission(core, found, permission);
  return found.user;
}

/** Takes a permission from the user of a name and gives him. Only an ADMIN takes `*`. */
export async function revokeFrom(core: Core, name: string, permission: string): Promise<User> {
  const { user: caller } = mustBeUser(core);
  if (permission === ALL && caller.role !== "ADMIN") mayNotClimb();
  const found = await findUserWithPermissions(core, name);
  await revokePermission(core, found, permission);
  return found.user;
}

async function mustBeSelfOrHold(core: Core, name: string, required: string): Promise<void> {
  if (isCallers(core, name) || (await holds(core, mustBeUser(core), required))) return;
  refuse({ kind: "forbidden", needs: "self" });
}
