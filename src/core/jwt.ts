import * as z from "zod";
import { commit } from "../storage/db.ts";
import {
  deleteFamily,
  extendFamily,
  familyOf,
  insertFamily,
  insertRotation,
  rotationOf,
  type TokenFamily,
} from "../storage/families.ts";
import { faultOf } from "../storage/fault.ts";
import type { Held } from "../storage/held.ts";
import { type User, updateLastLogin } from "../storage/users.ts";
import type { UserActor } from "./actor.ts";
import { audited } from "./audit.ts";
import { type Core, publicUrl } from "./context.ts";
import { type Attempt, forgiven, mustNotBeLockedMeanwhile } from "./login-attempts.ts";
import { factsFrom } from "./own-facts.ts";
import { refuse } from "./refusal.ts";
import { newId } from "./secrets.ts";
import { sign, verified } from "./signing.ts";
import type { Standing } from "./snapshots.ts";

/** How long a token that was refreshed may be presented again, to be given the same successor (pas contract, 4.4). */
const GRACE_MS = 10_000;

const claimsOfJwt = z.object({
  sub: z.string(),
  jti: z.string(),
  sid: z.string(),
  iss: z.string().min(1),
  iat: z.int(),
  exp: z.int(),
  refresh_until: z.int(),
});

/** What a JWT of ours says (pas contract, 1.3). Times are whole Unix seconds. */
export type Claims = z.output<typeof claimsOfJwt>;

const encoder = new TextEncoder();

/**
 * Begins a family of tokens for a user who has proved himself, and gives its first JWT. One D1 batch. Refuses
 * `unauthenticated` when he is gone, `throttled`.
 */
export async function issueJwt(core: Core, user: User, attempt?: Attempt): Promise<string> {
  const { db, random } = core;
  const claims = claimsFor(core, user.id, newId(random), newId(random), core.now());
  const family: TokenFamily = {
    id: claims.sid,
    userId: user.id,
    epoch: user.authEpoch,
    createdAt: core.now(),
    expiresAt: endOf(claims),
  };
  const actor: UserActor = { kind: "user", user, via: { kind: "jwt", familyId: family.id, projectId: null } };
  await commit(
    db,
    insertFamily(db, family),
    updateLastLogin(db, user.id, core.now()),
    audited({ ...core, actor }, "session.begin", user.id, { details: { session: family.id } }),
    ...(attempt ? forgiven(core, attempt) : []),
  ).catch((error: unknown) => {
    mustNotBeLockedMeanwhile(core, error);
    // The user was deleted between the check of his password and here.
    if (faultOf(error)?.kind === "constraint") refuse({ kind: "unauthenticated", why: "login" });
    throw error;
  });
  return signed(core, claims);
}

function claimsFor(core: Core, sub: string, sid: string, jti: string, at: number): Claims {
  const iat = Math.floor(at / 1000);
  const { JWT_TTL_SECONDS, JWT_REFRESH_SECONDS } = core.settings;
  const [exp, refresh_until] = [iat + JWT_TTL_SECONDS, iat + JWT_REFRESH_SECONDS];
  return { sub, jti, sid, iss: publicUrl(core), iat, exp, refresh_until };
}

/** When the last use of a token is over. */
const endOf = ({ exp, refresh_until }: Claims) => Math.max(exp, refresh_until) * 1000;

const signed = ({ settings }: Core, claims: Claims) =>
  sign(settings, encoder.encode(JSON.stringify(claims)), { typ: "JWT" });

/** The claims of a JWT that is ours, expired or not; undefined for any other text. */
async function claimsIn({ settings }: Core, jwt: string): Promise<Claims | undefined> {
  const payload = await verified(settings, jwt);
  if (!payload) return undefined;
  const { success, data } = claimsOfJwt.safeParse(JSON.parse(new TextDecoder().decode(payload)));
  // Whoever says what its address is says who issues its tokens too.
  return success && (settings.PUBLIC_URL === "" || data.iss === settings.PUBLIC_URL) ? data : undefined;
}

/** Whether a text has the form of a JWT. */
export const looksLikeJwt = (text: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text);

/** Who a JWT stands for at this moment, one D1 trip; undefined when it is not ours, expired, ended, or its user not active. */
export async function standingOfJwt(core: Core, jwt: string): Promise<Standing | undefined> {
  const claims = await claimsIn(core, jwt);
  const until = (claims?.exp ?? 0) * 1000;
  if (!claims || until <= core.now()) return undefined;
  const held = await userOfFamily(core, claims);
  const via = { kind: "jwt", familyId: claims.sid, projectId: null } as const;
  return held && { actor: { kind: "user", user: held.user, via }, until, facts: factsFrom(held) };
}

/** The user, and what he holds, of a family that has not ended, as long as he is active and has not been logged out otherwise. */
async function userOfFamily({ db }: Core, { sid, sub }: Claims): Promise<Held | undefined> {
  const found = await familyOf(db, sid);
  const isLive = found && found.user.id === sub && found.user.state === "active";
  return isLive && found.family.epoch === found.user.authEpoch ? found : undefined;
}

/**
 * The successor of a JWT, which may have expired (pas contract, 4.4). Presented again within 10 s it gets the same one;
 * later its whole family ends, since somebody else has it. Refuses `not_found` for what is no JWT of ours, `expired` when it
 * can no longer be refreshed.
 */
export async function refreshJwt(core: Core, jwt: string): Promise<string> {
  const claims = (await claimsIn(core, jwt)) ?? refuse({ kind: "not_found", what: "token" });
  const over = () => refuse({ kind: "expired" });
  if (claims.refresh_until * 1000 <= core.now()) over();
  const { user } = (await userOfFamily(core, claims)) ?? over();
  const { jti, at } = (await rotated(core, claims)) ?? over();
  return signed(core, claimsFor(core, user.id, claims.sid, jti, at));
}

/** The successor of a token and when it became that; undefined when its family is at an end. */
async function rotated(core: Core, { sid, jti, sub }: Claims): Promise<{ jti: string; at: number } | undefined> {
  const { db } = core;
  const now = core.now();
  const successor = newId(core.random);
  const expiresAt = endOf(claimsFor(core, sub, sid, successor, now));
  try {
    const rotation = { jti, familyId: sid, rotatedAt: now, successor };
    await commit(db, insertRotation(db, rotation), extendFamily(db, sid, expiresAt));
    return { jti: successor, at: now };
  } catch (error) {
    if (faultOf(error)?.kind !== "constraint") throw error;
  }
  const before = await rotationOf(db, jti);
  if (!before) return undefined;
  if (core.now() - before.rotatedAt <= GRACE_MS) return { jti: before.successor, at: before.rotatedAt };
  await commit(
    db,
    deleteFamily(db, sid, sub),
    audited(core, "session.reuse", sub, { details: { session: sid }, ifChanged: true }),
  );
  return undefined;
}

/** Ends the family of a JWT, an expired one too; what is no JWT of ours ends nothing. */
export async function endJwt(core: Core, jwt: string): Promise<void> {
  const claims = await claimsIn(core, jwt);
  if (claims) await endFamily(core, claims.sid, claims.sub);
}

/** Ends a family of a user with all of its tokens. */
export async function endFamily(core: Core, familyId: string, userId: string): Promise<void> {
  await commit(core.db, ...endingFamily(core, familyId, userId));
}

/** The statements that do so; the first gives one row if it was there. */
export const endingFamily = (core: Core, familyId: string, userId: string) =>
  [
    deleteFamily(core.db, familyId, userId),
    audited(core, "session.end", userId, { details: { session: familyId }, ifChanged: true }),
  ] as const;
