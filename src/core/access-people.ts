import { mustBeAdmin, mustBeUser } from "./actor.ts";
import type { Core } from "./context.ts";
import { findUser, type User } from "./users.ts";
import { nameKey } from "./values.ts";

/**
 * The user of a name in any letter case, for himself and for an ADMIN. Refuses `forbidden` to everybody else, whether or not
 * he is there, then `not_found`.
 */
export async function personFor(core: Core, name: string): Promise<User> {
  const { user } = mustBeUser(core);
  if (nameKey(user.name) === nameKey(name)) return user;
  mustBeAdmin(core);
  return findUser(core, name);
}
