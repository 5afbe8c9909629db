import { membershipsOf } from "../storage/groups.ts";
import { userWithId } from "../storage/users.ts";
import { isAdmin, mustBeUser } from "./actor.ts";
import type { Core } from "./context.ts";
import type { Attempt } from "./login-attempts.ts";
import { type Identity, identityIn, identityOfUser, NO_PROJECT, projectFor } from "./projects.ts";
import { refuse } from "./refusal.ts";
import {
  activeUserWithPassword,
  beginSession,
  type ProvedMember,
  removeSession,
  type Session,
  sessionOf,
} from "./sessions.ts";
import type { User } from "./users.ts";
import { isId } from "./values.ts";

/** What somebody proves himself with: his password, or a session token that he has already. */
export type Proof =
  | { kind: "password"; user: { id: string } | { name: string }; password: string }
  | { kind: "token"; token: string };

/** The project of a new token: one by id or name, none, or the one that falls to the user (common rule 9). */
export type Scope = { project: string } | "none" | "default";

/** A session with its user, and who he is by it: project in scope and roles. */
export interface Login {
  session: Session;
  user: User;
  identity: Identity;
}

/**
 * Begins a session; `note`: by what it is known among the others of its user. One that a token proves ends when that token does, so that nobody stays logged in for ever. Refuses
 * `unauthenticated`, the same to everybody, `throttled`, and `not_found` for a project that is not the user's.
 */
export async function logIn(core: Core, proof: Proof, scope: Scope, note?: string): Promise<Login & { token: string }> {
  const { user, memberships, ...shown } = await proven(core, proof);
  const project = typeof scope === "object" ? await projectFor(core, { user, memberships }, scope.project) : undefined;
  const projectId = project?.id ?? (scope === "none" ? NO_PROJECT : null);
  const { token, session } = await beginSession(core, user, { form: "alphanumeric", projectId, note, ...shown });
  return { token, session, user, identity: identityIn({ user, via: viaOf(session) }, memberships, project) };
}

/** The session of a token: the caller's own, or to an ADMIN anybody's. Refuses `not_found`, `forbidden`. */
export async function findLogin(core: Core, token: string): Promise<Login> {
  const { session, user } = await sessionInReach(core, token);
  return { session, user, identity: await identityOfUser(core.db, { user, via: viaOf(session) }) };
}

/** Ends the session of a token. Refuses as `findLogin`. */
export async function endLogin(core: Core, token: string): Promise<void> {
  const { session } = await sessionInReach(core, token);
  await removeSession(core, session.id, session.userId);
}

type Proven = Pick<ProvedMember, "user" | "memberships"> & { expiresAt?: number; attempt?: Attempt };

async function proven(core: Core, proof: Proof): Promise<Proven> {
  if (proof.kind === "password") {
    return activeUserWithPassword(core, await nameOf(core, proof.user), proof.password);
  }
  const { user, session } = (await sessionOf(core, proof.token)) ?? refuse({ kind: "unauthenticated", why: "login" });
  return { user, expiresAt: session.expiresAt, memberships: await membershipsOf(core.db, user.id) };
}

/** Of an id that nobody has it is empty, which is nobody's name: refusing it takes as long as any other. */
async function nameOf({ db }: Core, user: { id: string } | { name: string }): Promise<string> {
  if ("name" in user) return user.name;
  return (isId(user.id) && (await userWithId(db, user.id))?.name) || "";
}

async function sessionInReach(core: Core, token: string): Promise<{ session: Session; user: User }> {
  const actor = mustBeUser(core);
  const found = (await sessionOf(core, token)) ?? refuse({ kind: "not_found", what: "token" });
  return isAdmin(actor) || found.user.id === actor.user.id ? found : refuse({ kind: "forbidden", needs: "self" });
}

const viaOf = ({ id: sessionId, projectId }: Session) => ({ kind: "session", sessionId, projectId }) as const;
