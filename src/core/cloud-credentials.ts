import * as z from "zod";
import {
  type CloudCredential,
  type CredentialTitle,
  credentialsOf,
  credentialTitlesOf,
  selectCredentialCount,
  selectCredentialNamed,
} from "../storage/cloud-credentials.ts";
import { selectUser } from "../storage/users.ts";
import { CREDENTIALS_MAX, isSame } from "./actions/access/credentials.ts";
import { mustBeUser } from "./actor.ts";
import type { Core } from "./context.ts";
import { orderHolding } from "./held-contents.ts";
import { type OpenCredential, openCredentials } from "./holdings.ts";
import { callerAnd, type Identity, identityOf } from "./projects.ts";
import { invalid, refuse } from "./refusal.ts";
import type { Task } from "./tasks/task.ts";
import { stillThere, type User } from "./users.ts";
import { problem } from "./values.ts";

export { CREDENTIAL_TYPES, credentialName } from "./actions/access/credentials.ts";

export type CredentialType = CloudCredential["type"];

/** The credentials of a user with their contents, in the order of adding. */
export async function credentialsFor(core: Core, { id, name }: User): Promise<OpenCredential[]> {
  return openCredentials(core, { name, credentials: await credentialsOf(core.db, id) });
}

/** The titles of the caller's credentials, in the order of adding. One round trip. Refuses `unauthenticated`. */
export const ownCredentials = (core: Core): Promise<CredentialTitle[]> =>
  credentialTitlesOf(core.db, mustBeUser(core).user.id);

/** The caller's credential of a name, with its content. Refuses `unauthenticated`, `not_found`. */
export async function ownCredential(core: Core, name: string): Promise<OpenCredential> {
  const { user } = mustBeUser(core);
  const found = await selectCredentialNamed(core.db, { id: user.id }, name);
  const [opened] = await openCredentials(core, { name: user.name, credentials: found });
  return opened ?? credentialGone(name);
}

const CONTENT_BYTES_MAX = 64 * 1024;

/** The content of a credential: a text of at most 64 KiB (access contract, section 8). */
export const credentialContent = z
  .string()
  .min(1, { abort: true })
  .refine((text) => text.isWellFormed(), { error: problem("format"), abort: true })
  .refine((text) => new TextEncoder().encode(text).byteLength <= CONTENT_BYTES_MAX, {
    error: problem("too_long", CONTENT_BYTES_MAX),
  });

interface NewCredential {
  name: string;
  type: CredentialType;
  file: string;
}

/**
 * Orders that a user gets a credential, and gives the task. Refuses `conflict` when he has another one of that name,
 * `invalid` for one too many, `not_found` when he is gone.
 */
export async function addCredential(core: Core, user: User, { name, type, file }: NewCredential): Promise<Task> {
  const wanted = { user: user.name, change: "credential_add", name, type } as const;
  const look = () => mustHaveRoom(core, user, { name, type, file });
  return orderHolding(core, { wanted, asker: await look(), content: file, look });
}

/** Orders that a user loses a credential, if he has it; gives the task. Refuses `not_found` when he is gone. */
export async function removeCredential(core: Core, user: User, name: string): Promise<Task> {
  const wanted = { user: user.name, change: "credential_remove", name } as const;
  return orderHolding(core, { wanted, asker: await identityOf(core), look: () => stillThere(core, user) });
}

/** Orders that the caller loses a credential; gives the task. Refuses `not_found` when he has none of that name. */
export async function removeOwnCredential(core: Core, name: string): Promise<Task> {
  const { user } = mustBeUser(core);
  const [found] = await selectCredentialNamed(core.db, { id: user.id }, name);
  return found ? removeCredential(core, user, name) : credentialGone(name);
}

const credentialGone = (name: string): never => refuse({ kind: "not_found", what: "credential", name });

/** Gives who asks, which is read with it. */
async function mustHaveRoom(core: Core, { id, name }: User, wanted: NewCredential): Promise<Identity> {
  const { db, settings } = core;
  const [{ identity }, [user], [existing], [all]] = await callerAnd(
    core,
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
  return identity;
}
