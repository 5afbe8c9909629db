import type { UserActor } from "./actor.ts";
import type { Core } from "./context.ts";
import { countWrong, forgive } from "./login-attempts.ts";
import { isRemembered, markOf, remember } from "./proved-passwords.ts";
import { aimAt, tried } from "./sessions.ts";

/**
 * Who a name and password stand for at this moment; undefined for a wrong one, and for a user who is not active. His row is
 * read each time; the Argon2id of a right password is not computed again within a minute. Refuses `throttled`.
 */
export async function holderOfPassword(core: Core, name: string, password: string): Promise<UserActor | undefined> {
  const [{ attempt, meant, hasFailed }] = await aimAt(core, name);
  // Also for nobody, so that time does not tell who exists.
  const mark = await markOf(core, meant, password);
  const isKnown = isRemembered(mark, core.now());
  const proved = isKnown && meant ? { user: meant, attempt } : await tried(core, attempt, meant, name, password);
  if (proved?.user.state !== "active") {
    // Whoever has the right one of a user who is not active is told as much, and as soon, as others.
    if (proved) await countWrong(core, attempt, proved.user);
    return undefined;
  }
  const { user } = proved;
  if (!isKnown || hasFailed) await forgive(core, proved.attempt);
  if (meant && !isKnown) remember(mark, core.now());
  return { kind: "user", user, via: { kind: "password", projectId: null } };
}
