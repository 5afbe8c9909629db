import {
  type Aggregate,
  type AggregateFunction,
  type Grouping,
  isApplicable,
} from "../../storage/collections/aggregates.ts";
import type { Fields } from "../../storage/collections/fields.ts";
import { parseOrder } from "./order.ts";
import { filterFrom } from "./search.ts";
import { malformed } from "./text.ts";

/** An aggregation as it was asked for, each part as text or absent. */
export interface AggregateWish {
  group: string | undefined;
  q: string | undefined;
  order_by: string | undefined;
}

/** An aggregate and how its result is called. */
interface Named extends Aggregate {
  alias: string;
  fieldName: string;
}

const ENTRIES_MAX = 20;
const LENGTH_MAX = 500;

const ENTRY = /^([A-Za-z0-9_]{1,64}):([a-z]+)\(([a-z_]+)\)$/;

const FUNCTIONS: readonly AggregateFunction[] = ["count", "sum", "avg", "min", "max", "year", "month", "day", "date"];

/** Reads an aggregation of a collection (PAS contract, 5.4). Refuses `invalid` with the first thing wrong. */
export function groupingFrom(wish: AggregateWish, fields: Fields): Grouping & { aliases: string[] } {
  const text = wish.group ?? "";
  const entries = entriesFrom(text, fields) ?? malformed("group", text);
  const { where } = filterFrom(wish.q, fields);
  const order = orderFrom(wish.order_by, entries);
  return { aggregates: entries, aliases: entries.map(({ alias }) => alias), where, order, length: LENGTH_MAX };
}

function entriesFrom(text: string, fields: Fields): Named[] | undefined {
  const parts = text.split(/,[ \t\r\n]*/);
  if (parts.length > ENTRIES_MAX) return undefined;
  const entries = parts.flatMap((part) => entryFrom(part, fields) ?? []);
  const aliases = new Set(entries.map(({ alias }) => alias));
  return aliases.size === parts.length ? entries : undefined;
}

function entryFrom(text: string, fields: Fields): Named | undefined {
  const [, alias = "", name = "", fieldName = ""] = ENTRY.exec(text) ?? [];
  const apply = FUNCTIONS.find((each) => each === name);
  const field = fields.get(fieldName);
  const entry = apply && field && { alias, apply, field, fieldName };
  return entry && isApplicable(entry) ? entry : undefined;
}

/** An alias, else a field: then it goes by the first aggregate of that field. */
function orderFrom(text: string | undefined, entries: Named[]): Grouping["order"] {
  if (!text) return undefined;
  const wish = parseOrder(text);
  const named = entries.findIndex(({ alias }) => alias === wish?.name);
  const at = named >= 0 ? named : entries.findIndex(({ fieldName }) => fieldName === wish?.name);
  return wish && at >= 0 ? { at, direction: wish.direction } : malformed("order_by", text);
}
