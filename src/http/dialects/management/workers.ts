import * as z from "zod";
import { leaseTo } from "../../../core/fleet/tasks.ts";
import { registerWorker, removeWorker, workersLike } from "../../../core/fleet/workers.ts";
import { mustHold } from "../../../core/permissions.ts";
import type { Dialect } from "../../dialect.ts";
import { soleValue } from "../../query.ts";
import { createRoute } from "../../route.ts";
import { json, objectBody, takes } from "../../shape.ts";
import { authenticated } from "./callers.ts";
import * as field from "./fields.ts";
import * as shape from "./fleet-shapes.ts";
import { identified, idIn } from "./ids.ts";
import { onlyQuery } from "./lists.ts";
import { refusals } from "./shapes.ts";

const FILTERS = ["framework", "target", "datacenter"] as const;
const TAGS_BYTES_MAX = 4096;
const LEASED_MAX = 10;

const list = createRoute({
  method: "get",
  path: "/worker",
  summary: "List workers",
  ...authenticated(),
  request: { query: z.object({ framework: shape.filter, target: shape.filter, datacenter: shape.filter }) },
  responses: { 200: json(shape.workersShape, "The workers"), ...refusals(400, 403) },
});

const register = createRoute({
  method: "post",
  path: "/worker",
  summary: "Register a worker, or refresh its registration",
  ...authenticated(),
  request: takes(shape.workerBody),
  responses: { 200: json(shape.registeredShape, "Its id"), ...refusals(400, 403) },
});

const remove = createRoute({
  method: "delete",
  path: "/worker/{id}",
  summary: "Delete a worker",
  ...authenticated(),
  request: { params: identified },
  responses: { 200: json(shape.workerDeletedShape, "What was deleted"), ...refusals(400, 403, 404) },
});

const lease = createRoute({
  method: "post",
  path: "/worker/{id}/lease",
  summary: "Lease tasks to a worker",
  ...authenticated(),
  request: { params: identified, ...takes(shape.leaseBody) },
  responses: { 200: json(shape.tasksShape, "What it is to do"), ...refusals(400, 403, 404) },
});

export function workers(management: Dialect): void {
  management.serve(list, async (c) => {
    const { core } = c.var;
    await mustHold(core, "herqles.worker.get");
    onlyQuery(c, FILTERS);
    const filter = Object.fromEntries(FILTERS.map((name) => [name, soleValue(c, name)]));
    return c.json({ workers: (await workersLike(core, filter)).map(shape.showWorker) }, 200);
  });

  management.serve(register, async (c) => {
    const { core } = c.var;
    await mustHold(core, "herqles.worker.register");
    const body = await objectBody(c, shape.workerBody);
    const target = field.plain(body.target, "target");
    const framework = field.plain(body.framework, "framework");
    const datacenter = field.plain(body.datacenter, "datacenter");
    const tags = field.optional(body.tags, (given) => field.smallObject(given, "tags", TAGS_BYTES_MAX)) ?? {};
    return c.json({ id: await registerWorker(core, { target, framework, datacenter, tags }) }, 200);
  });

  management.serve(remove, async (c) => {
    await mustHold(c.var.core, "herqles.worker.delete");
    const id = idIn(c, "worker");
    await removeWorker(c.var.core, id);
    return c.json({ [id]: "deleted" as const }, 200);
  });

  management.serve(lease, async (c) => {
    const { core } = c.var;
    await mustHold(core, "herqles.task.report");
    const body = await objectBody(c, shape.leaseBody);
    const max = field.integer(body.max, "max", LEASED_MAX);
    const tasks = await leaseTo(core, idIn(c, "worker"), max);
    return c.json({ tasks: tasks.map(shape.showTask) }, 200);
  });
}
