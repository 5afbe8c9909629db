import * as z from "zod";
import { statusOf } from "../../../core/tasks/listing.ts";
import type { Task } from "../../../core/tasks/task.ts";
import type { Dialect } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json } from "../../shape.ts";
import { anybody } from "./callers.ts";
import * as shape from "./shapes.ts";

const versionShape = z.object({
  version: z.object({
    status: z.literal("CURRENT"),
    id: z.literal("1.0"),
    "media-types": z.array(z.object({ base: z.string(), type: z.string() })),
    links: z.array(z.object({ href: z.string(), rel: z.literal("self") })),
  }),
});

const MEDIA = { base: "application/json", type: "application/vnd.openstack.adjutant-v1+json" };

const version = createRoute({
  method: "get",
  path: "/v1",
  summary: "Which version this is",
  ...anybody(),
  responses: { 200: json(versionShape, "The version"), ...shape.refusals() },
});

const status = createRoute({
  method: "get",
  path: "/v1/status",
  summary: "What failed, and the latest tasks",
  ...anybody(),
  responses: { 200: json(shape.statusShape, "The status"), ...shape.refusals(401, 403) },
});

export function statuses(workflow: Dialect): void {
  workflow.serve(version, async (c) => {
    const links = [{ href: c.req.url, rel: "self" as const }];
    const [status, id] = ["CURRENT" as const, "1.0" as const];
    return c.json({ version: { status, id, "media-types": [MEDIA], links } }, 200);
  });

  workflow.serve(status, async (c) => {
    const { core } = c.var;
    const { errors, created, completed } = await statusOf(core);
    const show = (task: Task | null) => task && shape.showTask(task, core.now(), false);
    return c.json(
      {
        error_notifications: errors.map(shape.showNotification),
        last_created_task: show(created),
        last_completed_task: show(completed),
      },
      200,
    );
  });
}
