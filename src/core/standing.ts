import { type Granted, groundsOf, type Question, type Registered } from "../storage/grounds.ts";
import { accessOf, type ControllerAccess, type ModelAccess } from "./access-levels.ts";
import { mustBeUser, type UserActor } from "./actor.ts";
import type { Core } from "./context.ts";
import { type Nameable, refuse } from "./refusal.ts";

/** What a call of the access dialect is about, as its path names it. */
export type About = Pick<Question, "controller" | "user">;
export type AboutModel = About & { model: string };

/** How the caller stands on a controller, and whom the call is about. */
export interface Standing {
  actor: UserActor;
  controller: Registered;
  /** What the caller has there. */
  own: ControllerAccess;
  user: Granted | undefined;
}

/** The same on a model. */
export interface ModelStanding extends Standing {
  model: Registered["models"][number];
  ownOnModel: ModelAccess;
}

/** Refuses `not_found` when there is no such controller, and likewise when the caller has no access to it (access contract, section 5). */
export async function standingOn(core: Core, about: About, models: Question["models"] = "none"): Promise<Standing> {
  const actor = mustBeUser(core);
  const { controller, caller, user } = await groundsOf(core.db, { ...about, models, callerId: actor.user.id });
  const [own] = controller && caller ? accessOf(caller, [controller], core.now()) : [];
  return controller && own ? { actor, controller, own, user } : absent("controller", about.controller);
}

/** Refuses as `standingOn`, then likewise for the model. */
export async function standingOnModel(core: Core, { model: name, ...about }: AboutModel): Promise<ModelStanding> {
  const standing = await standingOn(core, about, { name });
  const [model] = standing.controller.models;
  const [ownOnModel] = standing.own.models;
  return model && ownOnModel ? { ...standing, model, ownOnModel } : absent("model", name);
}

export const isSuperuser = ({ own }: Standing): boolean => own.access === "superuser";
export const isModelAdmin = ({ ownOnModel }: ModelStanding): boolean => ownOnModel.access === "admin";
export const isSelf = ({ actor, user }: Standing): boolean => user?.id === actor.user.id;

/** Refuses `forbidden` unless the caller may. */
export function must(may: boolean): void {
  if (!may) refuse({ kind: "forbidden", needs: "access" });
}

/** The user whom a call is about; who may not make it is refused `forbidden` and does not learn whether he is there. */
export function userOf(standing: Pick<Standing, "user">, may: boolean): Granted {
  must(may);
  return standing.user ?? absent("user");
}

/** The same of whom something is to be given or taken: not of an ADMIN, who has everything. Refuses him `forbidden`, too. */
export function granteeOf(standing: Pick<Standing, "user">, may: boolean): Granted {
  const user = userOf(standing, may);
  return user.role === "ADMIN" ? refuse({ kind: "forbidden", needs: "other_than_admin" }) : user;
}

export const absent = (what: Nameable, name?: string): never =>
  refuse({ kind: "not_found", what, ...(name !== undefined && { name }) });
