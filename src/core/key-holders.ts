import { apiKeyOfIdentity, updateKeyUse } from "../storage/api-keys.ts";
import { commit } from "../storage/db.ts";
import type { UserActor } from "./actor.ts";
import type { Core } from "./context.ts";
import { factsFrom } from "./own-facts.ts";
import { recent } from "./recent.ts";
import { digest, sameText } from "./secrets.ts";
import { remembered, type Standing } from "./snapshots.ts";

const FORM = /^([0-9a-f]{32})\.([0-9a-f]{32})$/;
/** How late a use may be noted (pas contract, 1.4). */
const USE_MS = 60_000;

/** The owner of an API key, by that key. */
export type KeyHolder = UserActor & { via: { kind: "api-key" } };

/** When a use of each key was noted last, as far as this isolate knows; Unix milliseconds. */
const noted = recent<number>(1_000);

/** Who an API key stands for at this moment: its owner; undefined when it is unknown or expired, or he not active. */
export async function holderOfKey(core: Core, text: string): Promise<KeyHolder | undefined> {
  const [, identity = "", secret = ""] = FORM.exec(text) ?? [];
  if (!identity) return undefined;
  const actor = (await remembered(core, text, () => standingOfKey(core, identity, secret))) as KeyHolder | undefined;
  if (actor) await noteUse(core, actor);
  return actor;
}

async function standingOfKey(core: Core, identity: string, secret: string): Promise<Standing | undefined> {
  const found = await apiKeyOfIdentity(core.db, identity);
  if (!found || !(await sameText(found.key.digest, await digest(secret)))) return undefined;
  const { key, user } = found;
  const until = key.expiresAt ?? Number.POSITIVE_INFINITY;
  if (until <= core.now() || user.state !== "active") return undefined;
  noted.set(key.id, key.lastUsedAt ?? 0);
  const via = { kind: "api-key", keyId: key.id, scopes: key.scopes, projectId: null } as const;
  return { actor: { kind: "user", user, via }, until, facts: factsFrom(found) };
}

async function noteUse(core: Core, { via: { keyId } }: KeyHolder): Promise<void> {
  const now = core.now();
  const last = noted.get(keyId) ?? 0;
  if (now - last < USE_MS) return;
  noted.set(keyId, now);
  const use = commit(core.db, updateKeyUse(core.db, keyId, now));
  // The first use is told by the time it is answered.
  if (last === 0) await use;
  else core.later(use);
}
