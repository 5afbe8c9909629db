const DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 86_400_000;

/** The end of a day in UTC, as fields for dates send it, in Unix milliseconds; undefined for what is no day. */
export function endOfDay(text: string): number | undefined {
  const at = DAY.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at + DAY_MS;
}
