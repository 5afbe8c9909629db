import { selectRuled } from "../../storage/access.ts";
import type { Results, Statement } from "../../storage/db.ts";
import { selectTask, selectTaskEvents } from "../../storage/tasks.ts";
import { userWithId } from "../../storage/users.ts";
import { accessKeys, accessKeysIn } from "../access.ts";
import { mustBeUser } from "../actor.ts";
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

/** A task that somebody looks at, and what he is to it. */
export interface Followed extends Reached {
  /** Its history, oldest first. */
  events: TaskEvent[];
  /** The stages that he is an approver of, by their places. */
  stages: number[];
  /** Whether he moderates its project, or is an administrator. */
  moderates: boolean;
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
  return task && governs(identity, task) ? { identity, task } : refuse({ kind: "not_found", what: "task" });
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

/** Refuses `forbidden` to who may only withdraw it. */
export const mustBeApprover = <D extends Decidable>(decidable: D): D =>
  decidable.mayApprove ? decidable : refuse({ kind: "forbidden", needs: "admin" });

/** A task as the caller saw it when he looked, at an earlier revision maybe: what was decided since stands against him. */
export const asSeen = <R extends Reached>(reached: R, revision: number): R => ({
  ...reached,
  task: { ...reached.task, revision: Math.min(revision, reached.task.revision) },
});

/**
 * A task for those who moderate its project, asked for it or, where they may only look, can vote on it. Refuses `forbidden` to
 * others, whether or not it is there.
 */
export async function taskForFollower(core: Core, text: string, wants: "look" | "change" = "look"): Promise<Reached> {
  const [caller, task] = await callerAndTask(core, text);
  return followed(core, caller, task, wants);
}

/** A task that one may look at, with its history; one round trip. Refuses as `taskForFollower`. */
export async function taskWithHistory(core: Core, text: string): Promise<Followed> {
  const { db } = core;
  const ruling = selectRuled(db, mustBeUser(core).user.id, core.now());
  const history = selectTaskEvents(db, asTaskId(text) ?? "");
  const [{ identity, keys }, task, events, ...ruled] = await callerAndTask(core, text, history, ...ruling);
  const stages = task ? stagesFor(new Set([...keys, ...accessKeysIn(ruled)]), task) : [];
  if (!task || !(follows(identity, task) || stages.length > 0)) return unreachable(identity);
  return { identity, task, events: events as TaskEvent[], stages, moderates: governs(identity, task) };
}

async function followed(
  core: Core,
  caller: Caller,
  task: Task | undefined,
  wants: "look" | "change",
): Promise<Reached> {
  const { identity } = caller;
  if (task && follows(identity, task)) return { identity, task };
  if (task && wants === "look" && (await stagesOf(core, caller, task)).length > 0) return { identity, task };
  return unreachable(identity);
}

const unreachable = (identity: Identity): never =>
  isModerator(identity)
    ? refuse({ kind: "not_found", what: "task" })
    : refuse({ kind: "forbidden", needs: "moderator" });

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

const follows = (identity: Identity, task: Task) => governs(identity, task) || isRequester(identity, task);
const governs = (identity: Identity, task: Task) => isAdministrator(identity) || moderates(identity, task);
export const isRequester = (identity: Identity, task: Task) => task.requester?.user_id === identity.user_id;

/** What somebody orders in the access dialect concerns no project, whatever he had in scope (access contract, section 13). */
export const moderates = (identity: Identity, task: Task) =>
  !isOrdered(task) && isModerator(identity) && task.projectId !== null && task.projectId === identity.project_id;
