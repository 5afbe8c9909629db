import { and, asc, count, eq, gt, gte, lt, sql } from "drizzle-orm";
import { commit, type Db } from "./db.ts";
import { afterPrefix, nameKey } from "./keys.ts";
import { type Counts, selectTotal, startAt } from "./places.ts";
import { userCounts, users } from "./schema.ts";
import type { User } from "./users.ts";

/** Which users a list is about. */
export interface UserFilter {
  role?: User["role"] | undefined;
  state?: User["state"] | undefined;
  /** Beginning of the name, whatever its letter case. */
  prefix?: string | undefined;
}

/** What a list tells of a user. */
const { seq, name, email, role, state, version, createdAt, lastLoginAt, lastLoginOffset } = users;
const LISTED = { seq, name, email, role, state, version, createdAt, lastLoginAt, lastLoginOffset };
export type ListedUser = Pick<User, keyof typeof LISTED>;

export interface UserRows {
  /** All users that match the filter. */
  total: number;
  rows: ListedUser[];
  /** Whether users follow the last row. */
  more: boolean;
}

/** A run of users in order of creation: those after a `seq`, or those from an offset on. */
export type UserRun = { after: number; length: number } | { offset: number; length: number };

/**
 * A run of users, in one round trip. Without `prefix` it reads a few hundred rows at most beside the run, at any depth of any
 * number of users; with `prefix` those that match, by the index of names, to count them and again to put them in order.
 */
export async function userRun(db: Db, filter: UserFilter, run: UserRun): Promise<UserRows> {
  const { length } = run;
  const [total, page] = filter.prefix === undefined ? countedPage(db, filter, run) : namedPage(db, filter, run);
  const [[count], rows] = await commit(db, total, page);
  return { total: count?.total ?? 0, rows: rows.slice(0, length), more: rows.length > length };
}

// One more than asked for tells whether users follow.

function countedPage(db: Db, { role, state }: UserFilter, run: UserRun) {
  const counts = userCountsOf({ role, state });
  const { from, where, skip } =
    "after" in run
      ? { from: db.query, where: gt(users.seq, run.after), skip: 0 }
      : startAt(db, counts, run.offset, (key) => gte(users.seq, key));
  const page = from
    .select(LISTED)
    .from(users)
    .where(and(role && eq(users.role, role), state && eq(users.state, state), where))
    .orderBy(asc(users.seq))
    .limit(run.length + 1)
    .offset(skip);
  return [selectTotal(db, counts), page] as const;
}

function namedPage(db: Db, { role, state, prefix = "" }: UserFilter, run: UserRun) {
  const beyond = afterPrefix(nameKey(prefix));
  const matching = and(
    gte(users.nameKey, nameKey(prefix)),
    beyond ? lt(users.nameKey, beyond) : undefined,
    // The plus keeps SQLite from an index that all users of a role or state are in.
    role && sql`+${users.role} = ${role}`,
    state && sql`+${users.state} = ${state}`,
  );
  const page = db.query
    .select(LISTED)
    .from(users)
    .where(and(matching, "after" in run ? sql`+${users.seq} > ${run.after}` : undefined))
    .orderBy(asc(users.seq))
    .limit(run.length + 1)
    .offset("after" in run ? 0 : run.offset);
  return [db.query.select({ total: count() }).from(users).where(matching), page] as const;
}

/** The kept counts that a filter by role and state is about. */
export function userCountsOf({ role, state }: UserFilter): Counts {
  const { activeAdmins, inactiveAdmins, activeUsers, inactiveUsers } = userCounts;
  const columns = [
    { column: activeAdmins, is: ["ADMIN", "active"] },
    { column: inactiveAdmins, is: ["ADMIN", "inactive"] },
    { column: activeUsers, is: ["USER", "active"] },
    { column: inactiveUsers, is: ["USER", "inactive"] },
  ].filter(({ is }) => (!role || is[0] === role) && (!state || is[1] === state));
  const rows = sql.join(
    columns.map(({ column }) => sql.identifier(column.name)),
    sql` + `,
  );
  return { table: sql`${userCounts}`, about: sql`true`, rows };
}
