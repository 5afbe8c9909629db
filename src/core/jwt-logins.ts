import { commit } from "../storage/db.ts";
import { selectNamedOrReachedAt, selectUserNamed, type User } from "../storage/users.ts";
import type { Core } from "./context.ts";
import { issueJwt } from "./jwt.ts";
import { type Attempt, attemptOn, countWrong, lockOf, mustNotBeLocked } from "./login-attempts.ts";
import { refuse } from "./refusal.ts";
import { provedUser } from "./sessions.ts";
import { isPlainEmail, nameKey } from "./values.ts";

/** Nobody's name: refusing it takes as long as refusing any other. */
const NOBODY = "";

/**
 * Logs a user in by his name, or by an e-mail address that is exactly his alone, and gives a JWT (pas contract, 4.1): one
 * look-up, one Argon2id and one batch. Refuses `unauthenticated`, the same to everybody.
 */
export async function logInForJwt(core: Core, text: string, password: string): Promise<string> {
  const refused = () => refuse({ kind: "unauthenticated", why: "login" });
  const typed = await attemptOn(core, text);
  const { db } = core;
  const named = isPlainEmail(text) ? selectNamedOrReachedAt(db, text) : selectUserNamed(db, text);
  const [found, locks] = await commit(db, named, lockOf(core, typed));
  mustNotBeLocked(core, locks);
  const meant = userMeant(found, text);
  const attempt = meant ? await attemptOnUser(core, meant, text, typed) : typed;
  // Only a name that is nobody's at all can be that of the administrator who is yet to be made.
  const user = await provedUser(core, meant, found.length === 0 ? text : NOBODY, password);
  if (user?.state === "active") return issueJwt(core, user, attempt);
  if (!user) await countWrong(core, attempt, meant);
  return refused();
}

/** By whichever of his names somebody calls a user, what he tries is counted together. Refuses `throttled`. */
async function attemptOnUser(core: Core, { name }: User, text: string, typed: Attempt): Promise<Attempt> {
  if (nameKey(name) === nameKey(text)) return typed;
  const attempt = await attemptOn(core, name);
  mustNotBeLocked(core, await lockOf(core, attempt));
  return attempt;
}

/** The only one whose address it is, else whose name; both are told apart by letter case here. */
function userMeant(found: User[], text: string): User | undefined {
  const reached = found.filter(({ email }) => email === text);
  if (reached.length > 0) return reached.length === 1 ? reached[0] : undefined;
  return found.find(({ name }) => name === text);
}
