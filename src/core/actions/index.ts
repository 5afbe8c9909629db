import type { Action } from "./action.ts";
import { editUserRoles } from "./edit-user-roles.ts";
import { newProjectDefaultNetwork } from "./new-project-default-network.ts";
import { newProjectWithUser } from "./new-project-with-user.ts";
import { newUser } from "./new-user.ts";
import { requestAccess } from "./request-access.ts";
import { resetUserPassword } from "./reset-user-password.ts";
import { setProjectQuota } from "./set-project-quota.ts";
import { updateProjectQuotas } from "./update-project-quotas.ts";
import { updateUserEmail } from "./update-user-email.ts";

const ACTIONS: readonly Action[] = [
  newProjectWithUser,
  newProjectDefaultNetwork,
  setProjectQuota,
  newUser,
  editUserRoles,
  resetUserPassword,
  updateUserEmail,
  updateProjectQuotas,
  requestAccess,
];

const byName = new Map(ACTIONS.map((action) => [action.name, action]));

/** The action of a name that a task holds. */
export function actionNamed(name: string): Action {
  const action = byName.get(name);
  if (!action) throw new Error(`no action is called ${name}`);
  return action;
}
