import {
  type ApiKey,
  apiKeyWithId,
  deleteApiKey,
  insertApiKey,
  type ListedKey,
  selectKeysOf,
} from "../storage/api-keys.ts";
import { commit } from "../storage/db.ts";
import { violated } from "../storage/fault.ts";
import type { Whose } from "../storage/users.ts";
import { mustBeUser, type UserActor } from "./actor.ts";
import { audited } from "./audit.ts";
import type { Core } from "./context.ts";
import { type Attempt, forgiven, mustNotBeLockedMeanwhile } from "./login-attempts.ts";
import { refuse } from "./refusal.ts";
import { digest, newId } from "./secrets.ts";
import type { User } from "./users.ts";

export type { ApiKey, ListedKey } from "../storage/api-keys.ts";

/** A key as its owner wants it. */
export interface KeyWish {
  label: string | null;
  /** Unix milliseconds; null: never. */
  expiresAt: number | null;
  scopes: string[];
}

/**
 * Makes a key of the caller's, who has shown that he knows his password, and tells its secret, which is told here only. Refuses
 * `unauthenticated` when he is gone, `throttled`.
 */
export async function createApiKey(
  core: Core,
  { user }: UserActor,
  wish: KeyWish,
  known: Attempt,
): Promise<{ key: ApiKey; secret: string }> {
  const { db, now, random } = core;
  const secret = newId(random);
  const made = { id: newId(random), identity: newId(random), digest: await digest(secret), userId: user.id };
  const { label, expiresAt, scopes } = wish;
  const [[key]] = await commit(
    db,
    insertApiKey(db, { ...made, ...wish, creator: user.id, createdAt: now() }),
    audited(core, "key.create", user.id, { details: { key: made.id, label, scopes, expiresAt } }),
    ...forgiven(core, known),
  ).catch((error: unknown) => {
    mustNotBeLockedMeanwhile(core, error);
    if (violated(error) !== "foreign key") throw error;
    return [[]] as const;
  });
  return key ? { key, secret } : refuse({ kind: "unauthenticated", why: "bad" });
}

const LISTED_MAX = 200;

/** The statement that reads the keys of a user as they are listed, newest first. */
export const selectListedKeys = ({ db }: Pick<Core, "db">, whose: Whose) => selectKeysOf(db, whose, LISTED_MAX);

/** The keys of the caller, expired ones among them: newest first, at most 200. One round trip. Refuses `unauthenticated`. */
export const ownApiKeys = async (core: Core): Promise<ListedKey[]> => selectListedKeys(core, mustBeUser(core).user);

/** A key and its owner. Refuses `not_found`. */
export async function findApiKey({ db }: Core, id: string): Promise<{ key: ApiKey; user: User }> {
  return (await apiKeyWithId(db, id)) ?? gone();
}

/** Ends a key at once. Refuses `not_found` when somebody else was quicker. */
export async function removeApiKey(core: Core, key: ApiKey): Promise<void> {
  const { db } = core;
  const [removed] = await commit(
    db,
    deleteApiKey(db, key.id),
    audited(core, "key.delete", key.userId, { details: { key: key.id, label: key.label }, ifChanged: true }),
  );
  if (removed.length === 0) gone();
}

/** Ends one of the caller's own. Refuses `unauthenticated`, `not_found`. */
export async function endOwnApiKey(core: Core, id: string): Promise<void> {
  const { key } = await findApiKey(core, id);
  if (key.userId !== mustBeUser(core).user.id) gone();
  await removeApiKey(core, key);
}

const gone = (): never => refuse({ kind: "not_found", what: "api_key" });
