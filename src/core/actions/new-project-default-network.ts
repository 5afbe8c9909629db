import { z } from "zod";
import type { Core } from "../context.ts";
import { action, type Plan, plan } from "./action.ts";
import { boolean, region } from "./fields.ts";

type Data = { region: string; setup_network: boolean };

/** Sets up the network of a new project, where a deployment can do that (workflow contract, 9.3). */
export const newProjectDefaultNetwork = action<Data>({
  name: "NewProjectDefaultNetworkAction",
  data: ({ REGIONS }) => z.object({ region: region.default(REGIONS[0] ?? ""), setup_network: boolean.default(false) }),
  prepare: async (core, data) => check(core, data),
  approve: async (core, data) => check(core, data),
  submit: async () => plan.valid(),
});

function check({ settings }: Core, data: Data): Plan {
  if (!settings.REGIONS.includes(data.region)) return plan.invalid(`Region '${data.region}' does not exist.`);
  return data.setup_network ? plan.invalid("No network provisioner is configured.") : plan.valid();
}
