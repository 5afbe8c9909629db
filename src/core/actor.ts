import type { User } from "../storage/users.ts";
import type { Core } from "./context.ts";
import { refuse } from "./refusal.ts";
import { nameKey } from "./values.ts";

/** How somebody proved who he is, as far as what he may do or end depends on it. */
export type Via =
  /** A session token; `projectId` is the project it was asked for, if any. */
  | { kind: "session"; sessionId: string; projectId: string | null }
  /** A JWT of a family of tokens. */
  | { kind: "jwt"; familyId: string; projectId: null }
  /** An API key, good for what its scopes cover. */
  | { kind: "api-key"; keyId: string; scopes: string[]; projectId: null }
  /** Name and password, sent with this very request. */
  | { kind: "password"; projectId: null };

/** Who acts. */
export type Actor =
  | { kind: "anonymous" }
  /** `door`: scopes of the API key that let the request in, where somebody else said who it is from. */
  | { kind: "user"; user: User; via: Via; door?: string[] }
  /** The service itself: a job, an alarm. */
  | { kind: "system"; name: string };

export type UserActor = Extract<Actor, { kind: "user" }>;

export const ANONYMOUS: Actor = { kind: "anonymous" };

export const isAdmin = (actor: Actor): boolean => actor.kind === "user" && actor.user.role === "ADMIN";

/** The user who asks. Refuses `unauthenticated` when there is none. */
export function mustBeUser({ actor }: Pick<Core, "actor">): UserActor {
  return actor.kind === "user" ? actor : refuse({ kind: "unauthenticated", why: "missing" });
}

/** The administrator who asks. Refuses `unauthenticated`, or `forbidden` to everybody else. */
export function mustBeAdmin(core: Pick<Core, "actor">): UserActor {
  const actor = mustBeUser(core);
  return isAdmin(actor) ? actor : refuse({ kind: "forbidden", needs: "admin" });
}

/** Whether a name, in any letter case, is the caller's. */
export const isCallers = (core: Pick<Core, "actor">, name: string): boolean =>
  nameKey(mustBeUser(core).user.name) === nameKey(name);

/** Refuses `forbidden` unless the caller is an administrator or the user of that very name. */
export function mustBeSelfOrAdmin(core: Pick<Core, "actor">, name: string): UserActor {
  const actor = mustBeUser(core);
  return isAdmin(actor) || actor.user.name === name ? actor : refuse({ kind: "forbidden", needs: "self" });
}
