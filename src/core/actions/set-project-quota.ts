import * as z from "zod";
import { setQuota } from "../../storage/quotas.ts";
import { action, plan } from "./action.ts";

/** Gives a new project the first quota size in every region (workflow contract, 9.4). */
export const setProjectQuota = action<Record<string, never>>({
  name: "SetProjectQuotaAction",
  data: () => z.object({}),
  prepare: async () => plan.valid(),

  async approve({ db, settings }, _data, { made }) {
    const project = made["project_id"];
    const [size] = Object.keys(settings.QUOTA_SIZES);
    if (made["quota"] || !project || !size) return plan.valid();
    return plan.valid([], { writes: [setQuota(db, project, settings.REGIONS, size)], made: { quota: size } });
  },

  submit: async () => plan.valid(),
});
