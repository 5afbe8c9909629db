import * as z from "zod";
import { newName, text } from "../../../core/access-names.ts";
import { mayLookAt, personFor } from "../../../core/access-people.ts";
import { activatePerson, addPerson, mustBeNewTo, removePerson, resetPassword } from "../../../core/access-users.ts";
import { isAdmin, mustBeUser } from "../../../core/actor.ts";
import type { Core } from "../../../core/context.ts";
import { type Holder, holders, holdingsOf, openCredentials } from "../../../core/holdings.ts";
import { mustMeetPolicy, type PasswordOwner } from "../../../core/passwords.ts";
import type { Dialect } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json, objectBody, takes, wishes } from "../../shape.ts";
import { jsonList } from "../../streamed.ts";
import { authenticated } from "./callers.ts";
import { leftShape, showLeft, showUser, userShape } from "./holdings-shapes.ts";
import { pageOf } from "./pages.ts";
import { messageShape, refusals } from "./shapes.ts";

const named = z.object({ username: z.string() });
/** A member as it comes; what it has to be is checked in the order of the contract. */
const member = z.unknown().optional();
const newUserBody = z.object({ username: member, password: member }).meta({
  example: { username: "mira", password: "s3cret" },
});
const nameBody = z.object({ username: member }).meta({ example: { username: "mira" } });
const passwordBody = z.object({ password: member }).meta({ example: { password: "new s3cret" } });

const list = createRoute({
  method: "get",
  path: "/users",
  summary: "All users for an administrator, for anybody else himself",
  ...authenticated(),
  request: { query: wishes("page", "perPage") },
  responses: { 200: json(z.union([z.array(userShape), userShape]), "The users"), ...refusals(400, 403) },
});

const add = createRoute({
  method: "post",
  path: "/users",
  summary: "Make a user with login on every controller",
  ...authenticated(),
  request: takes(newUserBody),
  responses: { 200: json(messageShape, "The user was made"), ...refusals(400, 403, 409) },
});

const activate = createRoute({
  method: "put",
  path: "/users",
  summary: "Set an inactive user active",
  ...authenticated(),
  request: takes(nameBody),
  responses: { 200: json(messageShape, "The user is active"), ...refusals(400, 403, 404) },
});

const get = createRoute({
  method: "get",
  path: "/users/{username}",
  summary: "A user with his keys, credentials and access",
  ...authenticated(),
  request: { params: named },
  responses: { 200: json(userShape, "The user"), ...refusals(400, 403, 404) },
});

const password = createRoute({
  method: "put",
  path: "/users/{username}",
  summary: "Change the password of a user",
  ...authenticated(),
  request: { params: named, ...takes(passwordBody) },
  responses: { 200: json(messageShape, "The password was changed"), ...refusals(400, 403, 404) },
});

const remove = createRoute({
  method: "delete",
  path: "/users/{username}",
  summary: "Delete a user",
  ...authenticated(),
  request: { params: named },
  responses: { 200: json(z.array(leftShape), "The users that are left"), ...refusals(400, 403, 404) },
});

/** Users (contract, section 6). */
export function users(access: Dialect): void {
  access.serve(list, async (c) => {
    const { core } = c.var;
    const { user } = mustBeUser(core);
    if (!isAdmin(core.actor)) return c.json(await shownBy(core)(await holdingsOf(core, { id: user.id })), 200);
    return jsonList(c, await holders(core, "all", pageOf(c)), shownBy(core));
  });

  access.serve(add, async (c) => {
    const { core } = c.var;
    const body = await objectBody(c, newUserBody);
    const name = newName(body.username, "username");
    await mustBeNewTo(core, name);
    const user = await addPerson(core, name, newPassword(core, body.password, { name }));
    return c.json(`User ${user.name} succesfully created.`, 200);
  });

  access.serve(activate, async (c) => {
    const { username } = await objectBody(c, nameBody);
    const user = await activatePerson(c.var.core, text(username, "username"));
    return c.json(`User ${user.name} succesfully activated`, 200);
  });

  access.serve(get, async (c) => {
    const { core } = c.var;
    const name = c.req.param("username");
    mayLookAt(core, name);
    return c.json(await shownBy(core)(await holdingsOf(core, { name })), 200);
  });

  access.serve(password, async (c) => {
    const { core } = c.var;
    const user = await personFor(core, c.req.param("username"));
    const body = await objectBody(c, passwordBody);
    await resetPassword(core, user, newPassword(core, body.password, user));
    return c.json(`succesfully changed password for user ${user.name}`, 200);
  });

  access.serve(remove, async (c) => {
    const { core } = c.var;
    await removePerson(core, c.req.param("username"));
    return jsonList(c, await holders(core, "grants"), showLeft);
  });
}

const shownBy = (core: Core) => async (user: Holder) => showUser(user, await openCredentials(core, user));

/** The password rule (contract, section 4). Refuses `invalid`. */
function newPassword(core: Core, value: unknown, owner: PasswordOwner): string {
  const secret = text(value, "password");
  mustMeetPolicy(core, secret, owner);
  return secret;
}
