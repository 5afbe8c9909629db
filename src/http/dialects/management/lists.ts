import type { Context } from "hono";
import { badQuery, noOtherQuery, soleValue } from "../../query.ts";

/** Declines a query with a parameter that a list does not know, or one of its own twice (contract, 3.2). */
export function onlyQuery(c: Context, known: readonly string[]): void {
  noOtherQuery(c, known);
  for (const parameter of known) soleValue(c, parameter);
}

/** The page that was asked for, from 1; the first by default. */
export function pageOf(c: Context): number {
  const value = soleValue(c, "page") ?? "1";
  return /^[0-9]{1,9}$/.test(value) && Number(value) > 0 ? Number(value) : badQuery("page");
}
