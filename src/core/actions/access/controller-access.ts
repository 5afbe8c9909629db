import * as z from "zod";
import { selectControllerNamed } from "../../../storage/access.ts";
import { commit } from "../../../storage/db.ts";
import { selectUserMeant } from "../../../storage/users.ts";
import { CONTROLLER_LEVELS } from "../../access-levels.ts";
import type { Core } from "../../context.ts";
import { giving, type Place } from "../../granting.ts";
import { rfc3339 } from "../../times.ts";
import { problem } from "../../values.ts";
import { type OfTask, plan } from "../action.ts";
import { oneOf } from "../fields.ts";
import { type Change, whoseOf } from "./change.ts";
import { GONE, resourceName } from "./requested.ts";

const end = z
  .string()
  .refine((text) => rfc3339(text) !== undefined, { error: problem("format"), abort: true })
  .transform((text) => new Date(rfc3339(text) ?? 0).toISOString());

const data = z.object({
  change: z.literal("controller_access"),
  user: z.string(),
  controller: resourceName,
  access: oneOf(CONTROLLER_LEVELS),
  expires_at: end.nullish().transform((text) => text ?? undefined),
});

type Data = z.output<typeof data>;

/** Gives a user exactly one level on a controller, as an ADMIN or superuser ordered it (access contract, section 9). */
const planned: Change<Data> = {
  data,

  async prepare(core, wanted, task) {
    const found = await look(core, wanted, task);
    if (!found) return plan.invalid(GONE);
    return plan.valid([], { made: { user_id: found.user.id, controller_id: found.controller.id } });
  },

  async approve(core, wanted, task) {
    const found = await look(core, wanted, task);
    // Another one of the same name is not what was meant.
    if (!found || found.controller.id !== task.made["controller_id"]) return plan.invalid(GONE);
    const expiresAt = wanted.expires_at === undefined ? null : Date.parse(wanted.expires_at);
    const hasEnded = expiresAt !== null && expiresAt <= core.now();
    const notes = hasEnded
      ? `The access of '${found.user.name}' ended before it was given.`
      : `'${found.user.name}' has ${wanted.access} access.`;
    return plan.valid(notes, { writes: giving(core, found, { access: wanted.access, expiresAt }) });
  },
};

/** Listed without the type of its data, which the task has checked. */
export const controllerAccess = planned as unknown as Change;

/** The controller of the name, and the user. */
async function look({ db }: Core, wanted: Data, task: OfTask): Promise<Place | undefined> {
  const [[controller], [user]] = await commit(
    db,
    selectControllerNamed(db, wanted.controller),
    selectUserMeant(db, whoseOf(wanted, task)),
  );
  return controller && user && { controller, user };
}
