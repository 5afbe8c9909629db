import type { Context } from "hono";
import { type Cursor, cursorFrom } from "../../../core/cursor.ts";
import type { UserFilter } from "../../../core/roster.ts";
import { role, state } from "../../../core/values.ts";
import { badQuery as bad, noOtherQuery, soleValue as single, soleChoice } from "../../query.ts";

const PER_PAGE_MAX = 100;
const NAME_LENGTH_MAX = 256;
/** The parameters of a list. */
export const KNOWN = ["page", "perPage", "role", "state", "name", "view", "cursor"];

/** A list as it was asked for (contract, 5.1). */
export interface ListQuery {
  page: number;
  perPage: number;
  filter: UserFilter;
  cursor: Cursor | undefined;
  view: "full" | undefined;
}

/** Reads the query of a list in the order of the contract: `page` and `perPage`, then the others. */
export async function listQuery(c: Context): Promise<ListQuery> {
  const [page, perPage] = [number(c, "page", 1), number(c, "perPage", 20)];
  if (page < 1) bad("page");
  if (perPage < 1 || perPage > PER_PAGE_MAX) bad("perPage");
  noOtherQuery(c, KNOWN);
  const filter = {
    role: soleChoice(c, "role", role.options),
    state: soleChoice(c, "state", state.options),
    prefix: prefix(c),
  };
  return { page, perPage, filter, view: viewOf(c), cursor: await cursorOf(c, filter) };
}

function number(c: Context, parameter: string, otherwise: number): number {
  const value = single(c, parameter);
  if (value === undefined) return otherwise;
  return /^[0-9]+$/.test(value) ? Number(value) : bad(parameter);
}

function prefix(c: Context): string | undefined {
  const value = single(c, "name") || undefined;
  return value === undefined || [...value].length <= NAME_LENGTH_MAX ? value : bad("name");
}

/** Whether a user is to be shown with his e-mail and state. */
export function viewOf(c: Context): "full" | undefined {
  const value = single(c, "view");
  return value === undefined || value === "full" ? value : bad("view");
}

/** A cursor carries its filters: they may be left out, or repeated as they were. */
async function cursorOf(c: Context, filter: UserFilter): Promise<Cursor | undefined> {
  const value = single(c, "cursor");
  if (value === undefined) return undefined;
  const cursor = c.req.query("page") === undefined ? await cursorFrom(value) : undefined;
  if (!cursor) return bad("cursor");
  const agrees = (["role", "state", "prefix"] as const).every(
    (part) => filter[part] === undefined || filter[part] === cursor.filter[part],
  );
  return agrees ? cursor : bad("cursor");
}
