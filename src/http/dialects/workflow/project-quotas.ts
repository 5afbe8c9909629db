import * as z from "zod";
import { quotaOverview, regionsNamed, sizesOf } from "../../../core/quotas.ts";
import type { Dialect } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json, queryValue } from "../../shape.ts";
import { anybody } from "./callers.ts";
import * as shape from "./project-shapes.ts";
import { refusals } from "./shapes.ts";

const query = z.object({
  project_id: z.string().optional(),
  regions: z.string().optional(),
  include_usage: z.string().optional(),
});

const quotas = createRoute({
  method: "get",
  path: "/v1/openstack/quotas",
  summary: "Show the quotas of a project",
  ...anybody(),
  request: { query },
  responses: {
    200: json(shape.quotasShape, "The quotas"),
    ...refusals(401, 403, 404),
    400: json(z.record(z.string(), z.unknown()), "Refused; for an unknown region without the envelope"),
  },
});

/** The quotas of a project (contract, section 8). */
export function projectQuotas(workflow: Dialect): void {
  workflow.serve(quotas, async (c) => {
    const { core } = c.var;
    const { quotasIn, tasks } = await quotaOverview(core, queryValue(c, "project_id"));
    const named = regionsNamed(core.settings, queryValue(c, "regions") ?? "");
    // The original's own form: without the envelope.
    if ("unknown" in named) return c.json({ ERROR: [`Region: ${named.unknown} is not valid`] }, 400);
    const withUsage = !["", "0", "false"].includes((queryValue(c, "include_usage") ?? "true").toLowerCase());
    return c.json(
      {
        regions: quotasIn(named.regions).map((quota) => shape.showQuota(quota, withUsage)),
        quota_sizes: core.settings.QUOTA_SIZES,
        quota_size_order: sizesOf(core.settings),
        active_quota_tasks: tasks.map(shape.showQuotaTask),
      },
      200,
    );
  });
}
