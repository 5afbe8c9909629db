import * as z from "zod";
import { createJob, findJob, JOB_STATUSES, jobsOnPage } from "../../../core/fleet/jobs.ts";
import { mustHold } from "../../../core/permissions.ts";
import type { Dialect } from "../../dialect.ts";
import { soleChoice } from "../../query.ts";
import { createRoute } from "../../route.ts";
import { json, objectBody, takes } from "../../shape.ts";
import { authenticated } from "./callers.ts";
import * as shape from "./fleet-shapes.ts";
import { identified, idIn } from "./ids.ts";
import { orderIn } from "./job-orders.ts";
import { onlyQuery, pageOf } from "./lists.ts";
import { refusals } from "./shapes.ts";

const list = createRoute({
  method: "get",
  path: "/job",
  summary: "List jobs, newest first",
  ...authenticated(),
  request: { query: z.object({ status: shape.filter, page: shape.filter }) },
  responses: { 200: json(shape.jobsShape, "A page of jobs"), ...refusals(400, 403) },
});

const create = createRoute({
  method: "post",
  path: "/job",
  summary: "Order the same tasks for each of several targets",
  ...authenticated(),
  request: takes(shape.jobBody),
  responses: { 200: json(shape.orderedShape, "The job's id"), ...refusals(400, 403) },
});

const get = createRoute({
  method: "get",
  path: "/job/{id}",
  summary: "Show a job and the status of its tasks",
  ...authenticated(),
  request: { params: identified },
  responses: { 200: json(shape.jobShape, "The job"), ...refusals(400, 403, 404) },
});

export function jobs(management: Dialect): void {
  management.serve(list, async (c) => {
    const { core } = c.var;
    await mustHold(core, "herqles.job.get");
    onlyQuery(c, ["status", "page"]);
    const page = pageOf(c);
    const found = await jobsOnPage(core, soleChoice(c, "status", JOB_STATUSES), page);
    return c.json({ jobs: found.map((job) => shape.showJob(job)) }, 200);
  });

  management.serve(create, async (c) => {
    const { core } = c.var;
    await mustHold(core, "herqles.job.create");
    const order = orderIn(await objectBody(c, shape.jobBody));
    return c.json({ job_id: await createJob(core, order) }, 200);
  });

  management.serve(get, async (c) => {
    const { core } = c.var;
    await mustHold(core, "herqles.job.get");
    const { job, targets } = await findJob(core, idIn(c, "job"));
    return c.json(shape.showJob(job, targets), 200);
  });
}
