import { commit, type Results, type Statement } from "../storage/db.ts";
import { violated } from "../storage/fault.ts";
import { type Membership, membershipsFrom, selectMemberships } from "../storage/groups.ts";
import {
  deleteSession,
  type HeldSession,
  insertSession,
  type Session,
  sessionOfUser,
  sessionWithDigest,
} from "../storage/sessions.ts";
import { copyOfToken, copyToken } from "../storage/tokens.ts";
import { insertUser, type User, updateLastLogin, userNamed } from "../storage/users.ts";
import { mustBeUser } from "./actor.ts";
import { audited } from "./audit.ts";
import type { Core } from "./context.ts";
import { endFamily } from "./jwt.ts";
import {
  type Attempt,
  attemptOn,
  countWrong,
  forgiven,
  mustNotBeLocked,
  mustNotBeLockedMeanwhile,
  selectMeant,
  succeeded,
} from "./login-attempts.ts";
import { hashPassword, isPassword } from "./passwords.ts";
import { refuse } from "./refusal.ts";
import { alphanumericToken, digest, newId, sameText, uuidToken } from "./secrets.ts";
import { isUserName, nameKey } from "./values.ts";

export type { Session } from "../storage/sessions.ts";

const SESSION_TOKEN = /^(?:[A-Za-z0-9]{43}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** Whether a text has the form of a session token of this product. */
export const looksLikeSessionToken = (text: string): boolean => SESSION_TOKEN.test(text);

/** The session of a token, its user and what he holds; undefined when it is unknown or ended, or the user not active. */
export async function sessionOf(core: Core, token: string): Promise<HeldSession | undefined> {
  if (!looksLikeSessionToken(token)) return undefined;
  const { db } = core;
  const tokenDigest = await digest(token);
  const copy = await copyOfToken(core, tokenDigest);
  if (copy && copy.expiresAt <= core.now()) return undefined;
  const found = copy ? await sessionOfUser(db, copy.sessionId, copy.userId) : await sessionWithDigest(db, tokenDigest);
  if (!found) return undefined;
  const { session, user } = found;
  const isIts = session.digest === tokenDigest && session.epoch === user.authEpoch;
  return isIts && session.expiresAt > core.now() && user.state === "active" ? found : undefined;
}

/** A user whose password somebody knew, and the attempt that showed it: to be forgiven with what it gives. */
export interface Proved {
  user: User;
  attempt: Attempt;
}

/** The same with the groups that he is in, which a log-in may be for. */
export interface ProvedMember extends Proved {
  memberships: Membership[];
}

/** Who is meant by a name whose password somebody is about to try, and whether he has failed at it lately. */
export interface Aim {
  attempt: Attempt;
  meant: User | undefined;
  hasFailed: boolean;
}

/** Looks up whom an attempt is about, and what these statements read: one trip. Refuses `throttled`. */
export async function aimAt<S extends readonly Statement[]>(
  core: Core,
  name: string,
  ...also: S
): Promise<[Aim, ...Results<S>]> {
  const attempt = await attemptOn(core, name);
  const [[{ user: named, failures } = { user: null, failures: [] }], ...results] = await commit(
    core.db,
    selectMeant(core, attempt, name),
    ...also,
  );
  mustNotBeLocked(core, failures);
  const hasFailed = failures.some(({ key }) => key === attempt.pair);
  const aim = { attempt, meant: named && isUserName(name) ? named : undefined, hasFailed };
  return [aim, ...(results as Results<S>)];
}

/**
 * The user who is meant, if this is his password; a wrong one is counted. One Argon2id, whoever is meant, unless his password
 * came from elsewhere.
 */
export async function tried(
  core: Core,
  attempt: Attempt,
  meant: User | undefined,
  name: string,
  password: string,
): Promise<Proved | undefined> {
  const user = await provedUser(core, meant, name, password);
  if (user) return { user, attempt: await succeeded(core, attempt, user, password) };
  await countWrong(core, attempt, meant);
  return undefined;
}

/**
 * The user whose name and password these are, active or not; a wrong one is counted. Costs one look-up and one Argon2id
 * whoever is asked for. Refuses `throttled`.
 */
export async function userWithPassword(core: Core, name: string, password: string): Promise<ProvedMember | undefined> {
  const [{ attempt, meant }, rows] = await aimAt(core, name, selectMemberships(core.db, { name }));
  const proved = await tried(core, attempt, meant, name, password);
  return proved && { ...proved, memberships: membershipsFrom(rows) };
}

/**
 * Whether the password is that of the user who is meant. `name`: nobody's; on an empty table it may be that of the
 * administrator, who is then made.
 */
async function provedUser(
  core: Core,
  user: User | undefined,
  name: string,
  password: string,
): Promise<User | undefined> {
  if (user) return (await isPassword(password, user.password)) ? user : undefined;
  const [isAdministrator] = await Promise.all([isBootstrapLogin(core, name, password), isPassword(password, null)]);
  return isAdministrator ? bootstrapAdministrator(core) : undefined;
}

async function isBootstrapLogin({ settings }: Core, name: string, password: string): Promise<boolean> {
  return nameKey(name) === nameKey(settings.ADMIN_USERNAME) && (await sameText(password, settings.ADMIN_PASSWORD));
}

/** Makes the administrator on an empty user table; undefined when it is not empty. */
async function bootstrapAdministrator(core: Core): Promise<User | undefined> {
  const { settings, db } = core;
  const id = newId(core.random);
  const administrator = {
    id,
    name: settings.ADMIN_USERNAME,
    email: "admin@localhost.localdomain",
    password: await hashPassword(settings.ADMIN_PASSWORD, core.random),
    role: "ADMIN" as const,
    creator: null,
    createdAt: core.now(),
  };
  const [[made]] = await commit(
    db,
    insertUser(db, administrator, "if the table is empty"),
    audited(core, "user.register", id, { details: { name: administrator.name, bootstrap: true }, ifChanged: true }),
  ).catch((error: unknown) => {
    if (violated(error)) return [[]] as const;
    throw error;
  });
  // Of several first log-ins at once one makes him; the others find him made.
  return made ?? firstUserNamed(core, administrator.name);
}

async function firstUserNamed(core: Core, name: string): Promise<User | undefined> {
  const user = await userNamed(core.db, name);
  return user?.bootstrap ? user : undefined;
}

export interface SessionWish {
  /** What the token looks like: 43 letters and digits, or a UUID. */
  form: "alphanumeric" | "uuid";
  note?: string | undefined;
  projectId?: string | null;
  /** Unix milliseconds; default now + `SESSION_TTL_SECONDS`. */
  expiresAt?: number | undefined;
  /** The attempt that showed the password, if it was one. */
  attempt?: Attempt | undefined;
}

/** A new session and its token, which is told here only. */
export interface BegunSession {
  token: string;
  session: Session;
}

/**
 * Logs a user in: one D1 batch, and the edge copy after the answer. The password has been checked by the caller. Refuses
 * `unauthenticated` when he is gone, `throttled`.
 */
export async function beginSession(core: Core, user: User, wish: SessionWish): Promise<BegunSession> {
  const now = core.now();
  const token = wish.form === "uuid" ? uuidToken(core.random) : alphanumericToken(core.random);
  const session: Session = {
    id: newId(core.random),
    digest: await digest(token),
    userId: user.id,
    epoch: user.authEpoch,
    projectId: wish.projectId ?? null,
    note: wish.note ?? null,
    createdAt: now,
    expiresAt: wish.expiresAt ?? now + core.settings.SESSION_TTL_SECONDS * 1000,
  };
  const { db } = core;
  const actor = { kind: "user", user, via: { kind: "session", sessionId: session.id, projectId: null } } as const;
  await commit(
    db,
    insertSession(db, session),
    updateLastLogin(db, user.id, now),
    audited({ ...core, actor }, "session.begin", user.id, { details: { session: session.id } }),
    ...(wish.attempt ? forgiven(core, wish.attempt) : []),
  ).catch((error: unknown) => {
    mustNotBeLockedMeanwhile(core, error);
    // The user was deleted between the check of his password and here.
    if (violated(error)) refuse({ kind: "unauthenticated", why: "login" });
    throw error;
  });
  const { id: sessionId, userId, expiresAt } = session;
  core.later(copyToken(core, session.digest, { sessionId, userId, expiresAt }, now));
  return { token, session };
}

/** Ends the session of a token, if there is one. */
export async function endSessionToken(core: Core, token: string): Promise<void> {
  const found = await sessionOf(core, token);
  if (found) await removeSession(core, found.session.id, found.user.id);
}

/** Ends the log-in that the caller's credential came from; his other ones go on. Refuses `blocked` for an API key and a password. */
export async function endSession(core: Core): Promise<void> {
  const { user, via } = mustBeUser(core);
  if (via.kind === "api-key" || via.kind === "password") refuse({ kind: "blocked", because: "key_logout" });
  return via.kind === "jwt" ? endFamily(core, via.familyId, user.id) : removeSession(core, via.sessionId, user.id);
}

/** Ends a session of a user. Whether the caller may has been decided. */
export async function removeSession(core: Core, sessionId: string, userId: string): Promise<void> {
  await commit(core.db, ...endingSession(core, sessionId, userId));
}

/** The statements that do so; the first gives one row if it was there. */
export const endingSession = (core: Core, sessionId: string, userId: string) =>
  [
    deleteSession(core.db, sessionId, userId),
    audited(core, "session.end", userId, { details: { session: sessionId }, ifChanged: true }),
  ] as const;

/** The same as `userWithPassword` for an active user. Refuses `unauthenticated`, saying no more to anybody. */
export async function activeUserWithPassword(core: Core, name: string, password: string): Promise<ProvedMember> {
  const proved = await userWithPassword(core, name, password);
  return proved?.user.state === "active" ? proved : refuse({ kind: "unauthenticated", why: "login" });
}
