import * as z from "zod";
import { type ControllerLevel, type Grant, type Level, liveGrants, resourceNamed } from "../../../storage/access.ts";
import { addGrant, deleteEndedGrants } from "../../../storage/access-grants.ts";
import type { Statement } from "../../../storage/db.ts";
import { type User, userWithId } from "../../../storage/users.ts";
import { CONTROLLER_LEVELS, covers, highest, LEVELS, MODEL_LEVELS } from "../../access-levels.ts";
import type { Core } from "../../context.ts";
import { kindOf, onThing, type Place, takingOutlived, telling } from "../../granting.ts";
import { type OfTask, type Plan, plan } from "../action.ts";
import { oneOf, proseField, text } from "../fields.ts";
import type { Change } from "./change.ts";

/** The name of a controller or model, in the letters it is stored with. */
export const resourceName = text(256).transform((name) => name.toLowerCase());

const common = {
  user: z.string(),
  controller: resourceName,
  reason: proseField(1000),
  duration_seconds: z.int().min(1).max(31_536_000).nullable().default(null),
};

const data = z.discriminatedUnion("change", [
  z.object({
    change: z.literal("controller_access"),
    ...common,
    model: z.null().default(null),
    access: oneOf(CONTROLLER_LEVELS),
  }),
  z.object({
    change: z.literal("model_access"),
    ...common,
    model: resourceName,
    access: oneOf(MODEL_LEVELS),
  }),
]);

type Data = z.output<typeof data>;

export const GONE = "The controller, its model or the user is gone.";

/** Gives the requester access to a controller or a model, for a time that begins with the approval (workflow contract, 11). */
export const requested: Change<Data> = {
  data,

  async prepare(core, wanted, task) {
    const found = await look(core, wanted, task);
    if (!found) return plan.invalid(GONE);
    return plan.valid([], { made: { controller_id: found.controller.id, model_id: found.model?.id ?? "" } });
  },

  async approve(core, wanted, task) {
    const found = await look(core, wanted, task);
    const { controller_id: controllerId, model_id: modelId = "" } = task.made;
    // Another one of the same name is not what was asked for.
    if (!found || found.controller.id !== controllerId || (found.model?.id ?? "") !== modelId)
      return plan.invalid(GONE);
    return grant(core, wanted, found);
  },
};

interface Found extends Place {
  user: User;
}

async function look({ db }: Core, wanted: Data, { requester }: OfTask): Promise<Found | undefined> {
  const user = requester ? await userWithId(db, requester.user_id) : undefined;
  const { controller, model } = await resourceNamed(db, wanted.controller, wanted.model);
  if (!user || !controller || (wanted.model !== null && !model)) return undefined;
  return { user, controller, model };
}

/** Adds to what the user has, and only what he lacks: nothing is taken from him, and what he had is there again afterwards. */
async function grant(core: Core, wanted: Data, place: Found): Promise<Plan> {
  const { db } = core;
  const { user, controller, model } = place;
  const now = core.now();
  const expiresAt = wanted.duration_seconds === null ? null : now + wanted.duration_seconds * 1000;
  const { onController, onModel } = await liveGrants(db, user.id, controller.id, model?.id ?? null, now);
  const has = (access: ControllerLevel) =>
    user.role === "ADMIN" || covers(CONTROLLER_LEVELS, onController, { access, expiresAt });
  const adding = (to: Place, access: Level): Statement => addGrant(db, kindOf(to), onThing(to), { access, expiresAt });
  /** What ended there before is settled with it: the agent is told what counts now. */
  const addingAndTelling = (to: Place, access: Level, live: Grant<Level>[]): Statement[] => [
    deleteEndedGrants(db, kindOf(to), onThing(to), now),
    adding(to, access),
    ...telling(core, to, highest<Level>(LEVELS, [...live, { access, expiresAt }]) ?? null),
  ];
  const writes = takingOutlived(core, place);
  if (wanted.change === "controller_access") {
    if (!has(wanted.access)) writes.push(...addingAndTelling(place, wanted.access, onController));
  } else {
    const isIn = user.role === "ADMIN" || onController.length > 0;
    const isCovered = has("superuser") || (isIn && covers(MODEL_LEVELS, onModel, { access: wanted.access, expiresAt }));
    // Access to a model ends with that to its controller, which therefore has to last as long.
    const entrance = { user, controller };
    if (isCovered && !has("login")) writes.push(...addingAndTelling(entrance, "login", onController));
    if (!isCovered && !has("login")) writes.push(adding(entrance, "login"));
    if (!isCovered) writes.push(...addingAndTelling(place, wanted.access, isIn ? onModel : []));
  }
  return plan.valid(`'${user.name}' has ${wanted.access} access.`, { writes });
}
