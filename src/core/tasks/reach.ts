import { taskWithId } from "../../storage/tasks.ts";
import { userWithId } from "../../storage/users.ts";
import { accessKeys } from "../access.ts";
import { mustBeUser } from "../actor.ts";
import type { Core } from "../context.ts";
import { type Caller, callerOf, type Identity, isAdministrator, isModerator } from "../projects.ts";
import { refuse } from "../refusal.ts";
import { asTaskId, isOrdered, type Task } from "./task.ts";
import { stagesFor } from "./voting.ts";

/** A task that the caller may reach, and who he is. */
export interface Reached {
  identity: Identity;
  task: Task;
}

/** A task that somebody may decide on. */
export interface Decidable extends Reached {
  /** The stages that he is an approver of, by their places. */
  stages: number[];
  /** Whether he may approve it at all; who asked for it may only withdraw it. */
  mayApprove: boolean;
}

/** Who the caller is. Refuses `unauthenticated`, or `forbidden` when he does not hold what is needed. */
export async function callerWith(core: Core, needs: "admin" | "moderator" | "nothing"): Promise<Identity> {
  const { identity } = await knownCaller(core);
  const holds = { admin: isAdministrator, moderator: isModerator, nothing: () => true }[needs];
  return holds(identity) ? identity : refuse({ kind: "forbidden", needs });
}

/** Who the caller is and what he holds. Refuses `unauthenticated`. */
export async function knownCaller(core: Core): Promise<Caller> {
  mustBeUser(core);
  return (await callerOf(core)) ?? refuse({ kind: "unauthenticated", why: "missing" });
}

/** A task for whoever moderates its project, and an administrator: other projects' tasks are not there. Refuses `not_found`. */
export async function taskForModerator(core: Core, identity: Identity, text: string): Promise<Reached> {
  const task = await taskFrom(core, text);
  const isTheirs = task && (isAdministrator(identity) || moderates(identity, task));
  return isTheirs ? { identity, task } : refuse({ kind: "not_found", what: "task" });
}

/**
 * A task for whoever may decide on it: administrators, approvers of any of its stages, and its requester, who may withdraw
 * it. Refuses `forbidden` to others, whether or not it is there.
 */
export async function taskToDecide(core: Core, text: string): Promise<Decidable> {
  const caller = await knownCaller(core);
  const { identity } = caller;
  const task = await taskFrom(core, text);
  const stages = task ? await stagesOf(core, caller, task) : [];
  const mayApprove = isAdministrator(identity) || stages.length > 0;
  if (!mayApprove && !(task && isRequester(identity, task))) refuse({ kind: "forbidden", needs: "admin" });
  return task ? { identity, task, stages, mayApprove } : refuse({ kind: "not_found", what: "task" });
}

/**
 * A task for those who moderate its project, asked for it or, where they may only look, can vote on it. Refuses `forbidden` to
 * others, whether or not it is there.
 */
export async function taskForFollower(core: Core, text: string, wants: "look" | "change" = "look"): Promise<Reached> {
  const caller = await knownCaller(core);
  const { identity } = caller;
  const task = await taskFrom(core, text);
  if (task && (isAdministrator(identity) || isRequester(identity, task))) return { identity, task };
  if (task && isModerator(identity) && moderates(identity, task)) return { identity, task };
  if (task && wants === "look" && (await stagesOf(core, caller, task)).length > 0) return { identity, task };
  return isModerator(identity)
    ? refuse({ kind: "not_found", what: "task" })
    : refuse({ kind: "forbidden", needs: "moderator" });
}

/** The stages of a task that a caller is an approver of; what he rules in the access dialect is looked up only where it counts. */
async function stagesOf(core: Core, { identity, keys }: Caller, task: Task): Promise<number[]> {
  const asksForAccess = task.type === "request_access" && !isAdministrator(identity);
  const ruled = asksForAccess ? await accessKeys(core, identity.user_id) : [];
  return stagesFor(new Set([...keys, ...ruled]), task);
}

/** The same for somebody who is not asking now; none when he is gone or not active. */
export async function stagesOfUser(core: Core, userId: string | null, task: Task): Promise<number[]> {
  const user = userId === null ? undefined : await userWithId(core.db, userId);
  if (user?.state !== "active") return [];
  const via = { kind: "session", sessionId: "", projectId: null } as const;
  const caller = await callerOf({ ...core, actor: { kind: "user", user, via } });
  return caller ? stagesOf(core, caller, task) : [];
}

const isRequester = (identity: Identity, task: Task) => task.requester?.user_id === identity.user_id;

/** What somebody orders in the access dialect concerns no project, whatever he had in scope (access contract, section 13). */
const moderates = (identity: Identity, task: Task) =>
  !isOrdered(task) && isModerator(identity) && task.projectId !== null && task.projectId === identity.project_id;

async function taskFrom({ db }: Core, text: string): Promise<Task | undefined> {
  const id = asTaskId(text);
  const row = id === undefined ? undefined : await taskWithId(db, id);
  return row?.body as Task | undefined;
}
