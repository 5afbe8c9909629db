import type { Amount } from "../storage/amounts.ts";
import type { Db, Results } from "../storage/db.ts";
import { COUNTED_NAMES, type Counted, selectApprovals, selectDaily, selectOpen } from "../storage/statistics.ts";

export type { Amount } from "../storage/amounts.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAYS = 14;

/** How many events and tasks of each kind are looked at. */
const LOOKED_AT_MAX = 5_000;

/** How many tasks people approved, and how long half and nine tenths of them had waited at most; null when there is none. */
export interface Approvals {
  approved: number;
  medianMs: number | null;
  ninetiethMs: number | null;
}

/** What happened on a day, which is written as 2026-11-22. */
export type Day = { day: string } & Record<Counted, number> & Approvals;

export interface Statistics {
  /** Tasks that wait to be decided, and errors that nobody has acknowledged: counted up to 1,000. */
  waiting: Amount;
  errors: Amount;
  /** The last 14 days, oldest first. */
  days: Day[];
  /** All of these days together. */
  approvals: Approvals;
  /** What there was more of than is looked at: of the oldest days less may be told than there was. */
  incomplete: (Counted | "approved")[];
}

/**
 * The statements that tell how things have gone, by days of a zone so many minutes east of UTC. They look at no more than 5,000
 * of the newest log-ins, refused log-ins, tasks made, completed, approved, and cancelled in each of three ways.
 */
export function selectStatistics(db: Db, now: number, offsetMinutes: number) {
  const offsetMs = offsetMinutes * MINUTE_MS;
  const window = { since: firstDay(now, offsetMs) * DAY_MS - offsetMs, offsetMs, limit: LOOKED_AT_MAX };
  return [...selectOpen(db, now), selectApprovals(db, window), ...selectDaily(db, window)] as const;
}

/** The first of the last days, as its number since 1970. */
const firstDay = (now: number, offsetMs: number) => Math.floor((now + offsetMs) / DAY_MS) - DAYS + 1;

/** What those statements tell; automatic approvals are not counted as approvals. */
export function statisticsIn(
  [[waiting], [errors], approvals, ...daily]: Results<ReturnType<typeof selectStatistics>>,
  now: number,
  offsetMinutes: number,
): Statistics {
  const first = firstDay(now, offsetMinutes * MINUTE_MS);
  const counts = daily.flat();
  const countOf = (name: Counted, day?: number) =>
    counts
      .filter(({ what, day: of }) => what === name && (day === undefined || day === of))
      .reduce((sum, { count }) => sum + count, 0);
  const approvalsOf = (of: number | null): Approvals => {
    const { approved, medianMs, ninetiethMs } = approvals.find(({ day }) => day === of) ?? NONE;
    return { approved, medianMs, ninetiethMs };
  };
  const days = Array.from({ length: DAYS }, (_, at) => first + at).map((day) => ({
    day: new Date(day * DAY_MS).toISOString().slice(0, 10),
    ...(Object.fromEntries(COUNTED_NAMES.map((name) => [name, countOf(name, day)])) as Record<Counted, number>),
    ...approvalsOf(day),
  }));
  const all = approvalsOf(null);
  const incomplete = COUNTED_NAMES.filter((name) => countOf(name) >= LOOKED_AT_MAX);
  return {
    waiting: waiting?.amount ?? NOTHING,
    errors: errors?.amount ?? NOTHING,
    days,
    approvals: all,
    incomplete: all.approved >= LOOKED_AT_MAX ? [...incomplete, "approved"] : incomplete,
  };
}

const NOTHING: Amount = { count: 0, more: false };
const NONE: Approvals = { approved: 0, medianMs: null, ninetiethMs: null };
