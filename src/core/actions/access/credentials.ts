import * as z from "zod";
import {
  type CloudCredential,
  deleteCredential,
  insertCredential,
  selectCredentialCount,
  selectCredentialNamed,
} from "../../../storage/cloud-credentials.ts";
import { commit } from "../../../storage/db.ts";
import { deleteHeldContent, selectHeldContent } from "../../../storage/held-contents.ts";
import { mustHaveChanged } from "../../../storage/tasks.ts";
import { selectUserMeant } from "../../../storage/users.ts";
import { unseal } from "../../sealing.ts";
import type { Settings } from "../../settings.ts";
import { problem } from "../../values.ts";
import { plan } from "../action.ts";
import { NOBODY, ordered, whoseOf } from "./change.ts";

/** How many credentials a user may have (access contract, section 8). */
export const CREDENTIALS_MAX = 100;

export const CREDENTIAL_TYPES = ["jsonfile", "service-principal-secret", "access-key"] as const;

const NAME = /^\P{Cc}{1,256}$/u;

/** The name of a credential: 1 to 256 characters, no control characters. */
export const credentialName = z
  .string()
  .min(1, { abort: true })
  .refine((name) => name.isWellFormed() && NAME.test(name), { error: problem("format") });

/** Whether a stored credential has this type and content; one that cannot be opened is another. */
export async function isSame(
  settings: Settings,
  { type, sealed }: Pick<CloudCredential, "type" | "sealed">,
  wanted: { type: string; file: string | undefined },
): Promise<boolean> {
  if (type !== wanted.type) return false;
  return unseal(settings, sealed).then(
    (content) => content === wanted.file,
    () => false,
  );
}

/** Adds a credential, its content held for the task, unless the user has the very same already. */
export const credentialAdd = ordered(
  z.object({
    user: z.string(),
    change: z.literal("credential_add"),
    name: credentialName,
    type: z.enum(CREDENTIAL_TYPES),
  }),
  async ({ db, settings, now }, wanted, task) => {
    const { name, type } = wanted;
    const whose = whoseOf(wanted, task);
    const [[user], [existing], [all], [held]] = await commit(
      db,
      selectUserMeant(db, whose),
      selectCredentialNamed(db, whose, name),
      selectCredentialCount(db, whose),
      selectHeldContent(db, task.id),
    );
    if (!user) return NOBODY;
    const made = { user_id: user.id };
    const note = `'${user.name}' has the credential '${name}'.`;
    const release = deleteHeldContent(db, task.id);
    if (existing) {
      const file = held && (await unseal(settings, held.sealed));
      const same = await isSame(settings, existing, { type, file });
      return same
        ? plan.valid(note, { made, writes: [release] })
        : plan.invalid(`'${user.name}' has another credential '${name}'.`);
    }
    if ((all?.count ?? 0) >= CREDENTIALS_MAX) {
      return plan.invalid(`'${user.name}' has as many credentials as a user may have.`);
    }
    if (!held) return plan.invalid("The content of the credential is gone.");
    const row = { userId: user.id, name, type, sealed: held.sealed, addedAt: now() };
    return plan.valid(note, {
      made,
      writes: [insertCredential(db, row, CREDENTIALS_MAX), mustHaveChanged(db), release],
    });
  },
);

/** Removes a credential, if the user has one of that name. */
export const credentialRemove = ordered(
  z.object({ user: z.string(), change: z.literal("credential_remove"), name: credentialName }),
  async ({ db }, wanted, task) => {
    const user = await selectUserMeant(db, whoseOf(wanted, task)).get();
    if (!user) return NOBODY;
    return plan.valid(`'${user.name}' does not have the credential '${wanted.name}'.`, {
      made: { user_id: user.id },
      writes: [deleteCredential(db, user.id, wanted.name)],
    });
  },
);
