import { userNamed, usersNamedOrReachedAt } from "../storage/users.ts";
import type { Core } from "./context.ts";
import { issueJwt } from "./jwt.ts";
import { refuse } from "./refusal.ts";
import { ifProved, type Named } from "./sessions.ts";
import { isPlainEmail, isUserName, nameKey } from "./values.ts";

/** Refusing nobody's name takes as long as refusing any other. */
const NOBODY: Named = { name: "", user: undefined };

/**
 * Logs a user in by his name, or by an e-mail address that is exactly his alone, and gives a JWT (pas contract, 4.1): one
 * Argon2id and two D1 trips. Refuses `unauthenticated`, the same to everybody.
 */
export async function logInForJwt(core: Core, text: string, password: string): Promise<string> {
  const meant = await meantBy(core, text);
  const user = await ifProved(core, meant, password);
  // Names are told apart by letter case here.
  const isIn = user?.state === "active" && user.name === meant.name;
  return isIn ? issueJwt(core, user) : refuse({ kind: "unauthenticated", why: "login" });
}

async function meantBy({ db }: Core, text: string): Promise<Named> {
  if (!isPlainEmail(text)) return isUserName(text) ? { name: text, user: await userNamed(db, text) } : NOBODY;
  const found = await usersNamedOrReachedAt(db, text);
  const [reached, another] = found.filter(({ email }) => email === text);
  if (another) return NOBODY;
  return reached ? { name: reached.name, user: reached } : { name: text, user: found.find(isNamed(text)) };
}

const isNamed = (text: string) => (user: { nameKey: string }) => user.nameKey === nameKey(text);
