import type { UserActor } from "./actor.ts";
import { holderOfPassword } from "./basic-logins.ts";
import type { Core } from "./context.ts";
import { looksLikeJwt, standingOfJwt } from "./jwt.ts";
import { holderOfKey } from "./key-holders.ts";
import { factsFrom } from "./own-facts.ts";
import { sameText } from "./secrets.ts";
import { sessionOf } from "./sessions.ts";
import { remembered, type Standing } from "./snapshots.ts";

/** What a request shows to say who it is from. */
export type Credential =
  /** A session token, or a JWT when it has three parts; `name`: valid only for the user of exactly that name. */
  | { kind: "token"; value: string; name?: string }
  /** `identity.secret` of an API key. */
  | { kind: "api-key"; value: string }
  /** The name and password of a user. */
  | { kind: "password"; name: string; password: string }
  /** One that is looked at only if `key` opens the door: the deployment's access key, or an API key. */
  | { kind: "behind-door"; key: string; credential: Credential }
  /** Something that no scheme can read. */
  | { kind: "unreadable" };

/** Who a credential stands for at this moment: undefined when it is unknown, expired, revoked or its user not active. */
export async function actorOf(core: Core, credential: Credential): Promise<UserActor | undefined> {
  switch (credential.kind) {
    case "api-key":
      return holderOfKey(core, credential.value);
    case "password":
      return holderOfPassword(core, credential.name, credential.password);
    case "behind-door":
      return behindDoor(core, credential.key, credential.credential);
    case "unreadable":
      return undefined;
    case "token": {
      const { value, name } = credential;
      const actor = await remembered(core, value, () =>
        looksLikeJwt(value) ? standingOfJwt(core, value) : standingOfSession(core, value),
      );
      return name === undefined || actor?.user.name === name ? actor : undefined;
    }
  }
}

/** The door is open for everybody who knows the deployment's access key, and for what the scopes of an API key cover. */
async function behindDoor(core: Core, key: string, credential: Credential): Promise<UserActor | undefined> {
  if (await sameText(key, core.settings.ACCESS_API_KEY)) return actorOf(core, credential);
  const holder = await holderOfKey(core, key);
  const actor = holder && (await actorOf(core, credential));
  return actor && { ...actor, door: holder.via.scopes };
}

async function standingOfSession(core: Core, token: string): Promise<Standing | undefined> {
  const found = await sessionOf(core, token);
  if (!found) return undefined;
  const { session, user } = found;
  const via = { kind: "session", sessionId: session.id, projectId: session.projectId } as const;
  return { actor: { kind: "user", user, via }, until: session.expiresAt, facts: factsFrom(found) };
}
