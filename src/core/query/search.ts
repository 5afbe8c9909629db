import { type Compiled, compile } from "../../storage/collections/compile.ts";
import type { Fields } from "../../storage/collections/fields.ts";
import type { Order, Search } from "../../storage/collections/pages.ts";
import { type Echo, echoOf } from "./echo.ts";
import { parseOrder } from "./order.ts";
import { parseQuery } from "./parse.ts";
import { type Selection, selectionFrom } from "./selection.ts";
import { malformed } from "./text.ts";

/** A search as it was asked for, each part as text or absent. */
export interface SearchWish {
  q: string | undefined;
  select: string | undefined;
  order_by: string | undefined;
  limit: string | undefined;
  offset: string | undefined;
}

/** A search that can be run, and how it was understood. */
export interface Understood extends Search {
  query: Echo | null;
  selection: Selection | undefined;
}

const LENGTH_MAX = 500;
const NUMBER_MAX = 2_147_483_647;

/** Reads a search of a collection (PAS contract, 5.1). Refuses `invalid` with the first thing wrong, in the order of the contract. */
export function searchFrom(wish: SearchWish, fields: Fields): Understood {
  const { query, where } = filterFrom(wish.q, fields);
  const selection = selectionFrom(wish.select);
  const order = orderFrom(wish.order_by, fields);
  const length = Math.min(numberFrom("limit", wish.limit) || LENGTH_MAX, LENGTH_MAX);
  const offset = numberFrom("offset", wish.offset);
  return { query, where, selection, order, length, offset, bare: selection !== undefined };
}

/** What a `q` asks for; a blank one for everything. Refuses `invalid`. */
export function filterFrom(q: string | undefined, fields: Fields): { query: Echo | null; where: Compiled } {
  if (!q || /^[ \t\r\n]*$/.test(q)) return { query: null, where: true };
  const query = parseQuery(q) ?? malformed("q", q);
  return { query: echoOf(query), where: compile(query, fields) ?? malformed("q", q) };
}

function orderFrom(text: string | undefined, fields: Fields): Order | undefined {
  if (!text) return undefined;
  const wish = parseOrder(text);
  const column = wish && fields.get(wish.name)?.column;
  return column ? { column, direction: wish.direction } : malformed("order_by", text);
}

function numberFrom(parameter: string, text: string | undefined): number {
  if (!text) return 0;
  const number = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  return number <= NUMBER_MAX ? number : malformed(parameter, text);
}
