import { isOrder, type JsonObject } from "../tasks/task.ts";
import type { Change } from "./access/change.ts";
import { controllerAccess } from "./access/controller-access.ts";
import { credentialAdd, credentialRemove } from "./access/credentials.ts";
import { requested } from "./access/requested.ts";
import { sshKeyAdd, sshKeyRemove } from "./access/ssh-keys.ts";
import { action, plan } from "./action.ts";

/** What the access dialect orders (access contract, 13), by the word in its data. */
const ORDERS: Record<string, Change> = {
  controller_access: controllerAccess,
  ssh_key_add: sshKeyAdd,
  ssh_key_remove: sshKeyRemove,
  credential_add: credentialAdd,
  credential_remove: credentialRemove,
};

const changeOf = (data: JsonObject): Change<JsonObject> => {
  const change = isOrder(data) ? ORDERS[String(data["change"])] : requested;
  if (!change) throw new Error(`nothing is changed by ${data["change"]}`);
  return change as unknown as Change<JsonObject>;
};

/** Changes what somebody has in the access dialect: as he asked for it himself, or as it was ordered, which approves itself. */
export const requestAccess = action<JsonObject>({
  name: "RequestAccessAction",
  data: (_settings, known) => changeOf(known).data,

  async prepare(core, data, _asker, task) {
    const found = await changeOf(data).prepare(core, data, task);
    return { ...found, approvesItself: isOrder(data) };
  },

  approve: (core, data, task) => changeOf(data).approve(core, data, task),
  submit: async () => plan.valid(),
});
