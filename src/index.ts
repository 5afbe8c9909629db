import { app } from "./http/app.ts";
import { runJob } from "./jobs/index.ts";

export { BoardObject } from "./objects/board.ts";
export { TaskObject } from "./objects/task.ts";

export default {
  fetch: app.fetch,
  scheduled: ({ cron }, env, ctx) => runJob(cron, env, (work) => ctx.waitUntil(work)),
} satisfies ExportedHandler<Env>;
