import { apiKeyOfIdentity, keyUsed } from "../storage/api-keys.ts";
import type { UserActor } from "./actor.ts";
import type { Core } from "./context.ts";
import { digest, sameText } from "./secrets.ts";

const FORM = /^([0-9a-f]{32})\.([0-9a-f]{32})$/;
/** How late a use may be noted (pas contract, 1.4). */
const USE_MS = 60_000;

/** The owner of an API key, by that key. */
export type KeyHolder = UserActor & { via: { kind: "api-key" } };

/** Who an API key stands for at this moment: its owner; undefined when it is unknown or expired, or he not active. */
export async function holderOfKey(core: Core, text: string): Promise<KeyHolder | undefined> {
  const [, identity = "", secret = ""] = FORM.exec(text) ?? [];
  if (!identity) return undefined;
  const found = await apiKeyOfIdentity(core.db, identity);
  const now = core.now();
  if (!found || !(await sameText(found.key.digest, await digest(secret)))) return undefined;
  const { key, user } = found;
  if ((key.expiresAt !== null && key.expiresAt <= now) || user.state !== "active") return undefined;
  if (key.lastUsedAt === null) await keyUsed(core.db, key.id, now);
  else if (now - key.lastUsedAt >= USE_MS) core.later(keyUsed(core.db, key.id, now));
  return { kind: "user", user, via: { kind: "api-key", keyId: key.id, scopes: key.scopes, projectId: null } };
}
