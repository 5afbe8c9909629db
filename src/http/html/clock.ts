import { recent } from "../../core/recent.ts";

/** What tells the time in a zone. */
export interface Clock {
  /** The IANA name of the zone that times are told in. */
  zone: string;
  /** Unix milliseconds as `2026-11-22 14:05` in that zone. */
  timeOf(at: number): string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** How many minutes east of UTC a clock is at a time. */
export function offsetMinutes({ timeOf }: Clock, at: number): number {
  const shown = Date.parse(`${timeOf(at).replace(" ", "T")}Z`);
  return shown / MINUTE_MS - Math.floor(at / MINUTE_MS);
}

/** When a day, written as 2026-11-22, begins by a clock, Unix milliseconds; undefined for what is no day. */
export const startOfDay = (clock: Clock, day: string): number | undefined => momentOf(clock, day, 0);

/** The same of its end. */
export const endOfDay = (clock: Clock, day: string): number | undefined => momentOf(clock, day, DAY_MS);

/** When a clock shows so much after the beginning of a day. */
function momentOf(clock: Clock, day: string, afterMs: number): number | undefined {
  const shown = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(day) + afterMs : Number.NaN;
  if (Number.isNaN(shown)) return undefined;
  // Clocks may be put forward or back between the two.
  const near = shown - offsetMinutes(clock, shown) * MINUTE_MS;
  return shown - offsetMinutes(clock, near) * MINUTE_MS;
}

const ZONE = /^[A-Za-z][\w+/-]{1,63}$/;

/** Of the zones that were asked for last: to make one takes as long as to read it fifty times. */
const clocks = recent<Clock>(100);

/** The clock of a zone; undefined for what is none. */
export function clockIn(zone: string | undefined): Clock | undefined {
  if (zone === undefined || !ZONE.test(zone)) return undefined;
  const known = clocks.get(zone);
  if (known) return known;
  try {
    // Sweden writes dates as ISO 8601 does.
    const format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
    const clock = { zone, timeOf: (at: number) => format.format(at) };
    clocks.set(zone, clock);
    return clock;
  } catch {
    return undefined;
  }
}

export const UTC: Clock = { zone: "UTC", timeOf: (at) => new Date(at).toISOString().slice(0, 16).replace("T", " ") };
