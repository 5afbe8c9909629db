import * as z from "zod";
import { commit } from "../../storage/db.ts";
import { selectProject } from "../../storage/groups.ts";
import { quotasMustBeOfSize, quotasMustBeUntouched, quotasOf, setQuota } from "../../storage/quotas.ts";
import type { Core } from "../context.ts";
import { mayActOn } from "../projects.ts";
import { isModest, isStepUp } from "../quotas.ts";
import { action, plan } from "./action.ts";
import { projectId, regionsOf, sizeOf } from "./fields.ts";

type Data = { project_id: string; regions: string[]; size: string };

/** Changes the quota of a project in some regions (workflow contract, 9.7). */
export const updateProjectQuotas = action<Data>({
  name: "UpdateProjectQuotasAction",

  data: (settings) => z.object({ project_id: projectId, regions: regionsOf(settings), size: sizeOf(settings) }),

  async prepare(core, data, asker) {
    const { db } = core;
    if (!asker || !mayActOn(asker, data.project_id)) return plan.invalid("The project is not the one in scope.");
    const [projects, stored] = await commit(db, selectProject(db, data.project_id), quotasOf(db, data.project_id));
    const obstacle = obstacleTo(core, data, projects);
    if (obstacle) return plan.invalid(obstacle);
    if (!isModest(core, stored, data.regions, data.size)) return plan.valid("The change needs to be approved.");
    // Of two changes at once the later one is judged by what the first has left. One step up is given once in a while only;
    // whatever takes nothing may come as often as it likes.
    const mustBe = isStepUp(core, stored, data.regions, data.size) ? quotasMustBeUntouched : quotasMustBeOfSize;
    return plan.valid([], { approvesItself: true, writes: [mustBe(db, data.project_id, stored)] });
  },

  async approve(core, data, { made }) {
    const obstacle = obstacleTo(core, data, await selectProject(core.db, data.project_id));
    if (obstacle) return plan.invalid(obstacle);
    if (made["quota"]) return plan.valid("Quota already set.");
    return plan.valid(`Quota set to '${data.size}' in: ${data.regions.join(", ")}.`, {
      writes: [setQuota(core.db, data.project_id, data.regions, data.size, core.now())],
      made: { quota: data.size },
    });
  },

  submit: async () => plan.valid(),
});

/** What is not there, though it was when it was asked for. */
function obstacleTo({ settings }: Core, { regions, size }: Data, projects: unknown[]): string | undefined {
  if (!Object.hasOwn(settings.QUOTA_SIZES, size)) return `Quota size '${size}' does not exist.`;
  const gone = regions.find((region) => !settings.REGIONS.includes(region));
  if (gone !== undefined) return `Region '${gone}' does not exist.`;
  return projects.length > 0 ? undefined : "The project does not exist.";
}
