import * as z from "zod";
import { standingOf } from "../../storage/members.ts";
import { mustHaveChanged } from "../../storage/tasks.ts";
import { insertUser } from "../../storage/users.ts";
import type { Core } from "../context.ts";
import { action, plan } from "./action.ts";
import { domainId, email, namingRoles, projectId, roleFields, usernameFor } from "./fields.ts";
import {
  type Addressee,
  addressee,
  type Finding,
  findingsOn,
  granting,
  isPossible,
  newcomer,
  notesOf,
  objectionsTo,
  obstacle,
  onlyIfFree,
} from "./people.ts";

type Data = {
  domain_id: string;
  email: string;
  inherited_roles: string[];
  project_id: string;
  roles: string[];
  username?: string | undefined;
};

/** Whom an invitation is for, as it is kept with the task: an id, or empty for somebody who is to be made. */
const idOf = (whom: Addressee): string => (whom.kind === "user" ? whom.user.id : "");
const nameOf = (whom: Addressee): string => (whom.kind === "user" ? whom.user.name : whom.name);

/** Invites somebody to a project with roles, who may have to be made first (workflow contract, 9.5). */
export const newUser = action<Data>({
  name: "NewUserAction",

  data: (settings) =>
    namingRoles(
      z.object({
        domain_id: domainId,
        email,
        project_id: projectId,
        username: usernameFor(settings),
        ...roleFields(settings),
      }),
    ),

  async prepare(core, data, asker) {
    const { found } = await look(core, data);
    found.push(...objectionsTo(core, asker, data.project_id, data.roles));
    return isPossible(found) ? plan.valid(notesOf(found), { approvesItself: true }) : plan.invalid(notesOf(found));
  },

  async approve(core, data) {
    const { found, whom, lacking } = await look(core, data);
    if (!isPossible(found)) return plan.invalid(notesOf(found));
    const made = { user_id: idOf(whom), user_name: nameOf(whom) };
    if (whom.kind !== "user") return plan.valid([], { made, needs: ["password"] });
    if (lacking.length > 0) return plan.valid([], { made, needs: ["confirm"] });
    return plan.valid(`User '${whom.user.name}' has all of the roles.`, { made });
  },

  async submit(core, data, { password }, { made }) {
    const { found, whom, lacking } = await look(core, data);
    // Whoever has the address by now is somebody else than the token was mailed to.
    if (idOf(whom) !== made["user_id"]) found.push(obstacle("The address is not whose it was."));
    if (!isPossible(found)) return plan.invalid(notesOf(found));
    if (whom.kind === "user") {
      const writes = granting(core, data.project_id, whom.user.id, lacking);
      return plan.valid(`User '${whom.user.name}' has been given the roles.`, { writes });
    }
    if (password === undefined) return plan.invalid("No password was set.");
    const user = newcomer(core, nameOf(whom), data.email, password);
    return plan.valid(`User '${user.name}' has been created.`, {
      writes: [
        insertUser(core.db, user, onlyIfFree(core)),
        mustHaveChanged(core.db),
        ...granting(core, data.project_id, user.id, data.roles),
      ],
    });
  },
});

/** Whether the world has a place for the invitation, whom it means, and which of the roles he lacks. */
async function look(core: Core, data: Data): Promise<{ found: Finding[]; whom: Addressee; lacking: string[] }> {
  const whom = await addressee(core, data.email, data.username);
  const { group, roles } = await standingOf(core.db, data.project_id, idOf(whom));
  const found = [
    ...(data.domain_id === "default" ? [] : [obstacle("The domain does not exist.")]),
    ...(group ? [] : [obstacle("The project does not exist.")]),
    ...findingsOn(whom),
  ];
  return { found, whom, lacking: data.roles.filter((role) => !roles.includes(role)) };
}
