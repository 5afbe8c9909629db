import type { Grant, ModelLevel } from "../storage/access.ts";
import { commitAll } from "../storage/db.ts";
import { violated } from "../storage/fault.ts";
import { accessOf, type ModelAccess } from "./access-levels.ts";
import { audited } from "./audit.ts";
import type { Core } from "./context.ts";
import { accessToController, type OfUser } from "./controller-access.ts";
import { giving, type Place, taking } from "./granting.ts";
import {
  type AboutModel,
  absent,
  granteeOf,
  isModelAdmin,
  isSelf,
  isSuperuser,
  standingOn,
  standingOnModel,
  userOf,
} from "./standing.ts";

/** A model and a user, as a path names them. */
export type ModelOfUser = Required<AboutModel>;

type ModelPlace = Place & { model: NonNullable<Place["model"]> };

/** What a user has on the models of a controller. Refuses as `accessToController`. */
export async function modelsOf(core: Core, about: OfUser): Promise<ModelAccess[]> {
  return (await accessToController(core, about)).models;
}

/**
 * What a user has on a model, for himself and its administrators. Refuses as `standingOnModel`, then `forbidden`, then
 * `not_found` for the user, and for the model when he has no access to it.
 */
export async function accessToModel(core: Core, about: ModelOfUser): Promise<ModelAccess> {
  const standing = await standingOnModel(core, about);
  const user = userOf(standing, isModelAdmin(standing) || isSelf(standing));
  const [controller] = accessOf(user, [standing.controller], core.now());
  return controller?.models[0] ?? absent("model", about.model);
}

/** Where an administrator of the model may grant it. Nothing is granted to an ADMIN. Refuses as `accessToModel`. */
export async function mayGrantModel(core: Core, about: ModelOfUser): Promise<ModelPlace> {
  const standing = await standingOnModel(core, about);
  const { controller, model } = standing;
  return { controller, model, user: granteeOf(standing, isModelAdmin(standing)) };
}

/**
 * Gives a user exactly this level on a model until exactly this end, and `login` on the controller if he has no access to it
 * (access contract, section 10). The caller has been held to his right. Refuses as `mayGrantModel` when something is gone by
 * then.
 */
export async function grantModel(core: Core, place: ModelPlace, grant: Grant<ModelLevel>): Promise<ModelAccess> {
  const { user, controller, model } = place;
  const details = { controller: controller.name, model: model.name, ...grant };
  try {
    await commitAll(core.db, [...giving(core, place, grant), audited(core, "access.grant", user.id, { details })]);
  } catch (error) {
    if (!violated(error)) throw error;
    const about = { user: user.name, controller: controller.name, model: model.name };
    return grantModel(core, await mayGrantModel(core, about), grant);
  }
  return { name: model.name, ...grant };
}

/**
 * Takes what a user was granted on a model; gives what he has on the models of the controller, as far as the caller is superuser
 * there or administrator of the model. Refuses as `mayGrantModel`.
 */
export async function takeModel(core: Core, about: ModelOfUser): Promise<ModelAccess[]> {
  const place = await mayGrantModel(core, about);
  const details = { controller: place.controller.name, model: place.model.name };
  await commitAll(core.db, [...taking(core, place), audited(core, "access.revoke", place.user.id, { details })]);
  const standing = await standingOn(core, about, "all");
  const [left] = accessOf(userOf(standing, true), [standing.controller], core.now());
  const ruled = new Set(standing.own.models.filter(({ access }) => access === "admin").map(({ name }) => name));
  return (left?.models ?? []).filter(({ name }) => isSuperuser(standing) || ruled.has(name));
}
