import type { Context } from "hono";
import type * as z from "zod";
import {
  type Aggregated,
  type AggregateWish,
  budget,
  type SearchPage,
  type SearchWish,
  selected,
  selectionFrom,
} from "../../../core/searches.ts";
import type { Json } from "../../../core/values.ts";
import { queryValue } from "../../shape.ts";
import type * as shape from "./collection-shapes.ts";
import { type Item, type Link, shownTime } from "./items.ts";

export const searchWish = (c: Context): SearchWish => ({
  q: queryValue(c, "q"),
  select: queryValue(c, "select"),
  order_by: queryValue(c, "order_by"),
  limit: queryValue(c, "limit"),
  offset: queryValue(c, "offset"),
});

export const aggregateWish = (c: Context): AggregateWish => ({
  group: queryValue(c, "group"),
  q: queryValue(c, "q"),
  order_by: queryValue(c, "order_by"),
});

type View = "create" | "search" | "aggregate";

/** A collection at its address, with links to what can be done there. */
export function showCollection<S>(schema: S, href: string, views: View[]): { schema: S; links: Link[] } {
  const links = views.map((rel) =>
    rel === "create" ? { rel, href, method: "POST" } : { rel, href: `${href}/+${rel}` },
  );
  return { schema, links };
}

/** A page of a search with links to the pages beside it, if there are any (contract, 5.1); `href`: of the collection. */
export function showSearch<T>(
  page: SearchPage<T>,
  wish: SearchWish,
  href: string,
  itemOf: (row: T) => Item,
): z.output<typeof shape.searchShape> {
  const { rows, selection, query } = page;
  const items = rows.map(itemOf);
  const within = budget();
  const results = selection ? items.map(({ data }) => selected(selection, data, within)) : items;
  const links = linksOf(page, wish, `${href}/+search`);
  return { results, q: query, ...(links.length > 0 && { links }) };
}

function linksOf({ more, length, offset }: SearchPage<unknown>, wish: SearchWish, href: string): Link[] {
  const { q, select, order_by } = wish;
  const to = (rel: string, start: number): Link => {
    const given = { q, select, limit: String(length), order_by, offset: String(start) };
    const parameters = Object.entries(given).flatMap(([name, value]) => (value ? [[name, value]] : []));
    return { rel, href: `${href}?${new URLSearchParams(parameters)}` };
  };
  return [
    ...(more ? [to("next", offset + length)] : []),
    ...(offset > 0 ? [to("previous", Math.max(0, offset - length))] : []),
  ];
}

/** An item, or what a caller selects of its data (contract, 5.2). Refuses `invalid` for a selection that cannot be read. */
export function itemOrSelection(c: Context, item: Item): Item | Json[] {
  const selection = selectionFrom(queryValue(c, "select"));
  return selection ? selected(selection, item.data) : item;
}

/** The groups of an aggregation, each an object in the order asked for. */
export const showAggregated = (groups: Aggregated[]): z.output<typeof shape.aggregateShape> =>
  groups.map((results) =>
    Object.fromEntries(
      results.map(([alias, result]) => [alias, result instanceof Date ? shownTime(result.getTime()) : result]),
    ),
  );
