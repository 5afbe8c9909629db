import * as z from "zod";
import { prose } from "../../../core/actions/fields.ts";
import { isAdmin } from "../../../core/actor.ts";
import { invalid, refuse } from "../../../core/refusal.ts";
import { historyOf } from "../../../core/tasks/history.ts";
import { against } from "../../../core/tasks/lifecycle.ts";
import { listTasks, tasksToDecide } from "../../../core/tasks/listing.ts";
import { mustBeApprover, taskForFollower, taskForModerator, taskToDecide } from "../../../core/tasks/reach.ts";
import { approveTask, cancelTask, denyTask, updateTask } from "../../../core/tasks/requests.ts";
import { read } from "../../../core/values.ts";
import type { Dialect } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json, queryValue, takes, wishes } from "../../shape.ts";
import { anybody } from "./callers.ts";
import { formOf, looselyOf, pageWish } from "./input.ts";
import * as shape from "./shapes.ts";

const identified = z.object({ task_id: z.string() });

const reason = prose(1000);
const decision = z
  .object({ approved: z.boolean(), reason: reason.optional() })
  .meta({ example: { approved: true, reason: "as agreed on Monday" } });
const reasoned = z.object({ reason });
const cancellation = z.object({ reason: reason.optional() }).meta({ example: { reason: "asked for twice" } });
const taskData = z
  .record(z.string(), z.unknown())
  .meta({ example: { email: "ines@example.org", project_name: "kelp", setup_network: false } });

const list = createRoute({
  method: "get",
  path: "/v1/tasks",
  summary: "List tasks",
  ...anybody(),
  request: { query: wishes("filters", "page", "tasks_per_page") },
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
  summary: "Approve a task, or deny it with a reason",
  ...anybody(),
  request: { params: identified, ...takes(decision) },
  responses: { 200: json(shape.notesShape, "What came of it"), ...shape.refusals(400, 401, 403, 404, 409) },
});

const update = createRoute({
  method: "put",
  path: "/v1/tasks/{task_id}",
  summary: "Replace the data of a waiting task",
  ...anybody(),
  request: { params: identified, ...takes(taskData) },
  responses: { 200: json(shape.notesShape, "It is updated"), ...shape.refusals(400, 401, 403, 404, 409) },
});

const history = createRoute({
  method: "get",
  path: "/v1/tasks/{task_id}/history",
  summary: "Show what has happened to a task",
  ...anybody(),
  request: { params: identified },
  responses: { 200: json(shape.historyShape, "Oldest first"), ...shape.refusals(401, 403, 404) },
});

const cancel = createRoute({
  method: "delete",
  path: "/v1/tasks/{task_id}",
  summary: "Cancel a task",
  ...anybody(),
  request: { params: identified, ...takes(cancellation, false) },
  responses: { 200: json(shape.notesShape, "It is cancelled"), ...shape.refusals(400, 401, 403, 404, 409) },
});

const approvals = createRoute({
  method: "get",
  path: "/v1/approvals",
  summary: "List the tasks that the caller can vote on right now",
  ...anybody(),
  responses: { 200: json(z.object({ tasks: z.array(shape.taskShape) }), "Oldest first"), ...shape.refusals(401) },
});

export function tasks(workflow: Dialect): void {
  workflow.serve(approvals, async (c) => {
    const { core } = c.var;
    const now = core.now();
    const waiting = await tasksToDecide(core);
    return c.json({ tasks: waiting.map((task) => shape.showTask(task, now, isAdmin(core.actor))) }, 200);
  });

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
    const { core } = c.var;
    const reached = await taskToDecide(core, c.req.param("task_id"));
    const body = await looselyOf(c);
    const isDenial = body["approved"] === false && body["reason"] !== undefined;
    if (body["approved"] !== false) mustBeApprover(reached);
    if (body["approved"] !== true && !isDenial) invalid("approved", "required");
    if (isDenial) {
      await denyTask(core, reached, read(reasoned, body).reason);
      return c.json({ notes: ["Task denied."] }, 200);
    }
    const task = await approveTask(core, reached, read(cancellation, body).reason);
    return c.json({ notes: [shape.sayApproved(task)] }, 200);
  });

  workflow.serve(update, async (c) => {
    const { core } = c.var;
    const reached = await taskForModerator(core, c.req.param("task_id"));
    const refusal = against("update", reached.task, core.now());
    if (refusal) refuse(refusal);
    await updateTask(core, reached, await formOf(c));
    return c.json({ notes: ["Task successfully updated."] }, 200);
  });

  workflow.serve(history, async (c) => {
    const events = await historyOf(c.var.core, c.req.param("task_id"));
    return c.json({ history: events.map(shape.showEvent) }, 200);
  });

  workflow.serve(cancel, async (c) => {
    const reached = await taskForFollower(c.var.core, c.req.param("task_id"), "change");
    const refusal = against("cancel", reached.task, c.var.core.now());
    if (refusal) refuse(refusal);
    const { reason } = read(cancellation, await formOf(c));
    await cancelTask(c.var.core, reached, reason);
    return c.json({ notes: ["Task cancelled successfully."] }, 200);
  });
}
