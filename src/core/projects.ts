import { commit, type Results, readTogether, type Statement } from "../storage/db.ts";
import {
  DEFAULT_GROUP,
  type Group,
  idOfSoleProject,
  type Membership,
  type MembershipRows,
  membershipsFrom,
  membershipsOf,
  projectWithIdOrName,
  selectMemberships,
  selectProject,
} from "../storage/groups.ts";
import type { User } from "../storage/users.ts";
import { mustBeUser, type UserActor } from "./actor.ts";
import type { Core } from "./context.ts";
import { refuse } from "./refusal.ts";
import { factOfCaller, ofCaller } from "./snapshots.ts";
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

type Project = Pick<Group, "id" | "name">;

/** Somebody who asks for something of the workflow dialect. */
export interface Caller {
  identity: Identity;
  /** What makes him an approver where one of them is asked for, but for what he rules in the access dialect. */
  keys: ReadonlySet<string>;
}

/** Who the caller is; null for nobody. */
export async function identityOf(core: Asker): Promise<Identity | null> {
  return (await callerOf(core))?.identity ?? null;
}

/** Who the caller is and what he holds; null for nobody. One round trip. */
export async function callerOf(core: Asker): Promise<Caller | null> {
  if (core.actor.kind !== "user") return null;
  const [caller] = await callerAnd(core);
  return caller;
}

/**
 * The caller as `callerOf` gives him, and what these statements read, in one round trip; in none if there is nothing to read.
 * Refuses `unauthenticated`.
 */
export async function callerAnd<S extends readonly Statement[]>(
  core: Asker,
  ...also: S
): Promise<[Caller, ...Results<S>]> {
  const actor = mustBeUser(core);
  const { known, keep } = factOfCaller<Membership[]>(core, MEMBERSHIPS);
  // Nobody is told that a project is gone which is not his own.
  const isOwn = known?.some(({ group }) => group.id === actor.via.projectId) || !actor.via.projectId;
  const places = known && isOwn ? [] : selectPlaces(core.db, actor);
  const results = await readTogether(core.db, [...places, ...also]);
  const [rows = [], [named] = []] = results.slice(0, places.length) as Partial<PlacesRead>;
  const memberships = places.length === 0 && known ? known : keep(membershipsFrom(rows));
  const caller = { identity: identityIn(actor, memberships, named), keys: keysHeld(actor, memberships) };
  return [caller, ...(results.slice(places.length) as Results<S>)];
}

/** The fact that a caller's groups are remembered by. */
const MEMBERSHIPS = "memberships";

type Asker = Pick<Core, "actor" | "db" | "settings" | "now">;

function keysHeld({ user }: UserActor, memberships: Membership[]): ReadonlySet<string> {
  const held = memberships.flatMap(({ group, roles }) => [
    groupKey(group.id),
    ...roles.map((role) => roleKey(group.id, role)),
  ]);
  return new Set([userKey(user.id), groupKey(DEFAULT_GROUP), ...(user.role === "ADMIN" ? [ADMIN_KEY] : []), ...held]);
}

type Somebody = Omit<UserActor, "kind">;

type PlacesRead = [MembershipRows, Project[]];

/** The statements that read the groups of a user, and the project that his token names. */
const selectPlaces = (db: Core["db"], { user, via }: Somebody) =>
  [selectMemberships(db, { id: user.id }), selectProject(db, via.projectId ?? NO_PROJECT)] as const;

/** The id of a project, or where a statement finds it; closed to the layers above. */
export type ProjectId = Parameters<typeof selectProject>[1];

/** The project that the caller's identity has in scope, for what is read together with it; he may be no member of it. */
export function projectIdOf(core: Asker): ProjectId {
  const { user, via } = mustBeUser(core);
  const { known } = factOfCaller<Membership[]>(core, MEMBERSHIPS);
  return via.projectId ?? (known ? (soleProject(known)?.id ?? NO_PROJECT) : idOfSoleProject(user.id));
}

const soleProject = ([first, ...more]: Membership[]): Project | undefined =>
  more.length === 0 ? first?.group : undefined;

/** The identity of a user by a session of his. One round trip. */
export async function identityOfUser(db: Core["db"], actor: Somebody): Promise<Identity> {
  const [rows, [named]] = await commit(db, ...selectPlaces(db, actor));
  return identityIn(actor, membershipsFrom(rows), named);
}

/**
 * A user with his project in scope (the token's own, else his only group) and his roles: `admin` when he is ADMIN, then
 * those he holds in the project, in the order of granting. `named`: the project that his token names.
 */
export function identityIn(actor: Somebody, memberships: Membership[], named: Project | undefined): Identity {
  const scope = projectInScope(actor, memberships, named);
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

function projectInScope(
  { user, via }: Somebody,
  memberships: Membership[],
  named: Project | undefined,
): Project | undefined {
  if (via.projectId === NO_PROJECT) return undefined;
  if (via.projectId === null) return soleProject(memberships);
  const own = memberships.find(({ group }) => group.id === via.projectId)?.group;
  // An administrator may name a project that he is no member of.
  return own ?? (user.role === "ADMIN" ? named : undefined);
}

/** The project that a user may ask a token for: by id or name, one of his own, an ADMIN any. Refuses `not_found`. */
export async function projectFor(
  { db }: Pick<Core, "db">,
  { user, memberships }: { user: User; memberships: Membership[] },
  idOrName: string,
): Promise<Project> {
  const own =
    memberships.find(({ group }) => group.id === idOrName) ?? memberships.find(({ group }) => group.name === idOrName);
  if (own) return own.group;
  const any = user.role === "ADMIN" ? await projectWithIdOrName(db, idOrName) : undefined;
  return any ?? refuse({ kind: "not_found", what: "project", name: idOrName });
}

/** The projects that the caller is a member of, in the order of joining. */
export async function ownProjects(core: Asker): Promise<Project[]> {
  const { user } = mustBeUser(core);
  const memberships = await ofCaller(core, MEMBERSHIPS, () => membershipsOf(core.db, user.id));
  return memberships.map(({ group }) => group);
}

/** Whether somebody may moderate: a role that the workflow dialect names MOD. */
const PROJECT_MODERATORS: readonly string[] = ["project_admin", "project_mod"];
export const MODERATORS: readonly string[] = [...PROJECT_MODERATORS, "admin"];
export const isModerator = (identity: Identity): boolean => identity.roles.some((role) => MODERATORS.includes(role));

/** Names of the projects that the caller may moderate, as far as they are known without asking; those of an ADMIN are not told. */
export function moderatedProjects(core: Asker): string[] {
  const { known = [] } = factOfCaller<Membership[]>(core, MEMBERSHIPS);
  return known
    .filter(({ roles }) => roles.some((role) => PROJECT_MODERATORS.includes(role)))
    .map(({ group }) => group.name);
}

/** Whether somebody may ask for something in a project: the one in scope, an administrator any. */
export const mayActOn = (identity: Identity, projectId: string): boolean =>
  isAdministrator(identity) || identity.project_id === projectId;
export const isAdministrator = (identity: Identity | null): boolean => identity?.roles.includes("admin") === true;
