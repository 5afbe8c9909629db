import { commit, commitAll, type Results } from "../storage/db.ts";
import { carryOver, type SessionKind, selectLiveSessions } from "../storage/live-sessions.ts";
import { idOf, raiseEpoch, type Whose } from "../storage/users.ts";
import { mustBeAdmin, mustBeUser, type Via } from "./actor.ts";
import { audited } from "./audit.ts";
import type { Core } from "./context.ts";
import { endingFamily } from "./jwt.ts";
import { refuse } from "./refusal.ts";
import { endingSession } from "./sessions.ts";
import { isId, isUserName } from "./values.ts";

/** Something that somebody is logged in with. */
export interface LiveSession {
  id: string;
  kind: SessionKind;
  note: string | null;
  /** The name of the project that it was asked for, if there was one. */
  project: string | null;
  /** Unix milliseconds, as `expiresAt`. */
  createdAt: number;
  expiresAt: number;
  /** Whether this very request came by it. */
  isCurrent: boolean;
}

const LISTED_MAX = 200;

/** What the caller is logged in with at this moment, newest first and at most 200. One round trip. Refuses `unauthenticated`. */
export async function liveSessions(core: Core): Promise<LiveSession[]> {
  return sessionsIn(core, ...(await commit(core.db, ...selectSessions(core, mustBeUser(core).user))));
}

/** The statements that read what somebody is logged in with, for `sessionsIn`. */
export const selectSessions = ({ db, now }: Core, whose: Whose) => selectLiveSessions(db, whose, now(), LISTED_MAX);

/** What such statements have read, newest first and at most 200. */
export function sessionsIn(
  core: Core,
  ...[sessions, families]: Results<ReturnType<typeof selectSessions>>
): LiveSession[] {
  const current = currentOf(mustBeUser(core).via);
  return [
    ...sessions.map((session) => ({ ...session, kind: "session" as const })),
    ...families.map((family) => ({ ...family, kind: "jwt" as const, note: null, project: null })),
  ]
    .map((session) => ({ ...session, isCurrent: session.id === current?.id }))
    .sort((one, other) => other.createdAt - one.createdAt)
    .slice(0, LISTED_MAX);
}

/** Which of them a credential is of; an API key and a password are of none. */
function currentOf(via: Via): { kind: SessionKind; id: string } | undefined {
  if (via.kind === "session") return { kind: "session", id: via.sessionId };
  return via.kind === "jwt" ? { kind: "jwt", id: via.familyId } : undefined;
}

/** Ends one of the caller's own. Refuses `unauthenticated`, `not_found`. */
export async function endOwnSession(core: Core, id: string): Promise<void> {
  const { user } = mustBeUser(core);
  const unknown = () => refuse({ kind: "not_found", what: "token" });
  if (!isId(id)) unknown();
  const [session, , family] = await commit(
    core.db,
    ...endingSession(core, id, user.id),
    ...endingFamily(core, id, user.id),
  );
  if (session.length + family.length === 0) unknown();
}

/** Ends everything that the caller is logged in with but what this request came by; his API keys go on. Refuses `unauthenticated`. */
export async function endOtherSessions(core: Core): Promise<void> {
  const { user, via } = mustBeUser(core);
  const { db } = core;
  const current = currentOf(via);
  const before = current ? [carryOver(db, current.kind, current.id, user.id)] : [];
  await commitAll(db, [...before, ...endingAll(core, { id: user.id }, "others")]);
}

/**
 * Ends everything that the caller, or for an ADMIN the user of a name, is logged in with; API keys go on. Refuses
 * `unauthenticated`, `forbidden`, and `not_found`.
 */
export async function endAllSessions(core: Core, name?: string): Promise<void> {
  const gone = () => refuse({ kind: "not_found", what: "user", ...(name !== undefined && { name }) });
  const { user } = name === undefined ? mustBeUser(core) : mustBeAdmin(core);
  if (name !== undefined && !isUserName(name)) gone();
  const [[raised]] = await commit(core.db, ...endingAll(core, name === undefined ? user : { name }, "all"));
  if (!raised) gone();
}

const endingAll = (core: Core, whose: Whose, sessions: "all" | "others") =>
  [
    raiseEpoch(core.db, whose),
    audited(core, "session.end", idOf(whose), { details: { sessions }, ifChanged: true }),
  ] as const;
