import * as z from "zod";
import { commit } from "../../../storage/db.ts";
import { deleteHeldContent, selectHeldContent } from "../../../storage/held-contents.ts";
import { deleteSshKey, insertSshKey, selectKeysBeside } from "../../../storage/ssh-keys.ts";
import { mustHaveChanged } from "../../../storage/tasks.ts";
import { selectUserMeant } from "../../../storage/users.ts";
import { unseal } from "../../sealing.ts";
import { publicKey } from "../../ssh-public-key.ts";
import { plan } from "../action.ts";
import { NOBODY, ordered, whoseOf } from "./change.ts";

/** How many keys a user may have (access contract, section 7). */
export const SSH_KEYS_MAX = 100;

const fingerprint = z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/);

/** Adds a public key, held for the task, unless the user has it already. */
export const sshKeyAdd = ordered(
  z.object({ user: z.string(), change: z.literal("ssh_key_add"), fingerprint }),
  async ({ db, settings, now }, wanted, task) => {
    const whose = whoseOf(wanted, task);
    const [[user], [beside], [held]] = await commit(
      db,
      selectUserMeant(db, whose),
      selectKeysBeside(db, whose, wanted.fingerprint),
      selectHeldContent(db, task.id),
    );
    if (!user) return NOBODY;
    const made = { user_id: user.id };
    const note = `'${user.name}' has the key ${wanted.fingerprint}.`;
    const release = deleteHeldContent(db, task.id);
    if (beside?.has) return plan.valid(note, { made, writes: [release] });
    if ((beside?.count ?? 0) >= SSH_KEYS_MAX)
      return plan.invalid(`'${user.name}' has as many keys as a user may have.`);
    const key = held && (await publicKey(await unseal(settings, held.sealed)));
    if (key?.fingerprint !== wanted.fingerprint) return plan.invalid("This is not the key that was sent.");
    const { text, type, bits, comment } = key;
    const row = { userId: user.id, fingerprint: key.fingerprint, key: text, type, bits, comment, addedAt: now() };
    return plan.valid(note, { made, writes: [insertSshKey(db, row, SSH_KEYS_MAX), mustHaveChanged(db), release] });
  },
);

/** Removes a key, if the user has it; null stands for a string that was no key. */
export const sshKeyRemove = ordered(
  z.object({ user: z.string(), change: z.literal("ssh_key_remove"), fingerprint: fingerprint.nullable() }),
  async ({ db }, wanted, task) => {
    const user = await selectUserMeant(db, whoseOf(wanted, task)).get();
    if (!user) return NOBODY;
    const writes = wanted.fingerprint === null ? [] : [deleteSshKey(db, user.id, wanted.fingerprint)];
    return plan.valid(`'${user.name}' does not have the key ${wanted.fingerprint}.`, {
      made: { user_id: user.id },
      writes,
    });
  },
);
