import type { PropsWithChildren } from "hono/jsx";
import { Refused } from "../../../core/refusal.ts";
import { Pager } from "../../html/parts.tsx";
import type { Asked } from "../desk-page.tsx";

/** How many rows stand on a page. */
export const PER_PAGE = 25;

/** The page of a list that its address asks for, from 1; the first one, where there is no such page. */
export async function pageAt<T>(c: Asked, read: (page: number) => Promise<T>): Promise<T & { page: number }> {
  const text = c.req.query("page") ?? "";
  const page = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 1;
  try {
    return { ...(await read(page)), page };
  } catch (error) {
    const isBeyond = error instanceof Refused && error.refusal.kind === "not_found" && page > 1;
    if (!isBeyond) throw error;
    return { ...(await read(1)), page: 1 };
  }
}

interface PlaceProps {
  page: number;
  lastPage: number;
  /** How many there are of what, as it is said. */
  total: string;
  /** What the list is narrowed by. */
  query?: Record<string, string | undefined>;
}

/** Where a page stands in its list, and links to those around it. */
export function Place({ page, lastPage, total, query = {} }: PlaceProps) {
  const at = (number: number) => {
    const given = Object.entries({ ...query, page: String(number) }).filter(([, value]) => value);
    return `?${new URLSearchParams(given as [string, string][])}`;
  };
  const back: [string, string][] = [
    ["First", at(1)],
    ["Previous", at(page - 1)],
  ];
  const on: [string, string][] = [
    ["Next", at(page + 1)],
    ["Last", at(lastPage)],
  ];
  return (
    <>
      <p class="hint">
        {total}
        {lastPage > 1 && `, page ${page} of ${lastPage}`}.
      </p>
      <Pager links={[...(page > 1 ? back : []), ...(page < lastPage ? on : [])]} />
    </>
  );
}

/** What a list is narrowed by: fields, and a button that looks again. */
export const Filters = ({ children }: PropsWithChildren) => (
  <form method="get" class="filters">
    {children}
    <button type="submit" class="quiet">
      Search
    </button>
  </form>
);

export const userPath = (name: string): string => `/console/users/${encodeURIComponent(name)}`;
export const groupPath = (name: string): string => `/console/groups/${encodeURIComponent(name)}`;

export const UserLink = ({ name }: { name: string }) => <a href={userPath(name)}>{name}</a>;
export const GroupLink = ({ name }: { name: string }) => <a href={groupPath(name)}>{name}</a>;

/** The fields of these names that something was filled in. */
export const filledOf = (form: URLSearchParams, ...names: string[]): Record<string, string> =>
  Object.fromEntries([...form].filter(([name, value]) => names.includes(name) && value !== ""));
