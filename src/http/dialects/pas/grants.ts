import * as z from "zod";
import { publicUrl } from "../../../core/context.ts";
import { changeRoles, type Deed } from "../../../core/grants.ts";
import type { Dialect } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json, takes } from "../../shape.ts";
import { bodyOf } from "./bodies.ts";
import { anybody, mustAdminister } from "./callers.ts";
import { userHref } from "./items.ts";
import { groupAt, groupWithMembersAt } from "./objects.ts";
import * as shape from "./shapes.ts";

const named = { params: z.object({ groupname: z.string() }) };

const changing = (deed: Deed, summary: string) =>
  createRoute({
    method: "post",
    path: `/auth/group/{groupname}/+${deed}`,
    summary,
    ...anybody(),
    request: { ...named, ...takes(shape.mappingBody) },
    responses: { 200: json(shape.doneShape, "It is done"), ...shape.refusals(403, 404, 422) },
  });

const members = createRoute({
  method: "get",
  path: "/auth/group/{groupname}/+members",
  summary: "The active members of a group and their roles",
  ...anybody(),
  request: named,
  responses: { 200: json(shape.membersShape, "The members"), ...shape.refusals(403, 404) },
});

export function grants(pas: Dialect): void {
  for (const [deed, summary] of [
    ["grant", "Give roles in a group"],
    ["revoke", "Take roles in a group"],
  ] as const) {
    pas.serve(changing(deed, summary), async (c) => {
      const group = await groupAt(c);
      mustAdminister(c);
      const { mapping } = await bodyOf(c, shape.mappingBody);
      await changeRoles(c.var.core, group, { deed, mapping });
      return c.json(shape.done, 200);
    });
  }

  pas.serve(members, async (c) => {
    const { core } = c.var;
    const { members: active } = await groupWithMembersAt(c);
    mustAdminister(c);
    const users = active.map(({ user: { name }, roles }) => ({
      username: name,
      userid: name,
      roles,
      links: [{ rel: "self", type: "GET", href: userHref(publicUrl(core), name) }],
    }));
    return c.json({ users }, 200);
  });
}
