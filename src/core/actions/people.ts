import { type User, userNamed, usersNamedOrReachedAt } from "../../storage/users.ts";
import type { Core } from "../context.ts";
import { nameKey } from "../values.ts";

/** Whom an e-mail address means. */
export type Addressee =
  | { kind: "user"; user: User }
  /** Nobody: a new user of this name can be made. */
  | { kind: "nobody"; name: string }
  /** The name asked for is somebody's who has another address. */
  | { kind: "mismatch"; name: string };

/**
 * The user of an address (workflow contract, 9.1): who bears it as his name, else the only one who has it as his e-mail.
 * Where addresses are not names, the user called `username`, if the address is his. One round trip, whoever it is.
 */
export async function addressee(core: Core, email: string, username?: string): Promise<Addressee> {
  const { db, settings } = core;
  const key = nameKey(email);
  if (!settings.USERNAME_IS_EMAIL && username !== undefined) {
    const user = await userNamed(db, username);
    if (!user) return { kind: "nobody", name: username };
    return user.emailKey === key ? { kind: "user", user } : { kind: "mismatch", name: username };
  }
  const found = await usersNamedOrReachedAt(db, email);
  const user = found.find((each) => each.nameKey === key) ?? (found.length === 1 ? found[0] : undefined);
  return user ? { kind: "user", user } : { kind: "nobody", name: email };
}
