import { env } from "cloudflare:workers";
import { type Core, openCore, ownVisit, random } from "../../src/core/context.ts";
import { issueJwt } from "../../src/core/jwt.ts";
import { digest, newId } from "../../src/core/secrets.ts";
import { insertApiKey } from "../../src/storage/api-keys.ts";
import { type User, userNamed } from "../../src/storage/users.ts";

const core = (): Core => openCore({ env, visit: ownVisit("http://ostiary.test"), later: () => undefined });

export async function storedUser(name: string): Promise<User> {
  const user = await userNamed(core().db, name);
  if (!user) throw new Error(`no user ${name}`);
  return user;
}

/** A JWT as a log-in would have made it. */
export const aJwt = async (name: string): Promise<string> => issueJwt(core(), await storedUser(name));

/** An API key, `identity.secret`, of a user. */
export async function anApiKey(
  name: string,
  scopes = ["management", "access", "roster", "workflow", "pas"],
  expiresAt: number | null = null,
): Promise<string> {
  const [identity, secret, user] = [newId(random), newId(random), await storedUser(name)];
  await insertApiKey(core().db, {
    id: newId(random),
    identity,
    digest: await digest(secret),
    userId: user.id,
    creator: user.id,
    label: null,
    scopes,
    createdAt: Date.now(),
    expiresAt,
  });
  return `${identity}.${secret}`;
}
