import * as z from "zod";
import { commit } from "../../storage/db.ts";
import { insertGroup, selectGroup, selectProject } from "../../storage/groups.ts";
import { mustHaveChanged } from "../../storage/tasks.ts";
import { insertUser, selectUser, type User, updatePassword } from "../../storage/users.ts";
import type { Core } from "../context.ts";
import { newId } from "../secrets.ts";
import type { TokenField } from "../tasks/task.ts";
import { nameKey } from "../values.ts";
import { action, type Plan, plan } from "./action.ts";
import { domainId, email, parentId, projectName, usernameFor } from "./fields.ts";
import {
  type Finding,
  findingsOn,
  granting,
  isPossible,
  meant,
  newcomer,
  notesOf,
  obstacle,
  onlyIfFree,
  selectAddressees,
} from "./people.ts";

type Data = {
  domain_id: string;
  email: string;
  parent_id: string | null;
  project_name: string;
  username?: string | undefined;
};

const GONE = plan.invalid("The project or its user is gone.");

const ROLES = ["project_admin", "project_mod", "member"];

/** Makes a project and the user who runs it, or gives it to the one who is there (workflow contract, 9.2). */
export const newProjectWithUser = action<Data>({
  name: "NewProjectWithUserAction",

  data: (settings) =>
    z.object({
      domain_id: domainId,
      email,
      parent_id: parentId,
      project_name: projectName,
      username: usernameFor(settings),
    }),

  async prepare(core, data) {
    return (await look(core, data)).plan;
  },

  async approve(core, data, { made }) {
    if (made["project_id"]) return again(core, made);
    const { plan: found, userId } = await look(core, data);
    return found.valid ? build(core, data, userId) : found;
  },

  async submit(core, data, { password }, { made }) {
    const user = await userOf(core, made);
    if (!user) return GONE;
    if (password === undefined) return plan.valid();
    // Once he has gone his own way the account is no longer what the token was mailed for.
    const isAsMade = user.password === null && user.role === "USER" && user.emailKey === nameKey(data.email);
    if (!isAsMade) return GONE;
    const writes = [updatePassword(core.db, user.id, password, user), mustHaveChanged(core.db)];
    return plan.valid(`User '${user.name}' can log in now.`, { writes });
  },
});

/** Whether the world has room for it, and the user who is there already. One round trip. */
async function look(core: Core, data: Data): Promise<{ plan: Plan; userId?: string }> {
  const { db } = core;
  const { domain_id, parent_id, project_name: name } = data;
  const [[parent], [sameName], users] = await commit(
    db,
    selectProject(db, parent_id ?? ""),
    selectGroup(db, name),
    selectAddressees(core, data.email, data.username),
  );
  const found: Finding[] = [];
  if (domain_id !== "default") found.push(obstacle("The domain does not exist."));
  if (parent_id !== null && !parent) found.push(obstacle("The parent project does not exist."));
  found.push({ note: `${sameName ? "Existing" : "No existing"} project with name '${name}'.`, possible: !sameName });
  const whom = meant(core, users, data.email, data.username);
  found.push(...findingsOn(whom));
  const looked = isPossible(found) ? plan.valid(notesOf(found)) : plan.invalid(notesOf(found));
  return { plan: looked, ...(whom.kind === "user" && { userId: whom.user.id }) };
}

function build(core: Core, data: Data, existing: string | undefined): Plan {
  const { db } = core;
  const now = core.now();
  const projectId = newId(core.random);
  const user = newcomer(core, data.username ?? data.email, data.email, null);
  const userId = existing ?? user.id;
  return plan.valid(`New project '${data.project_name}' created.`, {
    writes: [
      insertGroup(db, {
        id: projectId,
        name: data.project_name,
        parent: data.parent_id,
        creator: existing ?? null,
        createdAt: now,
        modifiedAt: now,
      }),
      ...(existing ? [] : [insertUser(db, user, onlyIfFree(core)), mustHaveChanged(db)]),
      ...granting(core, projectId, userId, ROLES),
    ],
    made: {
      project_id: projectId,
      project_name: data.project_name,
      user_id: userId,
      user_name: user.name,
      ...(existing ? {} : { new_user: "yes" }),
    },
    needs: existing ? [] : ["password"],
  });
}

/** What was made stays made; whether it still stands is checked. */
async function again(core: Core, made: Record<string, string>): Promise<Plan> {
  const needs: TokenField[] = made["new_user"] ? ["password"] : [];
  return (await userOf(core, made)) ? plan.valid("Project already created.", { needs }) : GONE;
}

/** The active user of the project that was made, as long as both are there. */
async function userOf({ db }: Core, made: Record<string, string>): Promise<User | undefined> {
  const { user_id: userId = "", project_id: projectId = "" } = made;
  const [[user], [project]] = await commit(db, selectUser(db, userId), selectProject(db, projectId));
  return project && user?.state === "active" ? user : undefined;
}
