import { type User, userNamed, usersNamedOrReachedAt } from "../storage/users.ts";
import type { Core } from "./context.ts";
import { issueJwt } from "./jwt.ts";
import { refuse } from "./refusal.ts";
import { provedUser } from "./sessions.ts";
import { isPlainEmail, isUserName } from "./values.ts";

/** Nobody's name: refusing it takes as long as refusing any other. */
const NOBODY = "";

/**
 * Logs a user in by his name, or by an e-mail address that is exactly his alone, and gives a JWT (pas contract, 4.1): one
 * look-up, one Argon2id and one batch. Refuses `unauthenticated`, the same to everybody.
 */
export async function logInForJwt(core: Core, text: string, password: string): Promise<string> {
  const found = await usersBehind(core, text);
  const meant = userMeant(found, text);
  // Only a name that is nobody's at all can be that of the administrator who is yet to be made.
  const user = await provedUser(core, meant, found.length === 0 ? text : NOBODY, password);
  return user?.state === "active" ? issueJwt(core, user) : refuse({ kind: "unauthenticated", why: "login" });
}

async function usersBehind({ db }: Core, text: string): Promise<User[]> {
  if (isPlainEmail(text)) return usersNamedOrReachedAt(db, text);
  const user = isUserName(text) ? await userNamed(db, text) : undefined;
  return user ? [user] : [];
}

/** The only one whose address it is, else whose name; both are told apart by letter case here. */
function userMeant(found: User[], text: string): User | undefined {
  const reached = found.filter(({ email }) => email === text);
  if (reached.length > 0) return reached.length === 1 ? reached[0] : undefined;
  return found.find(({ name }) => name === text);
}
