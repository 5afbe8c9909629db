import type { Context } from "hono";
import * as z from "zod";
import { mustBeAdmin, mustBeSelfOrAdmin } from "../../../core/actor.ts";
import type { Core } from "../../../core/context.ts";
import { mustMeetPolicy } from "../../../core/passwords.ts";
import { invalid } from "../../../core/refusal.ts";
import { userPage, usersAfter } from "../../../core/roster.ts";
import { changeUser, findUserExactly, registerUser, removeUser, type User } from "../../../core/users.ts";
import { entityTag, type Precondition } from "../../../core/versions.ts";
import { apiKey } from "../../auth/api-key.ts";
import { namedBearer } from "../../auth/named-bearer.ts";
import { guarded } from "../../auth/scheme.ts";
import type { Dialect } from "../../dialect.ts";
import { entityTags, isKnown } from "../../entity-tags.ts";
import { decline } from "../../refusal.ts";
import { createRoute } from "../../route.ts";
import { json, objectBody, optionalBody, takes, wishes } from "../../shape.ts";
import { changeOf } from "./changes.ts";
import { KNOWN, listQuery, viewOf } from "./query.ts";
import * as shape from "./shapes.ts";

const named = z.object({ user_name: z.string() });
const authenticated = () => guarded(namedBearer, apiKey);

const list = createRoute({
  method: "get",
  path: "/user",
  summary: "Get a page of users",
  ...authenticated(),
  request: { query: wishes(...KNOWN) },
  responses: { 200: json(shape.pageShape, "Successfully retrieved the users"), ...shape.refusals(400, 401, 404) },
});

const register = createRoute({
  method: "post",
  path: "/user",
  summary: "Register a new user with the service",
  ...authenticated(),
  request: takes(shape.registerBody),
  responses: { 200: json(shape.userShape, "Successfully registered the user"), ...shape.refusals(400, 401) },
});

const find = createRoute({
  method: "get",
  path: "/user/{user_name}",
  summary: "Find a user by name",
  ...authenticated(),
  request: { params: named, query: wishes("view"), headers: wishes("If-None-Match") },
  responses: {
    200: json(shape.userShape, "Successfully retrieved the user"),
    304: { description: "The client has it already" },
    ...shape.refusals(400, 401, 404),
  },
});

const patch = createRoute({
  method: "patch",
  path: "/user/{user_name}",
  summary: "Patch a user",
  ...authenticated(),
  request: { params: named, headers: wishes("If-Match"), ...takes(shape.patchBody) },
  responses: { 200: json(shape.userShape, "Successfully patched the user"), ...shape.refusals(400, 401, 404) },
});

const remove = createRoute({
  method: "delete",
  path: "/user/{user_name}",
  summary: "Delete a user",
  ...authenticated(),
  request: { params: named, ...takes(shape.deleteBody, false) },
  responses: { 200: json(shape.deletedShape, "Successfully deleted the user"), ...shape.refusals(400, 401, 404) },
});

export function users(roster: Dialect): void {
  roster.serve(list, async (c) => {
    const { core } = c.var;
    mustBeAdmin(core);
    const { page, perPage, filter, cursor, view } = await listQuery(c);
    const found = cursor ? await usersAfter(core, cursor, perPage) : await userPage(core, filter, page, perPage);
    const items = found.rows.map((user) => shape.showUser(user, view));
    const { total: totalCount, lastPage, nextCursor } = found;
    const place = { count: items.length, totalCount, lastPage, items, ...(nextCursor && { nextCursor }) };
    return c.json(cursor ? place : { page, ...place }, 200);
  });

  roster.serve(register, async (c) => {
    const { core } = c.var;
    mustBeAdmin(core);
    const wanted = await objectBody(c, shape.registerBody);
    if (wanted.password !== undefined) mustMeetPolicy(core, wanted.password, wanted);
    const { creationTime, name, role, version } = shape.showUser(await registerUser(core, wanted));
    return c.json({ creationTime, name, role, version }, 200);
  });

  roster.serve(find, async (c) => {
    const user = await shown(c.var.core, c.req.param("user_name"));
    const view = viewOf(c);
    const tag = entityTag(user);
    c.header("ETag", tag);
    if (isKnown(c.req.header("if-none-match"), tag)) return c.body(null, 304);
    return c.json(shape.showUser(user, view), 200);
  });

  roster.serve(patch, async (c) => {
    const { core } = c.var;
    const user = await reachable(core, c.req.param("user_name"));
    const view = viewOf(c);
    const body = await objectBody(c, shape.patchBody);
    if (body.version === undefined && c.req.header("if-match") === undefined) invalid("version", "required");
    const change = changeOf(core, user, body);
    const changed = await changeUser(core, user, change, precondition(c, body.version));
    c.header("ETag", entityTag(changed));
    return c.json(shape.showUser(changed, view), 200);
  });

  roster.serve(remove, async (c) => {
    const { core } = c.var;
    mustBeAdmin(core);
    const user = await findUserExactly(core, c.req.param("user_name"));
    const body = await optionalBody(c, shape.deleteBody);
    await removeUser(core, user, precondition(c, body?.version));
    return c.json({ message: "Successfully Deleted" as const, success: true as const }, 200);
  });
}

/** A user whom the caller may look at: himself, as he has just been identified, or anybody for an ADMIN. */
async function shown(core: Core, name: string): Promise<User> {
  const { user } = mustBeSelfOrAdmin(core, name);
  return user.name === name ? user : findUserExactly(core, name);
}

/** The same as he is stored at this moment, to be changed. */
async function reachable(core: Core, name: string): Promise<User> {
  mustBeSelfOrAdmin(core, name);
  return findUserExactly(core, name);
}

/** What the client says he saw, by version or by `If-Match`, whose weak tags never match (contract, section 6). */
function precondition(c: Context, version: number | undefined): Precondition {
  const header = c.req.header("if-match");
  if (header === undefined) return { version };
  const tags = entityTags(header) ?? decline({ kind: "bad_header", header: "If-Match" });
  return { version, tags: tags === "*" ? tags : tags.filter(({ weak }) => !weak).map(({ tag }) => tag) };
}
