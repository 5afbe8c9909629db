import { and, asc, count, eq, gt, gte, lt, type SQL, sql } from "drizzle-orm";
import { commit, type Db } from "./db.ts";
import { afterPrefix, nameKey } from "./keys.ts";
import { userCounts, users } from "./schema.ts";
import type { User } from "./users.ts";

/** Which users a list is about. */
export interface UserFilter {
  role?: User["role"] | undefined;
  state?: User["state"] | undefined;
  /** Beginning of the name, whatever its letter case. */
  prefix?: string | undefined;
}

export interface UserRows {
  /** All users that match the filter. */
  total: number;
  rows: User[];
  /** Whether users follow the last row. */
  more: boolean;
}

/** A run of users in order of creation: those after a `seq`, or those from an offset on. */
export type UserRun = { after: number; length: number } | { offset: number; length: number };

/**
 * A run of users, in one round trip. Without `prefix` it reads the kept counts (a row for each 1024 users when by offset,
 * one row when by `after`), at most one block of rows before the run, and the run; with `prefix` the matching names.
 */
export async function userRun(db: Db, filter: UserFilter, run: UserRun): Promise<UserRows> {
  const { length } = run;
  const after = "after" in run ? gt(users.seq, run.after) : undefined;
  const where = and(...matches(filter), after);
  const offset = "after" in run ? 0 : run.offset;
  // One more than asked for tells whether users follow.
  const page = db.query
    .select()
    .from(users)
    .orderBy(asc(users.seq))
    .limit(length + 1);
  if (filter.prefix !== undefined) {
    const matching = db.query
      .select({ total: count() })
      .from(users)
      .where(and(...matches(filter)));
    const [[counted], rows] = await commit(db, matching, page.where(where).offset(offset));
    return cut(counted?.total ?? 0, rows, length);
  }
  const columns = counted(filter);
  const total = db.query.select({ total: columns }).from(userCounts).where(eq(userCounts.block, -1));
  if ("after" in run) {
    const [[kept], rows] = await commit(db, total, page.where(where));
    return cut(kept?.total ?? 0, rows, length);
  }
  const { begin, skipped } = placeOf(filter, offset);
  // drizzle types an offset as a number; SQLite takes any scalar expression.
  const located = page.where(and(where, begin)).offset(skipped as unknown as number);
  const [[kept], rows] = await commit(db, total, located);
  return cut(kept?.total ?? 0, rows, length);
}

const cut = (total: number, rows: User[], length: number): UserRows => ({
  total,
  rows: rows.slice(0, length),
  more: rows.length > length,
});

function matches({ role, state, prefix }: UserFilter): (SQL | undefined)[] {
  const from = nameKey(prefix ?? "");
  const beyond = afterPrefix(from);
  return [
    role && eq(users.role, role),
    state && eq(users.state, state),
    from ? gte(users.nameKey, from) : undefined,
    beyond ? lt(users.nameKey, beyond) : undefined,
  ];
}

/** The sum of the kept counts that a filter by role and state is about. */
function counted({ role, state }: UserFilter): SQL<number> {
  const { activeAdmins, inactiveAdmins, activeUsers, inactiveUsers } = userCounts;
  const columns = [
    { column: activeAdmins, is: ["ADMIN", "active"] },
    { column: inactiveAdmins, is: ["ADMIN", "inactive"] },
    { column: activeUsers, is: ["USER", "active"] },
    { column: inactiveUsers, is: ["USER", "inactive"] },
  ].filter(({ is }) => (!role || is[0] === role) && (!state || is[1] === state));
  return sql<number>`(${sql.join(
    columns.map(({ column }) => sql`${column}`),
    sql` + `,
  )})`;
}

/** Where to begin, and how many to skip from there, to come to the user at an offset in the order of creation. */
export function placeOf(filter: UserFilter, offset: number): { begin: SQL; skipped: SQL } {
  const start = startOf(counted(filter), offset);
  return {
    begin: sql`${users.seq} >= (select block << 10 from (${start}))`,
    skipped: sql`coalesce((select skip from (${start})), 0)`,
  };
}

/** The block in which the user at an offset stands, and how many matching users of it come before him. */
function startOf(columns: SQL<number>, offset: number): SQL {
  return sql`
    select block, ${offset} - before as skip from (
      select block, matching, sum(matching) over (order by block) - matching as before
      from (select block, ${columns} as matching from user_counts where block >= 0)
    ) where before <= ${offset} and before + matching > ${offset}`;
}
