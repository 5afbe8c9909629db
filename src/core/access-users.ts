import { insertLoginEverywhere } from "../storage/access.ts";
import { userNamed } from "../storage/users.ts";
import { mustBeAdmin } from "./actor.ts";
import type { Core } from "./context.ts";
import { Refused, refuse } from "./refusal.ts";
import { changePassword, changeState, findUser, registerUser, removeUser, type User } from "./users.ts";

/** Refuses `forbidden` to anybody but an ADMIN, and `conflict` for the name of a user. */
export async function mustBeNewTo(core: Core, name: string): Promise<void> {
  mustBeAdmin(core);
  if (await userNamed(core.db, name)) refuse({ kind: "conflict", what: "user", name });
}

/** Makes a USER with `login` on every controller of that moment. Refuses `forbidden`, `conflict`. */
export function addPerson(core: Core, name: string, password: string): Promise<User> {
  mustBeAdmin(core);
  return registerUser(core, { name, password }, (id) => [insertLoginEverywhere(core.db, id)]);
}

/** Lets a user be active, also one who is. Refuses `forbidden`, `not_found`. */
export async function activatePerson(core: Core, name: string): Promise<User> {
  mustBeAdmin(core);
  const user = await findUser(core, name);
  if (user.state === "active") return user;
  await changeState(core, user, "activate").catch((error: unknown) => {
    // Somebody else was quicker.
    if (!(error instanceof Refused && error.refusal.kind === "blocked")) throw error;
  });
  return user;
}

/** Sets the password of a user whom the caller may reach, and ends his sessions and JWTs. Refuses `not_found` when he is gone. */
export async function resetPassword(core: Core, user: User, password: string): Promise<void> {
  if (!(await changePassword(core, user, password))) refuse({ kind: "not_found", what: "user", name: user.name });
}

/** Deletes a user with all that he holds. Refuses `forbidden`, `not_found`, and `blocked` for a protected administrator. */
export async function removePerson(core: Core, name: string): Promise<void> {
  mustBeAdmin(core);
  await removeUser(core, await findUser(core, name));
}
