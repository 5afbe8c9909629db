import * as z from "zod";
import { deleteMemberRoles, deleteMembersWithoutRoles, standingOf } from "../../storage/members.ts";
import type { Core } from "../context.ts";
import { action, plan } from "./action.ts";
import { boolean, namingRoles, projectId, roleFields, userId } from "./fields.ts";
import { type Finding, granting, isPossible, notesOf, objectionsTo, obstacle, rolesOf } from "./people.ts";

type Data = { inherited_roles: string[]; project_id: string; remove: boolean; roles: string[]; user_id: string };

/** Gives roles in a project to somebody, or takes them from him (workflow contract, 9.6). */
export const editUserRoles = action<Data>({
  name: "EditUserRolesAction",

  data: (settings) =>
    namingRoles(
      z.object({
        project_id: projectId,
        remove: boolean.default(false),
        user_id: userId,
        ...roleFields(settings),
      }),
    ),

  async prepare(core, data, asker) {
    const { found, held } = await look(core, data);
    found.push(...objectionsTo(core, asker, data.project_id, [...data.roles, ...held]));
    return isPossible(found) ? plan.valid(notesOf(found), { approvesItself: true }) : plan.invalid(notesOf(found));
  },

  async approve(core, data) {
    const { found, held } = await look(core, data);
    return isPossible(found) ? change(core, data, held) : plan.invalid(notesOf(found));
  },

  submit: async () => plan.valid(),
});

/** Whether project and user are there, and the roles that he holds. */
async function look({ db }: Core, data: Data): Promise<{ found: Finding[]; held: string[] }> {
  const { group, user, roles } = await standingOf(db, data.project_id, data.user_id);
  const found = [
    ...(group ? [] : [obstacle("The project does not exist.")]),
    ...(user ? [] : [obstacle("No user with this id.")]),
  ];
  return { found, held: roles };
}

function change(core: Core, { project_id, user_id, roles, remove }: Data, held: string[]) {
  const concerned = roles.filter((role) => held.includes(role) === remove);
  if (concerned.length === 0) return plan.valid(`The user ${remove ? "holds none" : "has all"} of the roles.`);
  const writes = remove
    ? [
        deleteMemberRoles(core.db, project_id, rolesOf(user_id, concerned)),
        deleteMembersWithoutRoles(core.db, project_id, [user_id]),
      ]
    : granting(core, project_id, user_id, concerned);
  return plan.valid(`Roles ${remove ? "taken" : "given"}: ${concerned.join(", ")}.`, { writes });
}
