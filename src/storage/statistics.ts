import { type SQL, sql } from "drizzle-orm";
import { selectAmount } from "./amounts.ts";
import { writtenSince } from "./audit-events.ts";
import type { Db } from "./db.ts";
import { auditEvents, notifications, tasks } from "./schema.ts";
import { waits } from "./task-queues.ts";

/** The days of a zone so many milliseconds east of UTC, from a time on; of each thing only the newest so many are looked at. */
export interface Window {
  since: number;
  offsetMs: number;
  limit: number;
}

/** A day as its number since 1970. */
const dayOf = (at: SQL, { offsetMs }: Window) => sql`cast((${at} + ${offsetMs}) / 86400000 as integer)`;

/** The statements that tell how many tasks wait to be decided, and how many errors nobody has acknowledged. */
export const selectOpen = (db: Db, now: number) =>
  [
    selectAmount(db, sql`select 1 from ${tasks} indexed by tasks_waiting where ${waits(now)}`),
    selectAmount(
      db,
      // In the letter of the partial index.
      sql`select 1 from ${notifications} where ${notifications.error} = 1 and ${notifications.acknowledged} = 0`,
    ),
  ] as const;

/** When events of a kind happened: those after the last one that is surely too old. */
const eventsOf = (kind: string, { since, limit }: Window) => sql`
  select at from (select ${auditEvents.at} as at from ${auditEvents} where ${auditEvents.event} = ${kind} and ${writtenSince(since)}
    order by ${auditEvents.seq} desc limit ${limit}) where at >= ${since}`;

const tasksBy = (column: SQL, { since, limit }: Window) =>
  sql`select at from (select ${column} as at from ${tasks} where ${column} >= ${since} order by ${column} desc limit ${limit})`;

/** What is counted by days. */
const COUNTED = {
  signIns: (window) => [eventsOf("session.begin", window)],
  refusedSignIns: (window) => [eventsOf("session.refused", window)],
  made: (window) => [tasksBy(sql`${tasks.createdAt}`, window)],
  completed: (window) => [tasksBy(sql`${tasks.completedAt}`, window)],
  cancelled: (window) => ["task.cancel", "task.deny", "task.expire"].map((kind) => eventsOf(kind, window)),
} satisfies Record<string, (window: Window) => SQL[]>;

export type Counted = keyof typeof COUNTED;
export const COUNTED_NAMES = Object.keys(COUNTED) as Counted[];

/** The statements that tell how often each of them happened on each day that it did. One for each: D1 joins few in one. */
export const selectDaily = (db: Db, window: Window) =>
  COUNTED_NAMES.map((what) => {
    const columns = {
      what: sql<Counted>`${what}`,
      day: sql<number>`${dayOf(sql`at`, window)}`.as("day"),
      count: sql<number>`count(*)`,
    };
    const times = sql.join(COUNTED[what](window), sql` union all `);
    return db.query.select(columns).from(sql`(${times})`).groupBy(sql`2`);
  });

/**
 * The statement that tells how many tasks people approved on each day that they did, and on all of them together (`day` null),
 * and how long half and nine tenths of these had waited at most.
 */
export function selectApprovals(db: Db, window: Window) {
  const { since, limit } = window;
  const found = sql`(
    with page as materialized (
      select ${dayOf(sql`${tasks.approvedAt}`, window)} as day, ${tasks.approvedAt} - ${tasks.createdAt} as wait from ${tasks}
      where ${tasks.approvedAt} >= ${since} and ${tasks.body} ->> '$.votes' <> '[]' order by ${tasks.approvedAt} desc limit ${limit})
    select day, wait, row_number() over (partition by day order by wait) as place, count(*) over (partition by day) as total
    from (select day, wait from page union all select null, wait from page))`;
  return db.query
    .select({
      day: sql<number | null>`day`,
      approved: sql<number>`total`,
      medianMs: sql<number>`max(iif(place = (total + 1) / 2, wait, 0))`,
      ninetiethMs: sql<number>`max(iif(place = (total * 9 + 9) / 10, wait, 0))`,
    })
    .from(found)
    .groupBy(sql`1, 2`);
}
