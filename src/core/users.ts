import { commit, type Statement } from "../storage/db.ts";
import { violated } from "../storage/fault.ts";
import { deleteSessionsOf } from "../storage/sessions.ts";
import {
  deleteUser,
  hasAdministrator,
  insertUser,
  type Only,
  type User,
  type UserChange,
  updateLastLogin,
  updatePassword,
  updateState,
  updateUser,
  userNamed,
  userWithId,
} from "../storage/users.ts";
import { isAdmin, mustBeUser } from "./actor.ts";
import { audited } from "./audit.ts";
import type { Core } from "./context.ts";
import {
  type Attempt,
  attemptOn,
  countWrong,
  failuresOf,
  forgive,
  forgiven,
  mustNotBeLocked,
  mustNotBeLockedMeanwhile,
  succeeded,
} from "./login-attempts.ts";
import { hashPassword, isPassword } from "./passwords.ts";
import { mayNotClimb } from "./permissions.ts";
import { invalid, refuse } from "./refusal.ts";
import { newId } from "./secrets.ts";
import { isUserName, type Role } from "./values.ts";
import { mustMatch, type Precondition } from "./versions.ts";

export type { User, UserChange } from "../storage/users.ts";

/** A user as somebody wants him; every value has been held to its rule. */
export interface Registration {
  name: string;
  /** Without one no log-in succeeds until one is set. */
  password?: string | undefined;
  role?: Role | undefined;
  email?: string | undefined;
}

/**
 * Makes an active user, and with him what `also` says for his id. Refuses `conflict` on the name, `invalid` when another user
 * has the address.
 */
export async function registerUser(
  core: Core,
  wanted: Registration,
  also: (userId: string) => Statement[] = () => [],
): Promise<User> {
  const user = {
    id: newId(core.random),
    name: wanted.name,
    email: wanted.email ?? null,
    password: wanted.password === undefined ? null : await hashPassword(wanted.password, core.random),
    role: wanted.role ?? "USER",
    creator: core.actor.kind === "user" ? core.actor.user.id : null,
    createdAt: core.now(),
    // Whoever registers himself may give any address.
    emailConfirmed: wanted.email === undefined || isAdmin(core.actor),
  };
  const only: Only = "if the address is free";
  const details = { name: user.name, role: user.role };
  const [[made]] = await commit(
    core.db,
    insertUser(core.db, user, only),
    audited(core, "user.register", user.id, { details, ifChanged: true }),
    ...also(user.id),
  ).catch((error: unknown) => {
    if (violated(error)) nameTaken(wanted.name);
    throw error;
  });
  if (made) return made;
  return (await userNamed(core.db, wanted.name)) ? nameTaken(wanted.name) : invalid("email", "taken", wanted.email);
}

const nameTaken = (name: string): never => refuse({ kind: "conflict", what: "user", name });

/** Refuses `forbidden` where nobody is an administrator yet: the first user of all has to be one. */
export async function mustHaveAdministrator({ db }: Core): Promise<void> {
  if (!(await hasAdministrator(db))) refuse({ kind: "forbidden", needs: "admin" });
}

/** The user of a name in any letter case. Refuses `not_found`, also for a name that nobody can have. */
export async function findUser(core: Core, name: string): Promise<User> {
  const user = isUserName(name) ? await userNamed(core.db, name) : undefined;
  return user ?? refuse({ kind: "not_found", what: "user", name });
}

/** The user of exactly this name. Refuses `not_found`. */
export async function findUserExactly(core: Core, name: string): Promise<User> {
  const user = await findUser(core, name);
  return user.name === name ? user : refuse({ kind: "not_found", what: "user", name });
}

/**
 * The attempt that shows that somebody knows the user's password, to be forgiven with what it gives. Refuses `invalid` for a
 * wrong one, which is counted; `throttled`.
 */
export async function knownPassword(core: Core, user: User, password: unknown): Promise<Attempt> {
  if (typeof password !== "string") return invalid("password", "mismatch");
  const attempt = await attemptOn(core, user.name);
  mustNotBeLocked(core, await failuresOf(core, attempt));
  if (await isPassword(password, user.password)) return succeeded(core, attempt, user, password);
  await countWrong(core, attempt, user);
  return invalid("password", "mismatch");
}

/**
 * Sets a password, ends every session and JWT of the user and gives him as he is then; his API keys go on. Undefined when he
 * is gone, or with `known` no longer the active user whose password somebody knew.
 */
export async function changePassword(
  core: Core,
  user: User,
  password: string,
  known?: Attempt,
): Promise<User | undefined> {
  const phc = await hashPassword(password, core.random);
  const [[changed]] = await commit(
    core.db,
    updatePassword(core.db, user.id, phc, known && user),
    audited(core, "user.password", user.id, { ifChanged: true }),
    deleteSessionsOf(core.db, user.id),
    ...(known ? forgiven(core, known) : []),
  ).catch((error: unknown) => {
    mustNotBeLockedMeanwhile(core, error);
    throw error;
  });
  return changed;
}

/**
 * Lets somebody who knows a user's password change it; `wanted` is asked for the new one, or refuses, once it is known.
 * Refuses as `knownPassword`.
 */
export async function replacePassword(core: Core, user: User, password: unknown, wanted: () => string): Promise<User> {
  const known = await knownPassword(core, user, password);
  let given: string;
  try {
    given = wanted();
  } catch (refusal) {
    // That the password was right is told to nobody who tried too often.
    await forgive(core, known);
    throw refusal;
  }
  // Of two changes at once the later one no longer knows the password.
  return (await changePassword(core, user, given, known)) ?? invalid("password", "mismatch");
}

/** What can happen to the state of a user (pas contract, 4.9). */
const TRANSITIONS = { activate: ["inactive", "active"], deactivate: ["active", "inactive"] } as const;
export type Transition = keyof typeof TRANSITIONS;

export const isTransition = (name: string): name is Transition => Object.hasOwn(TRANSITIONS, name);

/**
 * Activates or deactivates a user; who is deactivated is logged out for good. Refuses `blocked` in the wrong state and for a
 * protected administrator, `not_found` when he is gone.
 */
export async function changeState(core: Core, user: User, transition: Transition): Promise<void> {
  const [changed] = await commit(
    core.db,
    updateState(core.db, user.id, TRANSITIONS[transition]),
    audited(core, `user.${transition}`, user.id, { ifChanged: true }),
    ...(transition === "deactivate" ? [deleteSessionsOf(core.db, user.id)] : []),
  ).catch(protectedAs(user));
  if (changed.length > 0) return;
  await stillThere(core, user);
  refuse({ kind: "blocked", because: "state", name: transition });
}

/**
 * Changes a user and raises his version by one; comparing and writing are one step. Refuses as `mustMatch`,
 * `invalid` for a protected `role` or a taken `email`, `not_found` when he is gone.
 */
export async function changeUser(core: Core, user: User, change: UserChange, wanted: Precondition): Promise<User> {
  const seen = mustMatch(user, wanted);
  const [[changed]] = await commit(
    core.db,
    updateUser(core.db, user.id, { ...change, emailConfirmed: isAdmin(core.actor) }, seen, core.now()),
    audited(core, "user.change", user.id, { details: { before: was(user, change), after: change }, ifChanged: true }),
  ).catch((error: unknown) => {
    if (violated(error)) invalid("role", "protected");
    throw error;
  });
  if (changed) return changed;
  const now = await stillThere(core, user);
  mustMatch(now, wanted);
  return change.email ? invalid("email", "taken", change.email) : changeUser(core, now, change, wanted);
}

/** What is going to be changed, as it was. */
function was(user: User, change: UserChange): UserChange {
  const { role, email, source, lastLoginAt: at, lastLoginOffset: offset } = user;
  const values = { role, email, source, ...(at !== null && { lastLogin: { at, offset } }) };
  return Object.fromEntries(Object.entries(values).filter(([key]) => Object.hasOwn(change, key)));
}

/** Deletes a user with all that he holds. Refuses as `changeUser`, and `blocked` for a protected administrator. */
export async function removeUser(core: Core, user: User, wanted: Precondition = {}): Promise<void> {
  const seen = mustMatch(user, wanted);
  const [gone] = await commit(
    core.db,
    deleteUser(core.db, user.id, seen),
    audited(core, "user.delete", user.id, { details: { name: user.name }, ifChanged: true }),
  ).catch(protectedAs(user));
  if (gone.length === 0) await removeUser(core, await stillThere(core, user), wanted);
}

const protectedAs =
  ({ name }: User) =>
  (error: unknown): never => {
    if (violated(error)) refuse({ kind: "blocked", because: "protected", name });
    throw error;
  };

/** A user as he is now. Refuses `not_found` when he is gone, whoever has his name. */
export async function stillThere(core: Core, { id, name }: User): Promise<User> {
  return (await userWithId(core.db, id)) ?? refuse({ kind: "not_found", what: "user", name });
}

/** Notes the caller's presence; gives the time, Unix milliseconds. */
export async function bump(core: Core): Promise<number> {
  const { user } = mustBeUser(core);
  const now = core.now();
  await commit(core.db, updateLastLogin(core.db, user.id, now), audited(core, "user.bump", user.id));
  return now;
}

/** Refuses `blocked` to let anybody but an ADMIN act on an ADMIN other than himself. */
export function mayNotTouchAdmin(core: Core, user: User): void {
  const actor = mustBeUser(core);
  if (user.role === "ADMIN" && !isAdmin(actor) && actor.user.id !== user.id) mayNotClimb();
}
