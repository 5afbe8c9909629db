import type * as z from "zod";
import { isAdmin } from "../../../core/actor.ts";
import type { Core } from "../../../core/context.ts";
import { invalid, refuse } from "../../../core/refusal.ts";
import { zonedTime } from "../../../core/times.ts";
import type { User, UserChange } from "../../../core/users.ts";
import type { patchBody } from "./shapes.ts";

/**
 * What a patch changes (contract, 5.3): what cannot be changed may be sent back as it was read. Refuses `invalid`, and
 * `forbidden` to a USER who would change a role.
 */
export function changeOf(core: Core, user: User, body: z.output<typeof patchBody>): UserChange {
  const { name, creationTime, state, role, email, lastLoginTime } = body;
  if (name !== undefined && name !== user.name) invalid("name", "unchangeable");
  if (creationTime !== undefined && !isTimeOf(user.createdAt, creationTime)) invalid("creationTime", "unchangeable");
  if (state !== undefined && state !== user.state) invalid("state", "unchangeable");
  if (role !== undefined && role !== user.role && !isAdmin(core.actor)) refuse({ kind: "forbidden", needs: "admin" });
  return {
    ...(role && { role }),
    ...(email !== undefined && { email }),
    ...(lastLoginTime && { lastLogin: lastLoginTime }),
  };
}

/** Times are shown in whole seconds. */
const isTimeOf = (at: number, shown: unknown) =>
  typeof shown === "string" && zonedTime(shown)?.at === Math.floor(at / 1000) * 1000;
