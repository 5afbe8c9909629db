import type { UserActor } from "./actor.ts";
import type { Core } from "./context.ts";
import { holderOfJwt, looksLikeJwt } from "./jwt.ts";
import { holderOfKey } from "./key-holders.ts";
import { sessionOf } from "./sessions.ts";

/** What a request shows to say who it is from. */
export type Credential =
  /** A session token, or a JWT when it has three parts; `name`: valid only for the user of exactly that name. */
  | { kind: "token"; value: string; name?: string }
  /** `identity.secret` of an API key. */
  | { kind: "api-key"; value: string }
  /** Something that no scheme can read. */
  | { kind: "unreadable" };

/** Who a credential stands for at this moment: undefined when it is unknown, expired, revoked or its user not active. */
export async function actorOf(core: Core, credential: Credential): Promise<UserActor | undefined> {
  switch (credential.kind) {
    case "api-key":
      return holderOfKey(core, credential.value);
    case "unreadable":
      return undefined;
    case "token": {
      const { value, name } = credential;
      const actor = looksLikeJwt(value) ? await holderOfJwt(core, value) : await holderOfSession(core, value);
      return name === undefined || actor?.user.name === name ? actor : undefined;
    }
  }
}

async function holderOfSession(core: Core, token: string): Promise<UserActor | undefined> {
  const found = await sessionOf(core, token);
  if (!found) return undefined;
  const { session, user } = found;
  return { kind: "user", user, via: { kind: "session", sessionId: session.id, projectId: session.projectId } };
}
