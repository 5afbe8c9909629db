import { linkAudit, signCheckpoint } from "../core/audit-links.ts";
import type { Core } from "../core/context.ts";
import { openCore, ownVisit } from "../core/context.ts";
import { endGrants } from "../core/ended-grants.ts";
import { deliverMails } from "../core/mail-delivery.ts";
import { tidy } from "../core/tidy.ts";

/** What runs when: cron expression (wrangler.toml) → jobs. */
const JOBS: Record<string, ((core: Core) => Promise<void>)[]> = {
  "* * * * *": [deliverMails, endGrants, linkAudit],
  "17 * * * *": [tidy, signCheckpoint],
};

export async function runJob(cron: string, env: Env, later: (work: Promise<unknown>) => void): Promise<void> {
  const core = { ...openCore({ env, visit: ownVisit(""), later }), actor: { kind: "system", name: "cron" } as const };
  const results = await Promise.allSettled((JOBS[cron] ?? []).map((job) => job(core)));
  // None waits for another, and each that failed is told.
  const failed = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  if (failed.length > 0) throw failed.length === 1 ? failed[0] : new AggregateError(failed);
}
