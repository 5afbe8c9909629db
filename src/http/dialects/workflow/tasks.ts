import { createRoute } from "@hono/zod-openapi";
import { isAdmin } from "../../../core/actor.ts";
import { invalid } from "../../../core/refusal.ts";
import { listTasks } from "../../../core/tasks/listing.ts";
import { taskForAdmin, taskForFollower } from "../../../core/tasks/reach.ts";
import { approveTask, cancelTask } from "../../../core/tasks/requests.ts";
import { read } from "../../../core/values.ts";
import type { Dialect } from "../../dialect.ts";
import { json, queryValue, takes, z } from "../../shape.ts";
import { anybody } from "./callers.ts";
import { looselyOf, pageWish } from "./input.ts";
import * as shape from "./shapes.ts";

const identified = z.object({ task_id: z.string() });

const approval = z.object({ approved: z.literal(true) });
const cancellation = z.object({ reason: z.string().trim().min(1).max(1000).optional() });

const list = createRoute({
  method: "get",
  path: "/v1/tasks",
  summary: "List tasks",
  ...anybody(),
  responses: { 200: json(shape.tasksShape, "The tasks, newest first"), ...shape.refusals(400, 401, 403) },
});

const show = createRoute({
  method: "get",
  path: "/v1/tasks/{task_id}",
  summary: "Show a task",
  ...anybody(),
  request: { params: identified },
  responses: { 200: json(shape.taskShape, "The task"), ...shape.refusals(401, 403, 404) },
});

const approve = createRoute({
  method: "post",
  path: "/v1/tasks/{task_id}",
  summary: "Approve a task",
  ...anybody(),
  request: { params: identified, ...takes(approval) },
  responses: { 200: json(shape.notesShape, "What came of it"), ...shape.refusals(400, 401, 403, 404, 409) },
});

const cancel = createRoute({
  method: "delete",
  path: "/v1/tasks/{task_id}",
  summary: "Cancel a task",
  ...anybody(),
  request: { params: identified, ...takes(cancellation, false) },
  responses: { 200: json(shape.notesShape, "It is cancelled"), ...shape.refusals(400, 401, 403, 404, 409) },
});

export function tasks(workflow: Dialect): void {
  workflow.serve(list, async (c) => {
    const { core } = c.var;
    const { items, paging } = await listTasks(core, queryValue(c, "filters"), pageWish(c, "tasks_per_page"));
    const now = core.now();
    return c.json({ tasks: items.map((task) => shape.showTask(task, now, true)), ...shape.showPaging(paging) }, 200);
  });

  workflow.serve(show, async (c) => {
    const { core } = c.var;
    const { task } = await taskForFollower(core, c.req.param("task_id"));
    return c.json(shape.showTask(task, core.now(), isAdmin(core.actor)), 200);
  });

  workflow.serve(approve, async (c) => {
    const reached = await taskForAdmin(c.var.core, c.req.param("task_id"));
    const body = await looselyOf(c);
    if (body["approved"] !== true) invalid("approved", "required");
    const { completedAt } = await approveTask(c.var.core, reached);
    return c.json({ notes: [completedAt === null ? "Created Token." : "Task completed successfully."] }, 200);
  });

  workflow.serve(cancel, async (c) => {
    const reached = await taskForFollower(c.var.core, c.req.param("task_id"));
    const { reason } = read(cancellation, await looselyOf(c));
    await cancelTask(c.var.core, reached, reason);
    return c.json({ notes: ["Task cancelled successfully."] }, 200);
  });
}
