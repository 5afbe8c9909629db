import { isAdmin, isCallers, mustBeUser } from "./actor.ts";
import type { Core } from "./context.ts";
import { refuse } from "./refusal.ts";
import { findUser, type User } from "./users.ts";

/** Refuses `forbidden` unless the name is the caller's, in any letter case, or he an ADMIN; whether there is such a user or not. */
export function mayLookAt(core: Core, name: string): void {
  if (!isCallers(core, name) && !isAdmin(core.actor)) refuse({ kind: "forbidden", needs: "self" });
}

/** The user of a name, the caller himself or for an ADMIN anybody. Refuses `forbidden`, then `not_found`. */
export async function personFor(core: Core, name: string): Promise<User> {
  mayLookAt(core, name);
  return isCallers(core, name) ? mustBeUser(core).user : findUser(core, name);
}
