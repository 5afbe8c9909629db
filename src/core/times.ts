/** An instant with the offset it was given in. */
export interface ZonedTime {
  /** Unix milliseconds, whole seconds. */
  at: number;
  /** Minutes east of UTC. */
  offset: number;
}

const ZONED = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?:Z|([+-])(\d\d):(\d\d))$/;

/**
 * Reads `YYYY-MM-DDTHH:MM[:SS[.fraction]]` with `Z` or `±HH:MM` (roster contract, section 2): a real date from 1970 to 9999;
 * the fraction is cut. Undefined for anything else.
 */
export function zonedTime(text: string): ZonedTime | undefined {
  const match = ZONED.exec(text);
  if (!match) return undefined;
  const part = (at: number) => Number(match[at] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  const [sign, offsetHour, offsetMinute] = [match[7], part(8), part(9)];
  if (year < 1970 || hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return undefined;
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(local);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const offset = (offsetHour * 60 + offsetMinute) * (sign === "-" ? -1 : 1);
  return { at: local - offset * 60_000, offset };
}

/** Shows an instant as `YYYY-MM-DDTHH:MM:SS±HH:MM`, in the offset it was given in, UTC if none. */
export function shownTime(at: number, offset = 0): string {
  const local = new Date(at + offset * 60_000).toISOString().slice(0, 19);
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.abs(offset);
  return `${local}${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Unix milliseconds of the same form, UTC where it names no zone (pas contract, 4.19). */
export function instantOf(text: string): number | undefined {
  const [, fraction = "0"] = /\.(\d+)/.exec(text) ?? [];
  const whole = zonedTime(text) ?? zonedTime(`${text}Z`);
  return whole && whole.at + Math.floor(Number(`0.${fraction}`) * 1000);
}

const RFC_3339 = /^[^T]+T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const YEAR_10000 = Date.UTC(10_000, 0);

/** Unix milliseconds of an RFC 3339 date-time from 1970 to 9999; undefined for anything else. */
export function rfc3339(text: string): number | undefined {
  const upper = text.toUpperCase();
  const at = RFC_3339.test(upper) ? instantOf(upper) : undefined;
  return at !== undefined && at < YEAR_10000 ? at : undefined;
}
