import {
  type CloudCredential,
  credentialsOf,
  selectCredentialCount,
  selectCredentialNamed,
} from "../storage/cloud-credentials.ts";
import { commit } from "../storage/db.ts";
import { selectUser } from "../storage/users.ts";
import { CREDENTIALS_MAX, isSame } from "./actions/access/credentials.ts";
import type { Core } from "./context.ts";
import { orderHolding } from "./held-contents.ts";
import { invalid, refuse } from "./refusal.ts";
import { unseal } from "./sealing.ts";
import { stillThere, type User } from "./users.ts";

export { CREDENTIAL_TYPES, credentialName } from "./actions/access/credentials.ts";

export type CredentialType = CloudCredential["type"];

/** A credential with its content, for its owner and administrators. */
export interface OpenCredential {
  name: string;
  type: string;
  file: string;
}

/** Opens credentials as they are stored. */
export function opened(
  { settings }: Pick<Core, "settings">,
  stored: { name: string; type: string; sealed: string }[],
): Promise<OpenCredential[]> {
  return Promise.all(
    stored.map(async ({ name, type, sealed }) => ({ name, type, file: await unseal(settings, sealed) })),
  );
}

/** The credentials of a user, in the order of adding. */
export async function credentialsFor(core: Core, { id }: User): Promise<OpenCredential[]> {
  return opened(core, await credentialsOf(core.db, id));
}

/**
 * Orders that a user gets a credential, and gives the id of the task. Refuses `conflict` when he has another one of that name,
 * `invalid` for one too many, `not_found` when he is gone.
 */
export async function addCredential(
  core: Core,
  user: User,
  { name, type, file }: { name: string; type: CredentialType; file: string },
): Promise<string> {
  const look = () => mustHaveRoom(core, user, { name, type, file });
  await look();
  return orderHolding(core, { user: user.name, change: "credential_add", name, type }, look, file);
}

/** Orders that a user loses a credential, if he has it; gives the id of the task. Refuses `not_found` when he is gone. */
export async function removeCredential(core: Core, user: User, name: string): Promise<string> {
  const look = async () => void (await stillThere(core, user));
  return orderHolding(core, { user: user.name, change: "credential_remove", name }, look);
}

async function mustHaveRoom({ db, settings }: Core, { id, name }: User, wanted: OpenCredential): Promise<void> {
  const [[user], [existing], [all]] = await commit(
    db,
    selectUser(db, id),
    selectCredentialNamed(db, { id }, wanted.name),
    selectCredentialCount(db, { id }),
  );
  if (!user) refuse({ kind: "not_found", what: "user", name });
  if (existing) {
    if (!(await isSame(settings, existing, wanted)))
      refuse({ kind: "conflict", what: "credential", name: wanted.name });
  } else if (all && all.count >= CREDENTIALS_MAX) {
    invalid("credentials", "too_many");
  }
}
