import { isAdmin } from "./actor.ts";
import { changeRoles, type RoleChange } from "./grants.ts";
import type { GroupInReach } from "./group-overview.ts";
import { requestTask } from "./tasks/requests.ts";
import type { Task } from "./tasks/task.ts";

/** Roles of a member that shall be there, and such that shall not. */
export interface RoleEdit {
  give: string[];
  take: string[];
}

/**
 * Gives roles in a group to somebody and takes others: an administrator at once, who moderates by a task each, which are given
 * back. Refuses as `changeRoles` and `requestTask`.
 */
export async function editRoles(
  { core, group, identity }: GroupInReach,
  userId: string,
  { give, take }: RoleEdit,
): Promise<Task[]> {
  const changes = ([["grant", give] as const, ["revoke", take] as const] as const).filter(
    ([, { length }]) => length > 0,
  );
  if (isAdmin(core.actor)) {
    const user = { userid: userId };
    await changeRoles(
      core,
      group,
      ...changes.map(([deed, roles]): RoleChange => ({ deed, mapping: [{ user, roles }] })),
    );
    return [];
  }
  const tasks: Task[] = [];
  for (const [deed, roles] of changes) {
    const input = { project_id: group.id, user_id: userId, roles, remove: deed === "revoke" };
    tasks.push(await requestTask(core, "edit_roles", input, identity));
  }
  return tasks;
}
