import { taskWithId } from "../../storage/tasks.ts";
import { mustBeUser } from "../actor.ts";
import type { Core } from "../context.ts";
import { type Identity, identityOf, isAdministrator, isModerator } from "../projects.ts";
import { refuse } from "../refusal.ts";
import { asTaskId, type Task } from "./task.ts";

/** A task that the caller may reach, and who he is. */
export interface Reached {
  identity: Identity;
  task: Task;
}

/** Who the caller is. Refuses `unauthenticated`, or `forbidden` when he does not hold what is needed. */
export async function callerWith(core: Core, needs: "admin" | "moderator" | "nothing"): Promise<Identity> {
  mustBeUser(core);
  const identity = await identityOf(core);
  if (!identity) return refuse({ kind: "unauthenticated", why: "missing" });
  const holds = { admin: isAdministrator, moderator: isModerator, nothing: () => true }[needs];
  return holds(identity) ? identity : refuse({ kind: "forbidden", needs });
}

/** A task for whoever moderates its project, and an administrator: other projects' tasks are not there. Refuses `not_found`. */
export async function taskForModerator(core: Core, identity: Identity, text: string): Promise<Reached> {
  const task = await taskFrom(core, text);
  const isTheirs = task && (isAdministrator(identity) || moderates(identity, task));
  return isTheirs ? { identity, task } : refuse({ kind: "not_found", what: "task" });
}

/**
 * A task for whoever may decide on it: an administrator; its requester may only withdraw it. Refuses `forbidden` to others,
 * whether or not it is there.
 */
export async function taskToDecide(core: Core, text: string): Promise<Reached & { mayApprove: boolean }> {
  const identity = await callerWith(core, "nothing");
  const mayApprove = isAdministrator(identity);
  const task = await taskFrom(core, text);
  const isRequester = task?.requester?.user_id === identity.user_id;
  if (!mayApprove && !isRequester) refuse({ kind: "forbidden", needs: "admin" });
  return task ? { identity, task, mayApprove } : refuse({ kind: "not_found", what: "task" });
}

/** A task for those who moderate its project or asked for it. Refuses `forbidden` to others, whether or not it is there. */
export async function taskForFollower(core: Core, text: string): Promise<Reached> {
  const identity = await callerWith(core, "nothing");
  const task = await taskFrom(core, text);
  if (task && (isAdministrator(identity) || task.requester?.user_id === identity.user_id)) return { identity, task };
  if (!isModerator(identity)) refuse({ kind: "forbidden", needs: "moderator" });
  return task && moderates(identity, task) ? { identity, task } : refuse({ kind: "not_found", what: "task" });
}

const moderates = (identity: Identity, task: Task) =>
  isModerator(identity) && task.projectId !== null && task.projectId === identity.project_id;

async function taskFrom({ db }: Core, text: string): Promise<Task | undefined> {
  const id = asTaskId(text);
  const row = id === undefined ? undefined : await taskWithId(db, id);
  return row?.body as Task | undefined;
}
