import type { Context } from "hono";
import { publicUrl } from "../../../core/context.ts";
import type { UserWithGroups } from "../../../core/groups.ts";
import { invalid } from "../../../core/refusal.ts";
import { changeState, changeUser, isTransition, removeUser, type User } from "../../../core/users.ts";
import { read } from "../../../core/values.ts";
import type { Dialect, Served } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json, takes, wishes } from "../../shape.ts";
import { anyObject, bodyOf } from "./bodies.ts";
import { anybody, mustOwn } from "./callers.ts";
import { mustBeChangeable, mustBeEmail } from "./changes.ts";
import { userItem } from "./items.ts";
import { selfAt, selfWithGroupsAt, userAt, userWithGroupsAt } from "./objects.ts";
import { itemOrSelection } from "./searching.ts";
import * as shape from "./shapes.ts";

/** Where a user is found: by his name, or as the caller himself. */
interface Place {
  path: "/auth/user/{username}" | "/auth/self";
  find(c: Context<Served>): Promise<User> | User;
  findWithGroups(c: Context<Served>): Promise<UserWithGroups>;
}

const PLACES: Place[] = [
  { path: "/auth/user/{username}", find: userAt, findWithGroups: userWithGroupsAt },
  { path: "/auth/self", find: selfAt, findWithGroups: selfWithGroupsAt },
];

const done = { 200: json(shape.doneShape, "It is done"), ...shape.refusals(403, 404, 422) };

const routesAt = ({ path }: Place) => ({
  get: createRoute({
    method: "get",
    path,
    summary: "Show a user",
    ...anybody(),
    request: { query: wishes("select") },
    responses: { 200: json(shape.itemOrSelectionShape, "The user"), ...shape.refusals(403, 404, 422) },
  }),
  patch: createRoute({
    method: "patch",
    path,
    summary: "Change a user",
    ...anybody(),
    request: takes(shape.userPatch),
    responses: done,
  }),
  remove: createRoute({ method: "delete", path, summary: "Delete a user", ...anybody(), responses: done }),
  roles: createRoute({
    method: "get",
    path: `${path}/+roles`,
    summary: "The groups of a user and his roles there",
    ...anybody(),
    responses: { 200: json(shape.rolesShape, "Roles by group"), ...shape.refusals(403, 404) },
  }),
  statemachine: createRoute({
    method: "post",
    path: `${path}/+statemachine`,
    summary: "Activate or deactivate a user",
    ...anybody(),
    request: takes(shape.transitionBody),
    responses: done,
  }),
});

/** A user item and its views, the same at both places (contract, 4.13). */
export function users(pas: Dialect): void {
  for (const place of PLACES) usersAt(pas, place);
}

function usersAt(pas: Dialect, place: Place): void {
  const routes = routesAt(place);
  const ownOf = async (c: Context<Served>): Promise<User> => {
    const user = await place.find(c);
    mustOwn(c, user.id);
    return user;
  };
  const ownWithGroups = async (c: Context<Served>): Promise<UserWithGroups> => {
    const found = await place.findWithGroups(c);
    mustOwn(c, found.user.id);
    return found;
  };

  pas.serve(routes.get, async (c) => {
    const { user, groups } = await ownWithGroups(c);
    const names = groups.map(({ name }) => name);
    const origin = publicUrl(c.var.core);
    const item = userItem(user, names, origin, place.find === selfAt ? `${origin}/auth/self` : undefined);
    return c.json(itemOrSelection(c, item), 200);
  });

  pas.serve(routes.patch, async (c) => {
    const user = await ownOf(c);
    const body = await bodyOf(c, anyObject);
    const { email, source } = read(shape.userPatch, body);
    mustBeChangeable(body);
    if (email !== undefined) mustBeEmail(email);
    const change = { ...(email !== undefined && { email }), ...(source !== undefined && { source: source ?? "" }) };
    await changeUser(c.var.core, user, change, {});
    return c.json(shape.done, 200);
  });

  pas.serve(routes.remove, async (c) => {
    await removeUser(c.var.core, await ownOf(c));
    return c.json(shape.done, 200);
  });

  pas.serve(routes.roles, async (c) => {
    const { groups } = await ownWithGroups(c);
    // Written by hand: an object of JavaScript puts names that are numbers first.
    const members = groups.map(({ name, roles }) => `${JSON.stringify(name)}:${JSON.stringify(roles)}`);
    return c.body(`{${members.join(",")}}`, 200, { "Content-Type": "application/json" }) as never;
  });

  pas.serve(routes.statemachine, async (c) => {
    const user = await ownOf(c);
    const { transition } = await bodyOf(c, shape.transitionBody);
    if (!isTransition(transition)) return invalid("transition", "unsupported", transition);
    await changeState(c.var.core, user, transition);
    return c.json(shape.done, 200);
  });
}
