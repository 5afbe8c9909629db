import { commit } from "../storage/db.ts";
import { selectNamedOrReachedAt, selectUserNamed, type User } from "../storage/users.ts";
import type { Core } from "./context.ts";
import { issueJwt } from "./jwt.ts";
import { type Attempt, attemptOn, failuresOf, mustNotBeLocked } from "./login-attempts.ts";
import { refuse } from "./refusal.ts";
import { tried } from "./sessions.ts";
import { isPlainEmail } from "./values.ts";

/** Nobody's name: refusing it takes as long as refusing any other. */
const NOBODY = "";

/**
 * Logs a user in by his name, or by an e-mail address that is exactly his alone, and gives a JWT (pas contract, 4.1): one
 * look-up (two by an address), one Argon2id and one batch. Refuses `unauthenticated`, the same to everybody, and `throttled`.
 */
export async function logInForJwt(core: Core, text: string, password: string): Promise<string> {
  const typed = await attemptOn(core, text);
  const { db } = core;
  const named = isPlainEmail(text) ? selectNamedOrReachedAt(db, text) : selectUserNamed(db, text);
  const [found, failures] = await commit(db, named, failuresOf(core, typed));
  mustNotBeLocked(core, failures);
  const meant = userMeant(found, text);
  const attempt = isPlainEmail(text) ? await attemptByName(core, meant?.name ?? text) : typed;
  // Only a name that is nobody's at all can be that of the administrator who is yet to be made.
  const proved = await tried(core, attempt, meant, found.length === 0 ? text : NOBODY, password);
  if (proved?.user.state !== "active") return refuse({ kind: "unauthenticated", why: "login" });
  return issueJwt(core, proved.user, proved.attempt);
}

/**
 * By whichever of his names somebody calls a user, what he tries is counted together; for an address that nobody has it is
 * looked as well, so that time does not tell. Refuses `throttled`.
 */
async function attemptByName(core: Core, name: string): Promise<Attempt> {
  const attempt = await attemptOn(core, name);
  mustNotBeLocked(core, await failuresOf(core, attempt));
  return attempt;
}

/** The only one whose address it is, else whose name; both are told apart by letter case here. */
function userMeant(found: User[], text: string): User | undefined {
  const reached = found.filter(({ email }) => email === text);
  if (reached.length > 0) return reached.length === 1 ? reached[0] : undefined;
  return found.find(({ name }) => name === text);
}
