import type { PageWish } from "../../core/pages.ts";
import { Refused } from "../../core/refusal.ts";
import { Pager } from "../html/parts.tsx";
import type { Asked } from "./desk-page.tsx";

/** How many rows stand on a page. */
export const PER_PAGE = 25;

/** The number of the page that is asked for, from 1; whatever else is asked for is the first. */
const pageNumber = (c: Asked): number => {
  const number = numberIn(c, "page") ?? 1;
  return number < 1e9 ? number : 1;
};

/** The page of a list that its address asks for, from 1; the first one, where there is no such page. */
export async function pageAt<T>(c: Asked, read: (page: number) => Promise<T>): Promise<T & { page: number }> {
  const page = pageNumber(c);
  try {
    return { ...(await read(page)), page };
  } catch (error) {
    if (page === 1 || !isBeyond(error)) throw error;
    return { ...(await read(1)), page: 1 };
  }
}

const isBeyond = (error: unknown): boolean =>
  error instanceof Refused &&
  (error.refusal.kind === "not_found" ||
    (error.refusal.kind === "invalid" && error.refusal.issues.some(({ problem }) => problem === "no_such_page")));

/** The wish for a page of a list of the core. */
export const wishFor = (page: number): PageWish => ({
  page: String(page),
  perPage: String(PER_PAGE),
  perPageName: "per page",
});

/** The page of a list at hand that its address asks for; the last one, where there is no such page. */
export function partOf<T>(c: Asked, all: T[]): { rows: T[]; page: number; last: number } {
  const last = Math.max(1, Math.ceil(all.length / PER_PAGE));
  const page = Math.min(pageNumber(c), last);
  return { rows: all.slice((page - 1) * PER_PAGE, page * PER_PAGE), page, last };
}

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

/** Links to the pages before and after one that is shown. */
export function PagesAround({ c, last, page }: { c: Asked; last: number; page: number }) {
  const to = (text: string, number: number): [string, string] => [text, queryWith(c, { page: String(number) })];
  const before = page > 1 ? [to("First", 1), to("Earlier", page - 1)] : [];
  const after = page < last ? [to("Further", page + 1), to("Last", last)] : [];
  return last > 1 ? <Pager links={[...before, ...after]} here={`Page ${page} of ${last}`} /> : null;
}
