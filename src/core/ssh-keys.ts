import { type SshKey, selectKeysBeside, sshKeysOf } from "../storage/ssh-keys.ts";
import { selectUser } from "../storage/users.ts";
import { SSH_KEYS_MAX } from "./actions/access/ssh-keys.ts";
import { mustBeUser } from "./actor.ts";
import type { Core } from "./context.ts";
import { orderHolding } from "./held-contents.ts";
import { callerAnd, type Identity, identityOf } from "./projects.ts";
import { invalid, refuse } from "./refusal.ts";
import { publicKey } from "./ssh-public-key.ts";
import type { Task } from "./tasks/task.ts";
import { stillThere, type User } from "./users.ts";

export { type SshKey, sshKeysOf } from "../storage/ssh-keys.ts";

/** The caller's keys, in the order of adding. One round trip. Refuses `unauthenticated`. */
export const ownSshKeys = (core: Core): Promise<SshKey[]> => sshKeysOf(core.db, mustBeUser(core).user.id);

/**
 * Orders that a user gets a public key, and gives the task; the key that he has already stays as it is. Refuses
 * `invalid` for what is no acceptable key and for one too many, `not_found` when he is gone.
 */
export async function addSshKey(core: Core, user: User, given: string): Promise<Task> {
  const { fingerprint, text } = (await publicKey(given)) ?? invalid("ssh-key", "format");
  const wanted = { user: user.name, change: "ssh_key_add", fingerprint } as const;
  const look = () => mustHaveRoom(core, user, fingerprint);
  return orderHolding(core, { wanted, asker: await look(), content: text, look });
}

/** Orders that a user loses the key that a string stands for, if it does; gives the task. Refuses `not_found` when he is gone. */
export async function removeSshKey(core: Core, user: User, given: string): Promise<Task> {
  const fingerprint = (await publicKey(given))?.fingerprint ?? null;
  const wanted = { user: user.name, change: "ssh_key_remove", fingerprint } as const;
  return orderHolding(core, { wanted, asker: await identityOf(core), look: () => stillThere(core, user) });
}

/** Orders that the caller loses the key of a fingerprint; gives the task. Refuses `not_found` when he has none. */
export async function removeOwnSshKey(core: Core, fingerprint: string): Promise<Task> {
  const found = (await ownSshKeys(core)).find((each) => each.fingerprint === fingerprint);
  if (!found) refuse({ kind: "not_found", what: "credential" });
  return removeSshKey(core, mustBeUser(core).user, found.key);
}

/** Gives who asks, which is read with it. */
async function mustHaveRoom(core: Core, { id, name }: User, fingerprint: string): Promise<Identity> {
  const { db } = core;
  const [{ identity }, [user], [beside]] = await callerAnd(
    core,
    selectUser(db, id),
    selectKeysBeside(db, { id }, fingerprint),
  );
  if (!user) refuse({ kind: "not_found", what: "user", name });
  if (beside && !beside.has && beside.count >= SSH_KEYS_MAX) invalid("ssh-key", "too_many");
  return identity;
}
