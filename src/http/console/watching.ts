import * as z from "zod";
import { watchQueue, watchTask } from "../../core/tasks/watching.ts";
import { cookie } from "../auth/cookie.ts";
import { guarded } from "../auth/scheme.ts";
import type { Dialect } from "../dialect.ts";
import { createRoute } from "../route.ts";
import { live, liveAnswers } from "./live.ts";

const queue = createRoute({
  method: "get",
  path: "/console/tasks/live",
  summary: "Hear that some task has changed",
  ...guarded(cookie),
  responses: liveAnswers,
  "x-no-head": true,
});

const task = createRoute({
  method: "get",
  path: "/console/tasks/{task_id}/live",
  summary: "Hear that a task has changed",
  ...guarded(cookie),
  request: { params: z.object({ task_id: z.string() }) },
  responses: liveAnswers,
  "x-no-head": true,
});

/** What the pages of tasks listen to. */
export function watching(desk: Dialect): void {
  desk.serve(queue, (c) => live(c, () => watchQueue(c.var.core)));
  desk.serve(task, (c) => live(c, () => watchTask(c.var.core, c.req.param("task_id"))));
}
