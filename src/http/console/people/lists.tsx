import { Refused } from "../../../core/refusal.ts";
import type { Asked } from "../desk-page.tsx";
import { pageNumber } from "../paging.tsx";

/** How many rows stand on a page. */
export const PER_PAGE = 25;

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

export const userPath = (name: string): string => `/console/users/${encodeURIComponent(name)}`;
export const groupPath = (name: string): string => `/console/groups/${encodeURIComponent(name)}`;

export const UserLink = ({ name }: { name: string }) => <a href={userPath(name)}>{name}</a>;
export const GroupLink = ({ name }: { name: string }) => <a href={groupPath(name)}>{name}</a>;

/** The fields of these names that something was filled in. */
export const filledOf = (form: URLSearchParams, ...names: string[]): Record<string, string> =>
  Object.fromEntries([...form].filter(([name, value]) => names.includes(name) && value !== ""));
