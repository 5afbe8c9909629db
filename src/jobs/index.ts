import type { Core } from "../core/context.ts";
import { openCore, ownVisit } from "../core/context.ts";
import { deliverMails } from "../core/mail-delivery.ts";
import { tidy } from "../core/tidy.ts";

/** What runs when: cron expression (wrangler.toml) → job. */
const JOBS: Record<string, (core: Core) => Promise<void>> = {
  "* * * * *": deliverMails,
  "17 * * * *": tidy,
};

export async function runJob(cron: string, env: Env, later: (work: Promise<unknown>) => void): Promise<void> {
  const core = openCore({ env, visit: ownVisit(""), later });
  await JOBS[cron]?.({ ...core, actor: { kind: "system", name: "cron" } });
}
