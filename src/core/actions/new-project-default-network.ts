import * as z from "zod";
import type { Core } from "../context.ts";
import { provisionNetwork } from "../provisioner.ts";
import { action, errandOf, type Plan, plan } from "./action.ts";
import { boolean, region } from "./fields.ts";

type Data = { region: string; setup_network: boolean };

const NAME = "NewProjectDefaultNetworkAction";

/** Sets up the network of a new project, where a deployment can do that (workflow contract, 9.3). */
export const newProjectDefaultNetwork = action<Data>({
  name: NAME,
  data: ({ REGIONS }) => z.object({ region: region.default(REGIONS[0] ?? ""), setup_network: boolean.default(false) }),
  prepare: async (core, data) => check(core, data),

  async approve(core, data, { made }) {
    const found = check(core, data);
    return { ...found, errand: found.valid && data.setup_network && !made[errandOf(NAME)] };
  },

  errand: (core, data, { id, made }) =>
    provisionNetwork(core, {
      task: id,
      project_id: made["project_id"] ?? "",
      project_name: made["project_name"] ?? "",
      region: data.region,
    }),

  submit: async () => plan.valid(),
});

function check({ settings }: Core, data: Data): Plan {
  if (!settings.REGIONS.includes(data.region)) return plan.invalid(`Region '${data.region}' does not exist.`);
  const isImpossible = data.setup_network && settings.NETWORK_PROVISIONER_URL === "";
  return isImpossible ? plan.invalid("No network provisioner is configured.") : plan.valid();
}
