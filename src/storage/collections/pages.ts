import { and, asc, desc, eq, ne, type SQL, sql } from "drizzle-orm";
import type { ApiKey } from "../api-keys.ts";
import { commit, type Db } from "../db.ts";
import { DEFAULT_GROUP, type Group } from "../groups.ts";
import { type Counts, countsOf, type Start, startAt } from "../places.ts";
import { apiKeys, groups, memberships, users } from "../schema.ts";
import { userCountsOf } from "../user-pages.ts";
import type { User } from "../users.ts";
import { type Compiled, conditionOf } from "./compile.ts";

export interface Order {
  column: SQL;
  direction: "asc" | "desc";
}

/** A page of a collection: by default in the order of `seq`, which also decides between equals. */
export interface Search {
  where: Compiled;
  order: Order | undefined;
  offset: number;
  length: number;
  /** Whether the rows are wanted alone, without what their links need. */
  bare: boolean;
}

/** A page, and whether something follows it. */
export interface Found<T> {
  rows: T[];
  more: boolean;
}

const cut = <T>(rows: T[], length: number): Found<T> => ({ rows: rows.slice(0, length), more: rows.length > length });

const ordered = (order: Order | undefined, seq: SQL): SQL[] => [
  ...(order ? [order.direction === "desc" ? desc(order.column) : asc(order.column)] : []),
  asc(seq),
];

/** How a search begins: in a whole collection in its own order at a place that the kept counts tell, in others row by row. */
function startOf(db: Db, counts: Counts, seq: SQL, { where, order, offset }: Search, scope?: SQL): Start {
  return where === true && !order && !scope
    ? startAt(db, counts, offset, (key) => sql`${seq} >= ${key}`)
    : { from: db.query, where: and(scope, conditionOf(where)), skip: offset };
}

/** Texts by the id that each belongs to, in the order of the rows. */
function gathered(rows: { id: string; name: string }[]): (id: string) => string[] {
  const byId = new Map<string, string[]>();
  for (const { id, name } of rows) {
    const names = byId.get(id);
    if (names) names.push(name);
    else byId.set(id, [name]);
  }
  return (id) => byId.get(id) ?? [];
}

// SQLite keeps the order of a cross join: from the page to what belongs to it, not from everything to the page.

/** Users with the names of their groups in the order of joining, `__default__` first; none when bare. One round trip. */
export async function usersFound(db: Db, search: Search): Promise<Found<{ user: User; groups: string[] }>> {
  const { order, length, bare } = search;
  const { from, where, skip } = startOf(db, userCountsOf({}), sql`${users.seq}`, search);
  const orders = ordered(order, sql`${users.seq}`);
  const all = from.select().from(users);
  const rows = all
    .where(where)
    .orderBy(...orders)
    .limit(length + 1)
    .offset(skip);
  if (bare)
    return cut(
      (await rows).map((user) => ({ user, groups: [] })),
      length,
    );
  const ids = from.select({ id: users.id }).from(users);
  const page = ids
    .where(where)
    .orderBy(...orders)
    .limit(length)
    .offset(skip)
    .as("page");
  const joined = db.query
    .select({ id: memberships.userId, name: groups.name })
    .from(page)
    .crossJoin(memberships)
    .crossJoin(groups)
    .where(and(eq(memberships.userId, page.id), eq(groups.id, memberships.groupId), ne(groups.name, DEFAULT_GROUP)))
    .orderBy(asc(memberships.seq));
  const [found, links] = await commit(db, rows, joined);
  const groupsOf = gathered(links);
  return cut(
    found.map((user) => ({ user, groups: [DEFAULT_GROUP, ...groupsOf(user.id)] })),
    length,
  );
}

const isActive = eq(users.state, "active");

/** Groups with the names of their active members in the order of joining; none when bare. One round trip. */
export async function groupsFound(db: Db, search: Search): Promise<Found<{ group: Group; members: string[] }>> {
  const { order, length, bare } = search;
  const { from, where, skip } = startOf(db, countsOf("groups"), sql`${groups.seq}`, search);
  const orders = ordered(order, sql`${groups.seq}`);
  const all = from.select().from(groups);
  const rows = all
    .where(where)
    .orderBy(...orders)
    .limit(length + 1)
    .offset(skip);
  if (bare)
    return cut(
      (await rows).map((group) => ({ group, members: [] })),
      length,
    );
  const ids = from.select({ id: groups.id, name: groups.name }).from(groups);
  const page = ids
    .where(where)
    .orderBy(...orders)
    .limit(length)
    .offset(skip)
    .as("page");
  const joined = db.query
    .select({ id: memberships.groupId, name: users.name })
    .from(page)
    .crossJoin(memberships)
    .crossJoin(users)
    .where(
      and(ne(page.name, DEFAULT_GROUP), eq(memberships.groupId, page.id), eq(users.id, memberships.userId), isActive),
    )
    .orderBy(asc(memberships.seq));
  const everybody = db.query
    .select({ name: users.name })
    .from(page)
    .crossJoin(users)
    .where(and(eq(page.name, DEFAULT_GROUP), isActive))
    .orderBy(asc(users.seq));
  const [found, links, active] = await commit(db, rows, joined, everybody);
  const membersOf = gathered(links);
  const names = active.map(({ name }) => name);
  const members = (group: Group) => (group.name === DEFAULT_GROUP ? names : membersOf(group.id));
  return cut(
    found.map((group) => ({ group, members: members(group) })),
    length,
  );
}

/** API keys with their owners' names, those of one owner or all. One round trip. */
export async function keysFound(
  db: Db,
  search: Search,
  ownerId: string | undefined,
): Promise<Found<{ key: ApiKey; owner: string }>> {
  const { order, length } = search;
  const scope = ownerId === undefined ? undefined : eq(apiKeys.userId, ownerId);
  const { from, where, skip } = startOf(db, countsOf("api_keys"), sql`${apiKeys.seq}`, search, scope);
  const rows = await from
    .select({ key: apiKeys, owner: users.name })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .where(where)
    .orderBy(...ordered(order, sql`${apiKeys.seq}`))
    .limit(length + 1)
    .offset(skip);
  return cut(rows, length);
}
