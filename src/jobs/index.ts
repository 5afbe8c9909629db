import type { Core } from "../core/context.ts";
import { openCore, ownVisit } from "../core/context.ts";
import { endGrants } from "../core/ended-grants.ts";
import { deliverMails } from "../core/mail-delivery.ts";
import { tidy } from "../core/tidy.ts";

/** What runs when: cron expression (wrangler.toml) → jobs, each whatever becomes of the others. */
const JOBS: Record<string, ((core: Core) => Promise<void>)[]> = {
  "* * * * *": [deliverMails, endGrants],
  "17 * * * *": [tidy],
};

export async function runJob(cron: string, env: Env, later: (work: Promise<unknown>) => void): Promise<void> {
  const core = openCore({ env, visit: ownVisit(""), later });
  const own: Core = { ...core, actor: { kind: "system", name: "cron" } };
  const runs = await Promise.allSettled((JOBS[cron] ?? []).map((job) => job(own)));
  for (const run of runs) if (run.status === "rejected") throw run.reason;
}
