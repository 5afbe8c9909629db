import { z } from "zod";
import { DEFAULT_GROUP, groupNamed, insertGroup, projectWithId } from "../../storage/groups.ts";
import { mustHaveChanged } from "../../storage/tasks.ts";
import { insertUser, type User, updatePassword, userWithId } from "../../storage/users.ts";
import type { Core } from "../context.ts";
import { newId } from "../secrets.ts";
import type { TokenField } from "../tasks/task.ts";
import { action, type Plan, plan } from "./action.ts";
import { domainId, email, parentId, projectName, usernameFor } from "./fields.ts";
import { addressee, type Finding, findingsOn, granting, isPossible, newcomer, notesOf, obstacle } from "./people.ts";

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

  async submit(core, _data, { password }, { made }) {
    const user = await userOf(core, made);
    if (!user) return GONE;
    if (password === undefined) return plan.valid();
    const writes = [updatePassword(core.db, user.id, password, user), mustHaveChanged(core.db)];
    return plan.valid(`User '${user.name}' can log in now.`, { writes });
  },
});

/** Whether the world has room for it, and the user who is there already. */
async function look(core: Core, data: Data): Promise<{ plan: Plan; userId?: string }> {
  const { db } = core;
  const { domain_id, parent_id, project_name: name } = data;
  const found: Finding[] = [];
  if (domain_id !== "default") found.push(obstacle("The domain does not exist."));
  if (parent_id !== null && !(await projectWithId(db, parent_id)))
    found.push(obstacle("The parent project does not exist."));
  const taken = name === DEFAULT_GROUP || (await groupNamed(db, name)) !== undefined;
  found.push({ note: `${taken ? "Existing" : "No existing"} project with name '${name}'.`, possible: !taken });
  const whom = await addressee(core, data.email, data.username);
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
      ...(existing ? [] : [insertUser(db, user)]),
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
  const user = await userWithId(db, made["user_id"] ?? "");
  const project = await projectWithId(db, made["project_id"] ?? "");
  return project && user?.state === "active" ? user : undefined;
}
