import * as z from "zod";
import {
  addUser,
  deleteAccount,
  grantTo,
  issueToken,
  revokeFrom,
  userToSetPasswordOf,
  userWithPermissions,
} from "../../../core/accounts.ts";
import { mustMeetPolicy } from "../../../core/passwords.ts";
import { mustHold } from "../../../core/permissions.ts";
import { invalid } from "../../../core/refusal.ts";
import { changePassword } from "../../../core/users.ts";
import { open } from "../../auth/scheme.ts";
import type { Dialect } from "../../dialect.ts";
import { lastSegment } from "../../path.ts";
import { createRoute } from "../../route.ts";
import { json, objectBody, takes } from "../../shape.ts";
import { authenticated } from "./callers.ts";
import * as field from "./fields.ts";
import * as shape from "./shapes.ts";

const named = z.object({ username: z.string() });

const token = createRoute({
  method: "put",
  path: "/user/token",
  summary: "Request an API token",
  ...open(),
  request: takes(shape.tokenBody),
  responses: { 200: json(shape.tokenShape, "The token"), ...shape.refusals(400, 401, 404, 429) },
});

const add = createRoute({
  method: "post",
  path: "/user/add",
  summary: "Add a new user",
  ...authenticated(),
  request: takes(shape.userBody),
  responses: { 200: json(shape.addedShape, "Whether it was made"), ...shape.refusals(400, 403) },
});

const password = createRoute({
  method: "put",
  path: "/user/password",
  summary: "Set a user's password",
  ...authenticated(),
  request: takes(shape.userBody),
  responses: { 200: json(shape.namedShape, "Whose it was"), ...shape.refusals(400, 403, 404) },
});

const grant = createRoute({
  method: "put",
  path: "/user/permission",
  summary: "Grant a permission",
  ...authenticated(),
  request: takes(shape.permissionBody),
  responses: { 200: json(shape.permissionShape, "What was granted"), ...shape.refusals(400, 403, 404, 409) },
});

const revoke = createRoute({
  method: "delete",
  path: "/user/permission",
  summary: "Take a permission away",
  ...authenticated(),
  request: takes(shape.permissionBody),
  responses: { 200: json(shape.permissionShape, "What was taken"), ...shape.refusals(400, 403, 404, 409) },
});

const get = createRoute({
  method: "get",
  path: "/user/{username}",
  summary: "Show a user and his permissions",
  ...authenticated(),
  request: { params: named },
  responses: { 200: json(shape.userShape, "The user"), ...shape.refusals(400, 403, 404) },
});

const remove = createRoute({
  method: "delete",
  path: "/user/{username}",
  summary: "Delete a user",
  ...authenticated(),
  request: { params: named },
  responses: { 200: json(shape.deletedShape, "What was deleted"), ...shape.refusals(400, 403) },
});

export function users(management: Dialect): void {
  management.serve(token, async (c) => {
    const { username: name, password: secret, project } = await objectBody(c, shape.tokenBody);
    const missing = () => invalid("credentials", "format");
    if (typeof name !== "string" || typeof secret !== "string" || name === "" || secret === "") return missing();
    const scope = project === undefined || project === null ? undefined : field.project(project);
    const { token: issued, session } = await issueToken(c.var.core, name, secret, scope);
    return c.json({ token: issued, expire_at: session.expiresAt }, 200);
  });

  management.serve(add, async (c) => {
    const { core } = c.var;
    await mustHold(core, "herqles.user.add");
    const body = await objectBody(c, shape.userBody);
    const name = field.newUsername(body.username);
    const secret = field.password(body.password, "Password");
    mustMeetPolicy(core, secret, { name });
    const made = await addUser(core, name, secret);
    return c.json({ [name]: true, identity: made, assignment: made }, 200);
  });

  management.serve(password, async (c) => {
    const { core } = c.var;
    const body = await objectBody(c, shape.userBody);
    const name = field.username(body.username);
    const secret = field.password(body.password);
    const user = await userToSetPasswordOf(core, name);
    mustMeetPolicy(core, secret, user);
    await changePassword(core, user, secret);
    return c.json({ username: user.name }, 200);
  });

  management.serve(grant, async (c) => {
    await mustHold(c.var.core, "herqles.user.permission.add");
    const body = await objectBody(c, shape.permissionBody);
    const [name, permission] = [field.username(body.username), field.permission(body.permission)];
    const user = await grantTo(c.var.core, name, permission);
    return c.json({ username: user.name, permission }, 200);
  });

  management.serve(revoke, async (c) => {
    await mustHold(c.var.core, "herqles.user.permission.delete");
    const body = await objectBody(c, shape.permissionBody);
    const [name, permission] = [field.username(body.username), field.permission(body.permission)];
    const user = await revokeFrom(c.var.core, name, permission);
    return c.json({ username: user.name, permission }, 200);
  });

  management.serve(get, async (c) => {
    const { user, permissions } = await userWithPermissions(c.var.core, c.req.param("username"));
    return c.json({ username: user.name, permissions }, 200);
  });

  management.serve(remove, async (c) => {
    const gone = await deleteAccount(c.var.core, c.req.param("username"));
    const username = gone?.name ?? lastSegment(c.req.url);
    return c.json({ username, identity: gone !== undefined, assignment: gone !== undefined }, 200);
  });
}
