import {
  deleteController,
  insertController,
  peopleOfController,
  selectControllerNames,
} from "../storage/controllers.ts";
import { commit, commitAll } from "../storage/db.ts";
import { violated } from "../storage/fault.ts";
import { CONTROLLER_LEVELS, highest } from "./access-levels.ts";
import { isAdmin, mustBeAdmin, mustBeUser } from "./actor.ts";
import { audited } from "./audit.ts";
import type { Core } from "./context.ts";
import { refuse } from "./refusal.ts";
import { seal } from "./sealing.ts";
import { newId } from "./secrets.ts";
import { absent, isSuperuser, must, type Standing, standingOn } from "./standing.ts";

/** Kinds of clouds (access contract, section 11). */
export const CONTROLLER_TYPES = [
  "google",
  "aws",
  "azure",
  "openstack",
  "vsphere",
  "maas",
  "lxd",
  "kubernetes",
  "manual",
] as const;

/** Somebody who has access to something. */
export interface Person {
  name: string;
  access: string;
}

/** A controller as somebody who has access to it sees it. */
export interface ShownController {
  name: string;
  type: string;
  region: string | null;
  models: string[];
  users: Person[];
}

/** A controller as an ADMIN wants it; every value has been held to its rule. */
export interface NewController {
  name: string;
  type: string;
  region: string | null;
  /** What the service logs in to it with; it is never shown. */
  credentials: string | null;
}

/** The names of the controllers that the caller has access to, in the order of creation. */
export async function controllersInReach(core: Core): Promise<string[]> {
  return namesIn(await selectReach(core));
}

function selectReach(core: Core) {
  const { user } = mustBeUser(core);
  return selectControllerNames(core.db, isAdmin(core.actor) ? "all" : { userId: user.id, now: core.now() });
}

const namesIn = (rows: { name: string }[]): string[] => rows.map(({ name }) => name);

/** Makes a controller that has no models and that nobody but the ADMINs has access to. Refuses `conflict` on the name. */
export async function createController(core: Core, wanted: NewController): Promise<ShownController> {
  mustBeAdmin(core);
  const { name, type, region } = wanted;
  const [id, createdAt] = [newId(core.random), core.now()];
  const credentials = wanted.credentials === null ? null : await seal(core.settings, wanted.credentials);
  const creator = mustBeUser(core).user.id;
  await commitAll(core.db, [
    insertController(core.db, { id, name, type, region, credentials, creator, createdAt }),
    audited(core, "controller.create", id, { details: { name, type, region } }),
  ]).catch((error: unknown) => {
    if (violated(error)) refuse({ kind: "conflict", what: "controller", name });
    throw error;
  });
  return { name, type, region, models: [], users: await peopleOn(core, id) };
}

/** A controller for whoever has access to it. Refuses as `standingOn`. */
export async function findController(core: Core, name: string): Promise<ShownController> {
  const standing = await standingOn(core, { controller: name }, "all");
  const { actor, own, controller } = standing;
  const users = isSuperuser(standing)
    ? await peopleOn(core, controller.id)
    : [{ name: actor.user.name, access: own.access }];
  const { type, region } = controller;
  return { name: controller.name, type, region, models: modelNames(standing), users };
}

/**
 * Deletes a controller, its models and every grant on either, for its superusers; gives the names of those that the caller has
 * access to then. Refuses as `standingOn`, then `forbidden`.
 */
export async function removeController(core: Core, name: string): Promise<string[]> {
  const standing = await standingOn(core, { controller: name });
  must(isSuperuser(standing));
  const { controller } = standing;
  const details = { name: controller.name };
  const [gone, , left] = await commit(
    core.db,
    deleteController(core.db, controller.id),
    audited(core, "controller.delete", controller.id, { details, ifChanged: true }),
    selectReach(core),
  );
  return gone.length > 0 ? namesIn(left) : absent("controller", name);
}

/** The models of a controller that the caller has access to, in the order of creation. */
export function modelNames({ controller, own }: Standing): string[] {
  const reached = new Set(own.models.map(({ name }) => name));
  return controller.models.map(({ name }) => name).filter((name) => reached.has(name));
}

/** Who has access to a controller: the ADMINs in the order of creation, then the others in the order of granting. */
async function peopleOn(core: Core, id: string): Promise<Person[]> {
  const { admins, granted } = await peopleOfController(core.db, id, core.now());
  const others = Map.groupBy(granted, ({ name }) => name);
  return [
    ...admins.map(({ name }) => ({ name, access: "superuser" })),
    ...[...others].map(([name, grants]) => ({ name, access: highest(CONTROLLER_LEVELS, grants)?.access ?? "login" })),
  ];
}
