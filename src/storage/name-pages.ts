import { and, type Column, gt, gte, lt } from "drizzle-orm";
import { afterPrefix } from "./keys.ts";

export const NAMES_ON_PAGE = 50;

/** A page of things in the order of their names: those that begin with `prefix` and come after `after`. */
export interface NamePage {
  prefix?: string | undefined;
  after?: string | undefined;
}

/** Which names are on it, and on the pages after it. */
export function onPage(name: Column, { prefix = "", after }: NamePage) {
  const beyond = afterPrefix(prefix);
  return and(
    gte(name, prefix),
    beyond === undefined ? undefined : lt(name, beyond),
    after === undefined ? undefined : gt(name, after),
  );
}

/** A page of rows of which one more was read than it holds; `next`: the name that the next one comes after, if there is one. */
export function pageOf<T extends { name: string }>(rows: T[]): { rows: T[]; next: string | null } {
  const page = rows.slice(0, NAMES_ON_PAGE);
  return { rows: page, next: rows.length > NAMES_ON_PAGE ? (page.at(-1)?.name ?? null) : null };
}
