import { invalid } from "./refusal.ts";

/** A page as it was asked for, each part as text or absent. */
export interface PageWish {
  page: string | undefined;
  perPage: string | undefined;
  /** What the length is called, for the refusal. */
  perPageName: string;
}

/** A list, with its place among all pages when one was asked for. */
export interface Paged<T> {
  items: T[];
  paging: { pages: number; hasMore: boolean; hasPrevious: boolean } | undefined;
}

type Fetch<T> = (page?: { offset: number; length: number }) => Promise<{ rows: T[]; total: number | undefined }>;

const LENGTH_MAX = 1000;

/** Everything without a length; else the page asked for, from 1 (workflow contract, 6). Refuses `invalid`. */
export async function paged<T>({ page, perPage, perPageName }: PageWish, fetch: Fetch<T>): Promise<Paged<T>> {
  if (!perPage) return { items: (await fetch()).rows, paging: undefined };
  const length = /^\d+$/.test(perPage) ? Number(perPage) : 0;
  if (length < 1 || length > LENGTH_MAX) invalid(perPageName, "page_length");
  if (page !== undefined && !/^[+-]?\d+$/.test(page)) invalid("page", "page");
  const number = Number(page ?? 1);
  if (number < 1 || !Number.isSafeInteger(number * length)) invalid("page", "no_such_page");
  const { rows, total = 0 } = await fetch({ offset: (number - 1) * length, length });
  const pages = Math.max(1, Math.ceil(total / length));
  if (number > pages) invalid("page", "no_such_page");
  return { items: rows, paging: { pages, hasMore: number < pages, hasPrevious: number > 1 } };
}
