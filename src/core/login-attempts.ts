import type { Statement } from "../storage/db.ts";
import { commit, commitAll } from "../storage/db.ts";
import { violated } from "../storage/fault.ts";
import {
  countFailure,
  deleteFailuresBefore,
  type Failures,
  forgetFailures,
  guardUnlocked,
  type Limit,
  LOCKED,
  selectFailures,
  selectNamedWithFailures,
} from "../storage/login-failures.ts";
import { renewPassword, type User } from "../storage/users.ts";
import { audited } from "./audit.ts";
import type { Core } from "./context.ts";
import { hashPassword, isOwnHash } from "./passwords.ts";
import { refuse } from "./refusal.ts";
import { digest } from "./secrets.ts";
import { nameKey } from "./values.ts";

const MINUTE_MS = 60_000;
const WINDOW_MS = 10 * MINUTE_MS;
const LOCK_MAX_MS = 60 * MINUTE_MS;
const FORGOTTEN_MS = 24 * 60 * MINUTE_MS;

/** The period of the binding that counts tries of any kind, and how long it is waited for. */
const FLOOD_SECONDS = 60;
const FLOOD_MS = 1_000;

/** How many wrong passwords in ten minutes one account takes from one address, and how many an address may try in all. */
const FAILURES_MAX = 10;
const FAILURES_OF_ADDRESS_MAX = 1_000;

/**
 * Somebody at an address tries the password of an account. What is counted is the two together, so that nobody can lock an
 * account for those at other addresses, and the address alone.
 */
export interface Attempt {
  pair: string;
  address: string;
  /** What is to take the place of the stored password, where it was found right and came from elsewhere. */
  renewal?: Renewal;
}

interface Renewal {
  userId: string;
  from: string;
  to: string;
}

/**
 * Somebody is about to try the password of the user of a name, whether or not there is one. Refuses `throttled` when more come
 * from his address than anybody types; a limiter that does not answer limits nobody, since D1 counts as well.
 */
export async function attemptOn({ visit, passwordTries, patience }: Core, name: string): Promise<Attempt> {
  const from = visit.address ?? "";
  const { success } = await patience
    .wait(() => passwordTries.limit({ key: from }), { mostMs: FLOOD_MS })
    .catch(() => ({ success: true }));
  if (!success) refuse({ kind: "throttled", retryAfterSeconds: FLOOD_SECONDS });
  const [pair, address] = await Promise.all([digest(`${from}\n${nameKey(name)}`), digest(from)]);
  return { pair, address };
}

const keysOf = ({ pair, address }: Attempt) => [pair, address];

/** The statement whose rows `mustNotBeLocked` judges, to be read together with the user. */
export const failuresOf = ({ db }: Pick<Core, "db">, attempt: Attempt) => selectFailures(db, keysOf(attempt));

/** The same together with the user of a name, or null, as one row. */
export const selectMeant = ({ db }: Pick<Core, "db">, attempt: Attempt, name: string) =>
  selectNamedWithFailures(db, name, keysOf(attempt));

/** Refuses `throttled` when there is a lock. */
export function mustNotBeLocked({ now }: Pick<Core, "now">, failures: Failures[]): void {
  const waitMs = Math.max(0, ...failures.map(({ lockedUntil }) => lockedUntil ?? 0)) - now();
  if (waitMs > 0) refuse({ kind: "throttled", retryAfterSeconds: Math.ceil(waitMs / 1000) });
}

/** Counts a wrong password; `user`: whose it was to be, if there is such a user. To be awaited before it is told. */
export async function countWrong(core: Core, { pair, address }: Attempt, user?: Pick<User, "id">): Promise<void> {
  const { db, now, settings } = core;
  const lockMs = settings.LOGIN_LOCK_SECONDS * 1000;
  const limit = (failures: number): Limit => ({
    failures,
    windowMs: WINDOW_MS,
    lockMs,
    lockMaxMs: Math.max(LOCK_MAX_MS, lockMs),
    forgottenMs: FORGOTTEN_MS,
  });
  await commit(
    db,
    countFailure(db, pair, now(), limit(FAILURES_MAX)),
    countFailure(db, address, now(), limit(FAILURES_OF_ADDRESS_MAX)),
    // What was typed for a name may be a password, and is kept nowhere.
    audited(core, "session.refused", user?.id ?? "nobody"),
  );
}

/** An attempt that succeeded: what is committed with it makes a stored password of another kind one of ours. */
export async function succeeded({ random }: Core, attempt: Attempt, user: User, password: string): Promise<Attempt> {
  if (user.password === null || isOwnHash(user.password)) return attempt;
  return { ...attempt, renewal: { userId: user.id, from: user.password, to: await hashPassword(password, random) } };
}

/**
 * What has to be committed together with what a right password gives. Its batch fails where others who tried at the same time
 * have used up the tries: of a thousand guesses at once no more count than of a thousand in a row.
 */
export function forgiven({ db, now }: Pick<Core, "db" | "now">, attempt: Attempt): Statement[] {
  const { pair, renewal } = attempt;
  return [
    guardUnlocked(db, keysOf(attempt), now()),
    forgetFailures(db, pair),
    ...(renewal ? [renewPassword(db, renewal.userId, renewal.from, renewal.to)] : []),
  ];
}

/** Refuses `throttled` when it was for this that such a batch failed. */
export function mustNotBeLockedMeanwhile({ settings }: Pick<Core, "settings">, error: unknown): void {
  if (violated(error) === LOCKED) refuse({ kind: "throttled", retryAfterSeconds: settings.LOGIN_LOCK_SECONDS });
}

/** The same where a right password gives nothing that is written. Refuses `throttled`. */
export async function forgive(core: Core, attempt: Attempt): Promise<void> {
  await commitAll(core.db, forgiven(core, attempt)).catch((error: unknown) => {
    mustNotBeLockedMeanwhile(core, error);
    throw error;
  });
}

/** Forgets failures that no longer count. */
export const tidyFailures = ({ db, now }: Pick<Core, "db" | "now">): Statement =>
  deleteFailuresBefore(db, now() - FORGOTTEN_MS);
