import { usersNamedOrReachedAt } from "../storage/users.ts";
import type { Core } from "./context.ts";
import { issueJwt } from "./jwt.ts";
import { refuse } from "./refusal.ts";
import { activeUserWithPassword } from "./sessions.ts";
import { isPlainEmail, isUserName } from "./values.ts";

/** Nobody's name: refusing it takes as long as refusing any other. */
const NOBODY = "";

/**
 * Logs a user in by his name, or by an e-mail address that is exactly his alone, and gives a JWT (pas contract, 4.1).
 * Refuses `unauthenticated`, the same to everybody.
 */
export async function logInForJwt(core: Core, text: string, password: string): Promise<string> {
  const name = await nameBehind(core, text);
  const user = await activeUserWithPassword(core, name, password);
  // Names are told apart by letter case here.
  return user.name === name ? issueJwt(core, user) : refuse({ kind: "unauthenticated", why: "login" });
}

async function nameBehind({ db }: Core, text: string): Promise<string> {
  if (!isPlainEmail(text)) return isUserName(text) ? text : NOBODY;
  const reached = (await usersNamedOrReachedAt(db, text)).filter(({ email }) => email === text);
  return reached.length > 1 ? NOBODY : (reached[0]?.name ?? text);
}
