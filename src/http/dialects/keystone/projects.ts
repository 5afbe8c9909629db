import { publicUrl } from "../../../core/context.ts";
import { ownProjects } from "../../../core/projects.ts";
import type { Dialect } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json } from "../../shape.ts";
import { authenticated } from "./callers.ts";
import * as shape from "./shapes.ts";

const list = createRoute({
  method: "get",
  path: "/v3/auth/projects",
  summary: "The projects that the caller is a member of",
  ...authenticated(),
  responses: { 200: json(shape.projectsShape, "In the order of joining"), ...shape.refusals(401) },
});

export function projects(keystone: Dialect): void {
  keystone.serve(list, async (c) => {
    const { core } = c.var;
    const own = await ownProjects(core);
    const links = { self: `${publicUrl(core)}/v3/auth/projects`, previous: null, next: null };
    return c.json({ projects: own.map(shape.showProject), links }, 200);
  });
}
