import type { Results, Statement } from "../../storage/db.ts";
import { selectTask, selectTaskEvents } from "../../storage/tasks.ts";
import { userWithId } from "../../storage/users.ts";
import { accessKeys } from "../access.ts";
import type { Core } from "../context.ts";
import { type Caller, callerAnd, callerOf, type Identity, isAdministrator, isModerator } from "../projects.ts";
import { refuse } from "../refusal.ts";
import { asTaskId, isOrdered, type Task, type TaskEvent } from "./task.ts";
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
  const [{ identity }] = await callerAnd(core);
  if (needs === "admin" && !isAdministrator(identity)) refuse({ kind: "forbidden", needs });
  return needs === "moderator" ? mustBeModerator(identity) : identity;
}

/** Refuses `forbidden` to who moderates nothing. */
export const mustBeModerator = (identity: Identity): Identity =>
  isModerator(identity) ? identity : refuse({ kind: "forbidden", needs: "moderator" });

/** The caller, a task if it is there, and what these statements read; one round trip. Refuses `unauthenticated`. */
async function callerAndTask<S extends readonly Statement[]>(
  core: Core,
  text: string,
  ...also: S
): Promise<[Caller, Task | undefined, ...Results<S>]> {
  const [caller, [row], ...results] = await callerAnd(core, selectTask(core.db, asTaskId(text) ?? ""), ...also);
  return [caller, row?.body as Task | undefined, ...(results as Results<S>)];
}

/**
 * A task for whoever moderates its project, and an administrator: other projects' tasks are not there. Refuses as `callerWith`,
 * then `not_found`.
 */
export async function taskForModerator(core: Core, text: string): Promise<Reached> {
  const [{ identity }, task] = await callerAndTask(core, text);
  mustBeModerator(identity);
  const isTheirs = task && (isAdministrator(identity) || moderates(identity, task));
  return isTheirs ? { identity, task } : refuse({ kind: "not_found", what: "task" });
}

/**
 * A task for whoever may decide on it: administrators, approvers of any of its stages, and its requester, who may withdraw
 * it. Refuses `forbidden` to others, whether or not it is there.
 */
export async function taskToDecide(core: Core, text: string): Promise<Decidable> {
  const [caller, task] = await callerAndTask(core, text);
  const { identity } = caller;
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
  const [caller, task] = await callerAndTask(core, text);
  return followed(core, caller, task, wants);
}

/** A task that one may look at, and its history, oldest first; one round trip. Refuses as `taskForFollower`. */
export async function taskWithHistory(core: Core, text: string): Promise<Reached & { events: TaskEvent[] }> {
  const [caller, task, events] = await callerAndTask(core, text, selectTaskEvents(core.db, asTaskId(text) ?? ""));
  return { ...(await followed(core, caller, task, "look")), events: events as TaskEvent[] };
}

async function followed(
  core: Core,
  caller: Caller,
  task: Task | undefined,
  wants: "look" | "change",
): Promise<Reached> {
  const { identity } = caller;
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
export const moderates = (identity: Identity, task: Task) =>
  !isOrdered(task) && isModerator(identity) && task.projectId !== null && task.projectId === identity.project_id;
