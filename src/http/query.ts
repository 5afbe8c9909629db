import type { Context } from "hono";
import { decline } from "./refusal.ts";

export const badQuery = (parameter: string): never => decline({ kind: "bad_query", parameter });

const parametersOf = (c: Context): URLSearchParams => new URL(c.req.url).searchParams;

/** Declines a query that holds a parameter besides those known. */
export function noOtherQuery(c: Context, known: readonly string[]): void {
  const unknown = [...parametersOf(c).keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) decline({ kind: "bad_query", parameter: unknown, unknown: true });
}

/** The only value of a parameter; undefined when absent. Declines one that is given twice. */
export function soleValue(c: Context, parameter: string): string | undefined {
  const values = parametersOf(c).getAll(parameter);
  return values.length > 1 ? badQuery(parameter) : values[0];
}

/** The same for a parameter that is one of these words. */
export function soleChoice<T extends string>(c: Context, parameter: string, options: readonly T[]): T | undefined {
  const value = soleValue(c, parameter);
  return value === undefined ? undefined : (options.find((option) => option === value) ?? badQuery(parameter));
}
