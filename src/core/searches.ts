import {
  type Grouping,
  groupGroups,
  isTime,
  keyGroups,
  userGroups,
  type Value,
} from "../storage/collections/aggregates.ts";
import { groupFields, keyFields, userFields } from "../storage/collections/fields.ts";
import { type Found, groupsFound, keysFound, usersFound } from "../storage/collections/pages.ts";
import { isAdmin, mustBeAdmin, mustBeUser } from "./actor.ts";
import type { ApiKey, Group, User } from "./collections.ts";
import type { Core } from "./context.ts";
import { type AggregateWish, groupingFrom } from "./query/aggregate.ts";
import { type SearchWish, searchFrom, type Understood } from "./query/search.ts";

export type { AggregateWish } from "./query/aggregate.ts";
export type { Echo } from "./query/echo.ts";
export type { SearchWish } from "./query/search.ts";
export { budget, selected } from "./query/selected.ts";
export { type Selection, selectionFrom } from "./query/selection.ts";

/** A page of a search, how the search was understood, and whether something follows. */
export interface SearchPage<T> extends Found<T>, Pick<Understood, "query" | "selection" | "length" | "offset"> {}

/** Whose API keys the caller sees: his own, an administrator everybody's (undefined). Refuses `unauthenticated`. */
function ownerInView(core: Core): string | undefined {
  const caller = mustBeUser(core);
  return isAdmin(caller) ? undefined : caller.user.id;
}

const withPage = <T>({ query, selection, length, offset }: Understood, found: Found<T>): SearchPage<T> => ({
  ...found,
  query,
  selection,
  length,
  offset,
});

/** Searches users, for an administrator (PAS contract, 5.1). Refuses as `mustBeAdmin`, and `invalid`. `groups` is empty with a selection. */
export async function searchUsers(core: Core, wish: SearchWish): Promise<SearchPage<{ user: User; groups: string[] }>> {
  mustBeAdmin(core);
  const search = searchFrom(wish, userFields);
  return withPage(search, await usersFound(core.db, search));
}

/** Searches groups likewise. `members` is empty with a selection. */
export async function searchGroups(
  core: Core,
  wish: SearchWish,
): Promise<SearchPage<{ group: Group; members: string[] }>> {
  mustBeAdmin(core);
  const search = searchFrom(wish, groupFields);
  return withPage(search, await groupsFound(core.db, search));
}

/** Searches the caller's API keys, for an administrator everybody's. Refuses `unauthenticated`, `invalid`. */
export async function searchKeys(core: Core, wish: SearchWish): Promise<SearchPage<{ key: ApiKey; owner: string }>> {
  const owner = ownerInView(core);
  const search = searchFrom(wish, keyFields);
  return withPage(search, await keysFound(core.db, search, owner));
}

/** The results of one group of rows by their aliases, in the order asked for; a time is a `Date`. */
export type Aggregated = [alias: string, result: Value | Date][];

/** Aggregates over users, for an administrator (PAS contract, 5.4). Refuses as `mustBeAdmin`, and `invalid`. */
export async function aggregateUsers(core: Core, wish: AggregateWish): Promise<Aggregated[]> {
  mustBeAdmin(core);
  const grouping = groupingFrom(wish, userFields);
  return named(grouping, await userGroups(core.db, grouping));
}

/** Aggregates over groups likewise. */
export async function aggregateGroups(core: Core, wish: AggregateWish): Promise<Aggregated[]> {
  mustBeAdmin(core);
  const grouping = groupingFrom(wish, groupFields);
  return named(grouping, await groupGroups(core.db, grouping));
}

/** Aggregates over the caller's API keys, for an administrator everybody's. Refuses `unauthenticated`, `invalid`. */
export async function aggregateKeys(core: Core, wish: AggregateWish): Promise<Aggregated[]> {
  const owner = ownerInView(core);
  const grouping = groupingFrom(wish, keyFields);
  return named(grouping, await keyGroups(core.db, grouping, owner));
}

function named({ aggregates, aliases }: Grouping & { aliases: string[] }, rows: Value[][]): Aggregated[] {
  const times = aggregates.map(isTime);
  return rows.map((values) =>
    values.map((value, at) => [aliases[at] ?? "", times[at] && typeof value === "number" ? new Date(value) : value]),
  );
}
