import {
  DEFAULT_GROUP,
  type Group,
  type Membership,
  membershipsOf,
  projectWithId,
  projectWithIdOrName,
} from "../storage/groups.ts";
import type { User } from "../storage/users.ts";
import { mustBeUser, type UserActor } from "./actor.ts";
import type { Core } from "./context.ts";
import { refuse } from "./refusal.ts";
import { ADMIN_KEY, groupKey, roleKey, userKey } from "./tasks/voting.ts";

/** The scope of a token that was asked for without any: it does not fall to the user's only project. */
export const NO_PROJECT = "";

/** Who somebody was when he asked for something: a snapshot that outlives him (workflow contract, 3.2). */
export interface Identity {
  user_id: string;
  username: string;
  roles: string[];
  project_id: string | null;
  project_name: string | null;
  user_domain_id: "default";
  project_domain_id: "default" | null;
  authenticated: true;
}

/** Somebody who asks for something of the workflow dialect. */
export interface Caller {
  identity: Identity;
  /** What makes him an approver where one of them is asked for, but for what he rules in the access dialect. */
  keys: ReadonlySet<string>;
}

/** Who the caller is; null for nobody. */
export async function identityOf(core: Pick<Core, "db" | "actor">): Promise<Identity | null> {
  return (await callerOf(core))?.identity ?? null;
}

/** Who the caller is and what he holds; null for nobody. One round trip. */
export async function callerOf({ db, actor }: Pick<Core, "db" | "actor">): Promise<Caller | null> {
  if (actor.kind !== "user") return null;
  const memberships = await membershipsOf(db, actor.user.id);
  return { identity: await identityIn(db, actor, memberships), keys: keysHeld(actor, memberships) };
}

function keysHeld({ user }: UserActor, memberships: Membership[]): ReadonlySet<string> {
  const held = memberships.flatMap(({ group, roles }) => [
    groupKey(group.id),
    ...roles.map((role) => roleKey(group.id, role)),
  ]);
  return new Set([userKey(user.id), groupKey(DEFAULT_GROUP), ...(user.role === "ADMIN" ? [ADMIN_KEY] : []), ...held]);
}

/**
 * A user with his project in scope (the token's own, else his only group) and his roles: `admin` when he is ADMIN, then
 * those he holds in the project, in the order of granting. One round trip.
 */
export async function identityOfUser(db: Core["db"], actor: Omit<UserActor, "kind">): Promise<Identity> {
  return identityIn(db, actor, await membershipsOf(db, actor.user.id));
}

async function identityIn(
  db: Core["db"],
  actor: Omit<UserActor, "kind">,
  memberships: Membership[],
): Promise<Identity> {
  const scope = await projectInScope(db, actor, memberships);
  const held = memberships.find(({ group }) => group.id === scope?.id)?.roles ?? [];
  return {
    user_id: actor.user.id,
    username: actor.user.name,
    // A group role that happens to be spelled `admin` counts for nothing.
    roles: [...(actor.user.role === "ADMIN" ? ["admin"] : []), ...held.filter((role) => role !== "admin")],
    project_id: scope?.id ?? null,
    project_name: scope?.name ?? null,
    user_domain_id: "default",
    project_domain_id: scope ? "default" : null,
    authenticated: true,
  };
}

async function projectInScope(
  db: Core["db"],
  { user, via }: Omit<UserActor, "kind">,
  memberships: Membership[],
): Promise<Pick<Group, "id" | "name"> | undefined> {
  if (via.projectId === NO_PROJECT) return undefined;
  if (via.projectId === null) return memberships.length === 1 ? memberships[0]?.group : undefined;
  const own = memberships.find(({ group }) => group.id === via.projectId)?.group;
  // An administrator may name a project that he is no member of.
  return own ?? (user.role === "ADMIN" ? projectWithId(db, via.projectId) : undefined);
}

/** The project that a user may ask a token for: by id or name, one of his own, an ADMIN any. Refuses `not_found`. */
export async function projectFor({ db }: Pick<Core, "db">, user: User, idOrName: string): Promise<Pick<Group, "id">> {
  const memberships = await membershipsOf(db, user.id);
  const own =
    memberships.find(({ group }) => group.id === idOrName) ?? memberships.find(({ group }) => group.name === idOrName);
  if (own) return own.group;
  const any = user.role === "ADMIN" ? await projectWithIdOrName(db, idOrName) : undefined;
  return any ?? refuse({ kind: "not_found", what: "project", name: idOrName });
}

/** The projects that the caller is a member of, in the order of joining. */
export async function ownProjects(core: Pick<Core, "db" | "actor">): Promise<Pick<Group, "id" | "name">[]> {
  const memberships = await membershipsOf(core.db, mustBeUser(core).user.id);
  return memberships.map(({ group }) => group);
}

/** Whether somebody may moderate: a role that the workflow dialect names MOD. */
export const MODERATORS: readonly string[] = ["project_admin", "project_mod", "admin"];
export const isModerator = (identity: Identity): boolean => identity.roles.some((role) => MODERATORS.includes(role));
/** Whether somebody may ask for something in a project: the one in scope, an administrator any. */
export const mayActOn = (identity: Identity, projectId: string): boolean =>
  isAdministrator(identity) || identity.project_id === projectId;
export const isAdministrator = (identity: Identity | null): boolean => identity?.roles.includes("admin") === true;
