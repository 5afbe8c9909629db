import { endAfter, level } from "../../../core/access-fields.ts";
import { CONTROLLER_LEVELS, MODEL_LEVELS } from "../../../core/access-levels.ts";
import { newName } from "../../../core/access-names.ts";
import { isAdmin, isCallers } from "../../../core/actor.ts";
import type { Core } from "../../../core/context.ts";
import { mayGrantOn, orderAccess, takeController } from "../../../core/controller-access.ts";
import { removeController } from "../../../core/controllers.ts";
import { grantModel, mayGrantModel, takeModel } from "../../../core/model-access.ts";
import { createModel, mayAddModel, removeModel } from "../../../core/models.ts";
import { invalid, Refused } from "../../../core/refusal.ts";
import { endOfDay } from "../../html/clock.ts";
import { trimmedIn } from "../../html/form.tsx";
import { clockFor } from "../../html/reader.ts";
import type { Asked, Deed } from "../desk-page.tsx";
import { addressOfTask } from "../tasks/rows.tsx";
import { CONTROLLERS } from "./controllers.tsx";

/** What can be done on the page of a controller. */
export const deeds: Record<string, Deed> = {
  async give(core, form, c) {
    const place = await ofUser(mayGrantOn(core, { user: trimmedIn(form, "user"), controller: controllerIn(c) }));
    const access = level(form.get("access"), CONTROLLER_LEVELS);
    const task = await orderAccess(core, place, { access, expiresAt: endIn(core, form, c) });
    return task.completedAt === null
      ? { said: "That waits to be approved. It is this task.", to: addressOfTask(task.id) }
      : { said: `${place.user.name} has the access ${access} now.`, ...away(core, place.user.name) };
  },

  async take(core, form, c) {
    const user = trimmedIn(form, "user");
    await ofUser(takeController(core, { user, controller: controllerIn(c) }));
    return { said: `${user} has no access here any more.`, ...away(core, user) };
  },

  async give_model(core, form, c) {
    const about = { user: trimmedIn(form, "user"), controller: controllerIn(c), model: trimmedIn(form, "model") };
    const place = await ofUser(mayGrantModel(core, about));
    const access = level(form.get("access"), MODEL_LEVELS);
    await grantModel(core, place, { access, expiresAt: endIn(core, form, c) });
    return { said: `${place.user.name} has the access ${access} on ${place.model.name} now.` };
  },

  async take_model(core, form, c) {
    const [user, model] = [trimmedIn(form, "user"), trimmedIn(form, "model")];
    await ofUser(takeModel(core, { user, controller: controllerIn(c), model }));
    return { said: `${user} has lost what was given on ${model}.` };
  },

  async add_model(core, form, c) {
    const standing = await mayAddModel(core, controllerIn(c));
    const name = newName(trimmedIn(form, "model"), "model");
    await createModel(core, standing, { name, credential: undefined });
    return { said: `The model ${name} is there.` };
  },

  async remove_model(core, form, c) {
    const name = await removeModel(core, { controller: controllerIn(c), model: trimmedIn(form, "model") });
    return { said: `The model ${name} is deleted.` };
  },

  async remove(core, _, c) {
    await removeController(core, controllerIn(c));
    return { said: "The controller is deleted.", to: isAdmin(core.actor) ? CONTROLLERS : "/me/access" };
  },
};

/** Whoever changes what he has himself may not see the page any more. */
const away = (core: Core, user: string) => (isCallers(core, user) ? { to: "/me/access" } : {});

const controllerIn = (c: Asked): string => c.req.param("controller") ?? "";

/** The end of the day that was chosen as the last one; null for none. */
function endIn(core: Core, form: URLSearchParams, c: Asked): number | null {
  const day = trimmedIn(form, "expires_at");
  const end = endOfDay(clockFor(c), day);
  return endAfter(day === "" ? null : end === undefined ? day : new Date(end).toISOString(), core.now());
}

/** Tells at the field of the user that there is none, or that he is an ADMIN. */
async function ofUser<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const refusal = error instanceof Refused ? error.refusal : undefined;
    if (refusal?.kind === "not_found" && refusal.what === "user") invalid("user", "no_user");
    if (refusal?.kind === "forbidden" && refusal.needs === "other_than_admin") invalid("user", "unchangeable");
    throw error;
  }
}
