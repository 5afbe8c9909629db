import { addGrant } from "../storage/access-grants.ts";
import { deleteModel, insertModel, mustHaveCredential, NO_CREDENTIAL, peopleOfModel } from "../storage/controllers.ts";
import { commit, commitAll } from "../storage/db.ts";
import { violated } from "../storage/fault.ts";
import { highest, MODEL_LEVELS } from "./access-levels.ts";
import { isAdmin } from "./actor.ts";
import { audited } from "./audit.ts";
import type { Core } from "./context.ts";
import { modelNames, type Person } from "./controllers.ts";
import { refuse } from "./refusal.ts";
import { newId } from "./secrets.ts";
import {
  type AboutModel,
  absent,
  isModelAdmin,
  type ModelStanding,
  must,
  type Standing,
  standingOn,
  standingOnModel,
} from "./standing.ts";

/** A model as somebody who has access to it sees it. */
export interface ShownModel {
  name: string;
  users: Person[];
}

/** The names of the models of a controller that the caller has access to, in the order of creation. Refuses as `standingOn`. */
export async function modelsInReach(core: Core, controller: string): Promise<string[]> {
  return modelNames(await standingOn(core, { controller }, "all"));
}

/** A controller on which the caller may make models. Refuses as `standingOn`, then `forbidden`. */
export async function mayAddModel(core: Core, controller: string): Promise<Standing> {
  const standing = await standingOn(core, { controller });
  must(standing.own.access !== "login");
  return standing;
}

/**
 * Makes a model, of which the caller is then administrator. `credential`: the name of one of his own, if he named one. Refuses
 * `conflict` on the name, then `not_found` for the credential.
 */
export async function createModel(
  core: Core,
  { actor, controller }: Pick<Standing, "actor" | "controller">,
  { name, credential }: { name: string; credential: string | undefined },
): Promise<void> {
  const { db } = core;
  const { user } = actor;
  const model = { id: newId(core.random), controllerId: controller.id, name, creator: user.id, createdAt: core.now() };
  const own = { userId: user.id, on: model.id };
  await commitAll(db, [
    insertModel(db, model),
    ...(credential === undefined ? [] : [mustHaveCredential(db, user.id, credential)]),
    ...(isAdmin(actor) ? [] : [addGrant(db, "model", own, { access: "admin", expiresAt: null })]),
    audited(core, "model.create", model.id, { details: { controller: controller.name, name } }),
  ]).catch((error: unknown) => {
    const constraint = violated(error);
    if (constraint === undefined) throw error;
    if (constraint === NO_CREDENTIAL) absent("credential", credential);
    // The foreign key tells that the controller is gone.
    return constraint.startsWith("models.")
      ? refuse({ kind: "conflict", what: "model", name })
      : absent("controller", controller.name);
  });
}

/** A model for whoever has access to it. Refuses as `standingOnModel`. */
export async function findModel(core: Core, about: AboutModel): Promise<ShownModel> {
  const standing = await standingOnModel(core, about);
  const { actor, model, ownOnModel } = standing;
  const own = { name: actor.user.name, access: ownOnModel.access };
  return { name: model.name, users: isModelAdmin(standing) ? await peopleOn(core, standing) : [own] };
}

/** Deletes a model and every grant on it, for its administrators; gives its name. Refuses as `standingOnModel`, then `forbidden`. */
export async function removeModel(core: Core, about: AboutModel): Promise<string> {
  const standing = await standingOnModel(core, about);
  must(isModelAdmin(standing));
  const { controller, model } = standing;
  const details = { controller: controller.name, name: model.name };
  const [gone] = await commit(
    core.db,
    deleteModel(core.db, model.id),
    audited(core, "model.delete", model.id, { details, ifChanged: true }),
  );
  return gone.length > 0 ? model.name : absent("model", about.model);
}

/** Who has access to a model: the ADMINs in the order of creation, the superusers and the others in the order of granting. */
async function peopleOn(core: Core, { controller, model }: ModelStanding): Promise<Person[]> {
  const { admins, superusers, granted } = await peopleOfModel(core.db, controller.id, model.id, core.now());
  const all = new Set([...admins, ...superusers].map(({ name }) => name));
  const others = Map.groupBy(granted, ({ name }) => name);
  return [
    ...[...all].map((name) => ({ name, access: "admin" })),
    ...[...others].flatMap(([name, grants]) =>
      all.has(name) ? [] : [{ name, access: highest(MODEL_LEVELS, grants)?.access ?? "read" }],
    ),
  ];
}
