import { type SQL, sql } from "drizzle-orm";

const DAY_MS = 86_400_000;

const TIME =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,6}))?)?(?:Z|([+-]\d{2})(?::?(\d{2}))?)?)?$/;

/** Unix milliseconds of an ISO date (its midnight) or date-time, with microseconds as a fraction; UTC without a zone. */
export function timeOf(text: string): number | undefined {
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [, day = "", clock = "00:00", second = "00", fraction = "", east = "+00", minutesEast = "00"] = match;
  const midnight = Date.parse(day);
  // JavaScript takes the 30th of February for a day in March.
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return undefined;
  const at = Date.parse(`${day}T${clock}:${second}${east}:${minutesEast}`);
  return Number.isNaN(at) ? undefined : at + Number(fraction.padEnd(6, "0")) / 1000;
}

const part = (format: string) => (column: SQL) =>
  sql`cast(strftime('${sql.raw(format)}', ${column} / 1000, 'unixepoch') as integer)`;

/** The parts of a time that can be filtered by, in UTC, as integers. */
const PARTS: ReadonlyMap<string, (column: SQL) => SQL> = new Map([
  ["date", (column: SQL) => sql`(${column} / ${sql.raw(String(DAY_MS))})`],
  ["year", part("%Y")],
  ["month", part("%m")],
  ["day", part("%d")],
  // The week of ISO 8601 is that of its Thursday.
  ["week", (column) => sql`((strftime('%j', ${column} / 1000, 'unixepoch', '-3 days', 'weekday 4') + 6) / 7)`],
  ["week_day", (column) => sql`(strftime('%w', ${column} / 1000, 'unixepoch') + 1)`],
  ["hour", part("%H")],
  ["minute", part("%M")],
  ["second", part("%S")],
]);

/** A part of a time as SQL; undefined: there is no such part. */
export const partOf = (name: string, column: SQL): SQL | undefined => PARTS.get(name)?.(column);

/** What a part is compared with: an integer or its text, for `date` a date or date-time. */
export function partOperandOf(name: string, value: unknown): number | undefined {
  if (name === "date") {
    const at = typeof value === "string" ? timeOf(value) : undefined;
    return at === undefined ? undefined : Math.floor(at / DAY_MS);
  }
  const number = typeof value === "string" && /^[+-]?\d+$/.test(value) ? Number(value) : value;
  return Number.isInteger(number) ? (number as number) : undefined;
}

/** A time as the JSON answer shows it. */
export const shownTime = (column: SQL): SQL =>
  sql`(strftime('%Y-%m-%dT%H:%M:%S', ${column} / 1000, 'unixepoch') || printf('.%03d000Z', ${column} % 1000))`;
