import type { Context } from "hono";
import * as z from "zod";
import { REPORTS } from "../../../core/fleet/leases.ts";
import { findFleetTask, fleetTasksOnPage, report } from "../../../core/fleet/tasks.ts";
import { mustHold } from "../../../core/permissions.ts";
import type { Dialect } from "../../dialect.ts";
import { badQuery, soleValue } from "../../query.ts";
import { createRoute } from "../../route.ts";
import { json, objectBody, takes } from "../../shape.ts";
import { authenticated } from "./callers.ts";
import * as field from "./fields.ts";
import * as shape from "./fleet-shapes.ts";
import { identified, idIn } from "./ids.ts";
import { onlyQuery, pageOf } from "./lists.ts";
import { refusals } from "./shapes.ts";

const list = createRoute({
  method: "get",
  path: "/task",
  summary: "List tasks, newest first",
  ...authenticated(),
  request: { query: z.object({ job_id: shape.filter, page: shape.filter }) },
  responses: { 200: json(shape.tasksShape, "A page of tasks"), ...refusals(400, 403) },
});

const get = createRoute({
  method: "get",
  path: "/task/{id}",
  summary: "Show a task",
  ...authenticated(),
  request: { params: identified },
  responses: { 200: json(shape.taskShape, "The task"), ...refusals(400, 403, 404) },
});

const status = createRoute({
  method: "post",
  path: "/task/{id}/status",
  summary: "Report on a task",
  ...authenticated(),
  request: { params: identified, ...takes(shape.reportBody) },
  responses: { 200: json(shape.taskShape, "The task as it is now"), ...refusals(400, 403, 404, 409) },
});

export function fleetTasks(management: Dialect): void {
  management.serve(list, async (c) => {
    const { core } = c.var;
    await mustHold(core, "herqles.task.get");
    onlyQuery(c, ["job_id", "page"]);
    const page = pageOf(c);
    const tasks = await fleetTasksOnPage(core, jobIdOf(c), page);
    return c.json({ tasks: tasks.map(shape.showTask) }, 200);
  });

  management.serve(get, async (c) => {
    const { core } = c.var;
    await mustHold(core, "herqles.task.get");
    return c.json(shape.showTask(await findFleetTask(core, idIn(c, "fleet_task"))), 200);
  });

  management.serve(status, async (c) => {
    const { core } = c.var;
    await mustHold(core, "herqles.task.report");
    const body = await objectBody(c, shape.reportBody);
    const workerId = field.integer(body.worker, "worker", Number.MAX_SAFE_INTEGER);
    const wanted = field.oneOf(body.status, "status", REPORTS);
    const message = field.optional(body.message, field.message);
    const task = await report(core, idIn(c, "fleet_task"), { workerId, status: wanted, message });
    return c.json(shape.showTask(task), 200);
  });
}

/** The job whose tasks are asked for; 0 is none. */
function jobIdOf(c: Context): number | undefined {
  const value = soleValue(c, "job_id");
  if (value !== undefined && !/^[0-9]{1,15}$/.test(value)) badQuery("job_id");
  return value === undefined ? undefined : Number(value);
}
