import { userNamed } from "../storage/users.ts";
import type { UserActor } from "./actor.ts";
import type { Core } from "./context.ts";
import { isRemembered, markOf, remember } from "./proved-passwords.ts";
import { provedUser } from "./sessions.ts";
import { isUserName } from "./values.ts";

/**
 * Who a name and password stand for at this moment; undefined for a wrong one, and for a user who is not active. His row is
 * read each time; the Argon2id of a right password is not computed again within a minute.
 */
export async function holderOfPassword(core: Core, name: string, password: string): Promise<UserActor | undefined> {
  const found = isUserName(name) ? await userNamed(core.db, name) : undefined;
  // Also for nobody, so that time does not tell who exists.
  const mark = await markOf(core, found, password);
  const isKnown = isRemembered(mark, core.now());
  const user = isKnown ? found : await provedUser(core, found, name, password);
  if (user?.state !== "active") return undefined;
  if (found && !isKnown) remember(mark, core.now());
  return { kind: "user", user, via: { kind: "password", projectId: null } };
}
