import { Pager } from "../html/parts.tsx";
import type { Asked } from "./desk-page.tsx";

/** The number of the page that is asked for, from 1; whatever else is asked for is the first. */
export const pageNumber = (c: Asked): number => {
  const number = numberIn(c, "page") ?? 1;
  return number < 1e9 ? number : 1;
};

/** The query of the page that is asked for with some of it replaced; undefined leaves a parameter out. */
export function queryWith(c: Asked, changed: Record<string, string | undefined>): string {
  const query = new URLSearchParams({ ...c.req.query() });
  for (const [name, value] of Object.entries(changed)) {
    if (value === undefined) query.delete(name);
    else query.set(name, value);
  }
  return `?${query}`;
}

/** A number from 1 that the query names so; undefined for anything else. */
export const numberIn = (c: Asked, name: string): number | undefined => {
  const text = c.req.query(name)?.trim() ?? "";
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
};

/** Links through a list of which each page names where the next one begins, and back to its beginning. */
export function PagesOn({ c, next, here }: { c: Asked; next: string | number | null; here: string }) {
  const to = (text: string, after?: string): [string, string] => [text, queryWith(c, { after })];
  const first = c.req.query("after") ? [to("First")] : [];
  const links = [...first, ...(next === null ? [] : [to("Further", String(next))])];
  return links.length > 0 ? <Pager links={links} here={here} /> : null;
}

/** Links to the pages before and after this one: the one that is asked for, unless another is shown. */
export function PagesAround({ c, last, page = pageNumber(c) }: { c: Asked; last: number; page?: number }) {
  const to = (text: string, number: number): [string, string] => [text, queryWith(c, { page: String(number) })];
  const before = page > 1 ? [to("First", 1), to("Earlier", page - 1)] : [];
  const after = page < last ? [to("Further", page + 1), to("Last", last)] : [];
  return last > 1 ? <Pager links={[...before, ...after]} here={`Page ${page} of ${last}`} /> : null;
}
