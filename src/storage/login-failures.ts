import { and, eq, gt, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { nameKey } from "./keys.ts";
import { loginFailures, users } from "./schema.ts";

/** What a batch violates in which `guardUnlocked` found a lock. */
export const LOCKED = "login_failures.key";

const isLocked = (keys: readonly string[], now: number): SQL | undefined =>
  and(inArray(loginFailures.key, [...keys]), gt(loginFailures.lockedUntil, now));

export type Failures = Pick<typeof loginFailures.$inferSelect, "key" | "lockedUntil">;

/** The statement that reads which of these have failed, and until when they are locked. */
export const selectFailures = (db: Db, keys: readonly string[]) =>
  db.query
    .select({ key: loginFailures.key, lockedUntil: loginFailures.lockedUntil })
    .from(loginFailures)
    .where(inArray(loginFailures.key, [...keys]));

/** The statement that reads the user of a name, or null, and which of these have failed: one row. */
export const selectNamedWithFailures = (db: Db, name: string, keys: readonly string[]) =>
  db.query
    .select({
      user: users,
      failures: sql<string>`(
        select json_group_array(json_object('key', key, 'lockedUntil', locked_until))
        from login_failures where key in (select value from json_each(${JSON.stringify(keys)})))`.mapWith(
        (text: string): Failures[] => JSON.parse(text),
      ),
    })
    .from(sql`(select 1)`)
    .leftJoin(users, eq(users.nameKey, nameKey(name)));

/** Fails its batch, as a violation of `LOCKED`, when any of these has been locked. */
export const guardUnlocked = (db: Db, keys: readonly string[], now: number) =>
  db.query.insert(loginFailures).select(sql`
    select null, 0, 0, null, 0, 0 from login_failures where ${isLocked(keys, now)}`);

/** After how many failures, in how long, a key is locked, and for how long: at first, and at most after doubling. Milliseconds. */
export interface Limit {
  failures: number;
  windowMs: number;
  lockMs: number;
  lockMaxMs: number;
  /** After so long without a failure it is as if there had been none. */
  forgottenMs: number;
}

/** Counts a failure; the last one that the limit allows locks the key, for twice as long each time. */
export function countFailure(db: Db, key: string, now: number, limit: Limit) {
  const { failures, windowMs, lockMs, lockMaxMs, forgottenMs } = limit;
  const t = loginFailures;
  const counted = sql`(case when ${t.since} <= ${now - windowMs} then 1 else ${t.failures} + 1 end)`;
  const locks = sql`(case when ${t.lastAt} <= ${now - forgottenMs} then 0 else ${t.locks} end)`;
  const isFull = sql`(${counted} >= ${failures})`;
  return db.query
    .insert(t)
    .values({ key, failures: 1, since: now, lockedUntil: null, locks: 0, lastAt: now })
    .onConflictDoUpdate({
      target: t.key,
      set: {
        failures: sql`case when ${isFull} then 0 else ${counted} end`,
        since: sql`case when ${isFull} or ${t.since} <= ${now - windowMs} then ${now} else ${t.since} end`,
        // Twenty doublings are more than any lock lasts.
        lockedUntil: sql`case when ${isFull} then ${now} + min(${lockMaxMs}, ${lockMs} << min(${locks}, 20)) else ${t.lockedUntil} end`,
        locks: sql`case when ${isFull} then ${locks} + 1 else ${locks} end`,
        lastAt: now,
      },
      // What is tried during a lock was not looked at.
      setWhere: sql`(${t.lockedUntil} is null or ${t.lockedUntil} <= ${now})`,
    });
}

export function forgetFailures(db: Db, key: string) {
  return db.query.delete(loginFailures).where(eq(loginFailures.key, key));
}

/** Removes what nobody has failed at since a time. */
export function deleteFailuresBefore(db: Db, before: number) {
  return db.query.delete(loginFailures).where(lt(loginFailures.lastAt, before));
}
