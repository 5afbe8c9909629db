import { type Core, publicUrl } from "../../../core/context.ts";
import {
  aggregateGroups,
  aggregateKeys,
  aggregateUsers,
  searchGroups,
  searchKeys,
  searchUsers,
} from "../../../core/searches.ts";
import type { Dialect } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json } from "../../shape.ts";
import { anybody, mustAdminister, mustBeCaller } from "./callers.ts";
import * as shape from "./collection-shapes.ts";
import { groupItem, keyItem, userItem } from "./items.ts";
import { aggregateWish, searchWish, showAggregated, showCollection, showSearch } from "./searching.ts";
import { refusals } from "./shapes.ts";

/** The three calls on a collection, by the last part of its path and what it holds. */
const routesOf = <N extends string>(name: N, things: string) => ({
  show: createRoute({
    method: "get",
    path: `/auth/${name}`,
    summary: `The schema of ${things}, and what can be done with them`,
    ...anybody(),
    responses: { 200: json(shape.collectionShape, "The collection"), ...refusals(403) },
  }),
  search: createRoute({
    method: "get",
    path: `/auth/${name}/+search`,
    summary: `Search ${things}`,
    ...anybody(),
    request: { query: shape.searchQuery },
    responses: { 200: json(shape.searchShape, "A page of what was found"), ...refusals(403, 422) },
  }),
  aggregate: createRoute({
    method: "get",
    path: `/auth/${name}/+aggregate`,
    summary: `Aggregate ${things}`,
    ...anybody(),
    request: { query: shape.aggregateQuery },
    responses: { 200: json(shape.aggregateShape, "An object for each group"), ...refusals(403, 422) },
  }),
});

const ROUTES = {
  user: routesOf("user", "users"),
  group: routesOf("group", "groups"),
  apikey: routesOf("apikey", "API keys"),
};

const hrefOf = (core: Core, name: keyof typeof ROUTES) => `${publicUrl(core)}/auth/${name}`;

/** The collections of users, groups and API keys (contract, 3 and 5). To be served before what has a name in its path. */
export function collections(pas: Dialect): void {
  userCollection(pas);
  groupCollection(pas);
  keyCollection(pas);
}

function userCollection(pas: Dialect): void {
  const { show, search, aggregate } = ROUTES.user;
  pas.serve(show, (c) => {
    const { core } = c.var;
    mustAdminister(c);
    return c.json(showCollection(shape.USER_SCHEMA, hrefOf(core, "user"), ["search", "aggregate"]), 200);
  });
  pas.serve(search, async (c) => {
    const { core } = c.var;
    mustBeCaller(c);
    const wish = searchWish(c);
    const found = await searchUsers(core, wish);
    const itemOf = ({ user, groups }: (typeof found.rows)[number]) => userItem(user, groups, publicUrl(core));
    return c.json(showSearch(found, wish, hrefOf(core, "user"), itemOf), 200);
  });
  pas.serve(aggregate, async (c) => {
    mustBeCaller(c);
    return c.json(showAggregated(await aggregateUsers(c.var.core, aggregateWish(c))), 200);
  });
}

function groupCollection(pas: Dialect): void {
  const { show, search, aggregate } = ROUTES.group;
  pas.serve(show, (c) => {
    const { core } = c.var;
    mustAdminister(c);
    return c.json(showCollection(shape.GROUP_SCHEMA, hrefOf(core, "group"), ["create", "search", "aggregate"]), 200);
  });
  pas.serve(search, async (c) => {
    const { core } = c.var;
    mustBeCaller(c);
    const wish = searchWish(c);
    const found = await searchGroups(core, wish);
    const itemOf = ({ group, members }: (typeof found.rows)[number]) => groupItem(group, members, publicUrl(core));
    return c.json(showSearch(found, wish, hrefOf(core, "group"), itemOf), 200);
  });
  pas.serve(aggregate, async (c) => {
    mustBeCaller(c);
    return c.json(showAggregated(await aggregateGroups(c.var.core, aggregateWish(c))), 200);
  });
}

function keyCollection(pas: Dialect): void {
  const { show, search, aggregate } = ROUTES.apikey;
  pas.serve(show, (c) => {
    const { core } = c.var;
    mustBeCaller(c);
    return c.json(showCollection(shape.KEY_SCHEMA, hrefOf(core, "apikey"), ["create", "search", "aggregate"]), 200);
  });
  pas.serve(search, async (c) => {
    const { core } = c.var;
    mustBeCaller(c);
    const wish = searchWish(c);
    const found = await searchKeys(core, wish);
    const itemOf = ({ key, owner }: (typeof found.rows)[number]) => keyItem(key, owner, publicUrl(core));
    return c.json(showSearch(found, wish, hrefOf(core, "apikey"), itemOf), 200);
  });
  pas.serve(aggregate, async (c) => {
    mustBeCaller(c);
    return c.json(showAggregated(await aggregateKeys(c.var.core, aggregateWish(c))), 200);
  });
}
