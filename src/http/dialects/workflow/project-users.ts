import type { Context } from "hono";
import * as z from "zod";
import { managedRoles } from "../../../core/managed-roles.ts";
import { findMember, peopleOf, withdrawInvitation } from "../../../core/members.ts";
import { projectInView } from "../../../core/project-views.ts";
import type { Dialect, Served } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json, queryValue } from "../../shape.ts";
import { anybody } from "./callers.ts";
import * as shape from "./project-shapes.ts";
import { refusals } from "./shapes.ts";

const identified = z.object({ user_id: z.string() });
const project = z.object({ project_id: z.string().optional() });

const list = createRoute({
  method: "get",
  path: "/v1/openstack/users",
  summary: "List the members of a project and who is invited",
  ...anybody(),
  request: { query: project },
  responses: { 200: json(shape.peopleShape, "Members, then invitations"), ...refusals(400, 401, 403, 404) },
});

const show = createRoute({
  method: "get",
  path: "/v1/openstack/users/{user_id}",
  summary: "Show a member of a project",
  ...anybody(),
  request: { params: identified, query: project },
  responses: { 200: json(shape.memberShape, "The member"), ...refusals(400, 401, 403, 404) },
});

const withdraw = createRoute({
  method: "delete",
  path: "/v1/openstack/users/{user_id}",
  summary: "Cancel an invitation",
  ...anybody(),
  request: { params: identified, query: project },
  responses: {
    200: json(z.string(), "It is cancelled"),
    ...refusals(400, 401, 403, 409, 501),
    404: json(z.string(), "Neither an invitation nor a user"),
  },
});

const rolesHeld = createRoute({
  method: "get",
  path: "/v1/openstack/users/{user_id}/roles",
  summary: "Show the roles of a member",
  ...anybody(),
  request: { params: identified, query: project },
  responses: { 200: json(shape.rolesHeldShape, "The roles"), ...refusals(400, 401, 403, 404) },
});

const roles = createRoute({
  method: "get",
  path: "/v1/openstack/roles",
  summary: "List the roles that the caller manages",
  ...anybody(),
  request: { query: project },
  responses: { 200: json(shape.rolesShape, "The roles"), ...refusals(400, 401, 403, 404) },
});

/** The project that a call is about. */
const projectNamed = (c: Context<Served>) => queryValue(c, "project_id");

/** The people of a project (contract, section 8). */
export function projectUsers(workflow: Dialect): void {
  workflow.serve(list, async (c) => {
    const { members, invitations } = await peopleOf(c.var.core, projectNamed(c));
    return c.json({ users: [...members.map(shape.showMember), ...invitations.map(shape.showInvitation)] }, 200);
  });

  workflow.serve(show, async (c) => {
    const { user, roles: held } = await findMember(c.var.core, projectNamed(c), c.req.param("user_id"));
    const { id, name: username, email } = user;
    return c.json({ id, username, email: email ?? "", roles: held, inherited_roles: [] }, 200);
  });

  workflow.serve(withdraw, async (c) => {
    switch (await withdrawInvitation(c.var.core, projectNamed(c), c.req.param("user_id"))) {
      case "cancelled":
        return c.json("Cancelled pending invite task!", 200);
      case "user":
        return c.json({ errors: ["Revoking keystone users not implemented. Try removing all roles instead."] }, 501);
      case "nobody":
        return c.json("Not found.", 404);
    }
  });

  workflow.serve(rolesHeld, async (c) => {
    const { roles: held } = await findMember(c.var.core, projectNamed(c), c.req.param("user_id"));
    return c.json({ roles: held, inherited_roles: [] }, 200);
  });

  workflow.serve(roles, async (c) => {
    const [{ identity }] = await projectInView(c.var.core, projectNamed(c), () => []);
    return c.json({ roles: managedRoles(c.var.core.settings, identity.roles).map(shape.showRole) }, 200);
  });
}
