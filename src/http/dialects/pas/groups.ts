import * as z from "zod";
import { publicUrl } from "../../../core/context.ts";
import { changeGroup, createGroup, removeGroup } from "../../../core/groups.ts";
import { invalid } from "../../../core/refusal.ts";
import { isGroupName, read } from "../../../core/values.ts";
import type { Dialect } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json, takes, wishes } from "../../shape.ts";
import { anyObject, bodyOf } from "./bodies.ts";
import { anybody, mustAdminister } from "./callers.ts";
import { mustBeChangeable } from "./changes.ts";
import { groupItem } from "./items.ts";
import { groupAt, groupWithMembersAt } from "./objects.ts";
import { itemOrSelection } from "./searching.ts";
import * as shape from "./shapes.ts";

const named = { params: z.object({ groupname: z.string() }) };

const create = createRoute({
  method: "post",
  path: "/auth/group",
  summary: "Make a group",
  ...anybody(),
  request: takes(shape.groupBody),
  responses: { 200: json(shape.itemShape, "The group"), ...shape.refusals(403, 422) },
});

const get = createRoute({
  method: "get",
  path: "/auth/group/{groupname}",
  summary: "Show a group",
  ...anybody(),
  request: { ...named, query: wishes("select") },
  responses: { 200: json(shape.itemOrSelectionShape, "The group"), ...shape.refusals(403, 404, 422) },
});

const patch = createRoute({
  method: "patch",
  path: "/auth/group/{groupname}",
  summary: "Rename a group, or change its parent",
  ...anybody(),
  request: { ...named, ...takes(shape.groupPatch) },
  responses: { 200: json(shape.doneShape, "It is changed"), ...shape.refusals(403, 404, 422) },
});

const remove = createRoute({
  method: "delete",
  path: "/auth/group/{groupname}",
  summary: "Delete a group",
  ...anybody(),
  request: named,
  responses: { 200: json(shape.doneShape, "It is deleted"), ...shape.refusals(403, 404, 422) },
});

export function groups(pas: Dialect): void {
  pas.serve(create, async (c) => {
    const { core } = c.var;
    mustAdminister(c);
    const { groupname: name, parent = null } = await bodyOf(c, shape.groupBody);
    mustBeGroupName(name);
    return c.json(groupItem(await createGroup(core, { name, parent }), [], publicUrl(core)), 200);
  });

  pas.serve(get, async (c) => {
    const { core } = c.var;
    const { group, members } = await groupWithMembersAt(c);
    mustAdminister(c);
    const names = members.map(({ user }) => user.name);
    return c.json(itemOrSelection(c, groupItem(group, names, publicUrl(core))), 200);
  });

  pas.serve(patch, async (c) => {
    const group = await groupAt(c);
    mustAdminister(c);
    const body = await bodyOf(c, anyObject);
    const { groupname: name, parent } = read(shape.groupPatch, body);
    mustBeChangeable(body);
    if (name !== undefined) mustBeGroupName(name);
    const change = { ...(name !== undefined && { name }), ...(parent !== undefined && { parent }) };
    await changeGroup(c.var.core, group, change);
    return c.json(shape.done, 200);
  });

  pas.serve(remove, async (c) => {
    const group = await groupAt(c);
    mustAdminister(c);
    await removeGroup(c.var.core, group);
    return c.json(shape.done, 200);
  });
}

function mustBeGroupName(name: string): void {
  if (!isGroupName(name)) invalid("groupname", "format", name);
}
