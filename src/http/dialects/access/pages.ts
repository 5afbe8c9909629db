import type { Context } from "hono";
import { decline } from "../../refusal.ts";
import { queryValue } from "../../shape.ts";

const LENGTH = 100;
const LENGTH_MAX = 1000;

/** The part of a list that is asked for by `page`, from 1, and `perPage`; undefined for all of it. Declines malformed ones. */
export function pageOf(c: Context): { offset: number; length: number } | undefined {
  const [page, length] = [number(c, "page"), number(c, "perPage")];
  if (length !== undefined && length > LENGTH_MAX) decline({ kind: "bad_query", parameter: "perPage" });
  if (page === undefined && length === undefined) return undefined;
  const offset = ((page ?? 1) - 1) * (length ?? LENGTH);
  // Whatever is further than that is beyond the last page too.
  return { offset: Math.min(offset, Number.MAX_SAFE_INTEGER), length: length ?? LENGTH };
}

function number(c: Context, parameter: string): number | undefined {
  const value = queryValue(c, parameter);
  if (value === undefined) return undefined;
  return /^\d+$/.test(value) && Number(value) > 0 ? Number(value) : decline({ kind: "bad_query", parameter });
}
