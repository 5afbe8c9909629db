import type { Core } from "../context.ts";
import { type Identity, isAdministrator } from "../projects.ts";
import type { Refusal } from "../refusal.ts";
import { historyAt } from "./history.ts";
import { against, againstApproval, rulesOf, stateOf, type TaskState } from "./lifecycle.ts";
import { type Names, namesIn } from "./names.ts";
import { type Followed, isRequester, taskWithHistory } from "./reach.ts";
import { fieldsNeeded, type Task, type TaskEvent } from "./task.ts";

export type TaskDeed = "approve" | "deny" | "cancel" | "update" | "reissue";

/** What somebody sees who looks at a task at this moment. */
export interface TaskView {
  identity: Identity;
  task: Task;
  state: TaskState;
  /** Its history, oldest first. */
  events: TaskEvent[];
  /** What those are called whom its data knows by their ids. */
  names: Names;
  /** What he has a say in, each with what stands against it now, if anything does. */
  deeds: ReadonlyMap<TaskDeed, Refusal | undefined>;
}

/** A task for who may look at it. One round trip, and one more where its data names somebody by his id. Refuses as `taskForFollower`. */
export async function viewTask(core: Core, text: string): Promise<TaskView> {
  const followed = await taskWithHistory(core, text);
  const { identity, task } = followed;
  const now = core.now();
  return {
    identity,
    task,
    state: stateOf(task, now),
    events: historyAt(now, followed),
    names: await namesIn(core, [task]),
    deeds: new Map(deedsOf(core, followed, now)),
  };
}

/** The same rights as those by which `reach.ts` lets people do it. */
function deedsOf(core: Core, { identity, task, stages, moderates }: Followed, now: number) {
  const deeds: [TaskDeed, Refusal | undefined][] = [];
  if (isAdministrator(identity) || stages.length > 0) {
    deeds.push(["approve", againstApproval(task, identity, stages, now, rulesOf(core.settings))]);
    deeds.push(["deny", against("deny", task, now)]);
  }
  if (moderates || isRequester(identity, task)) deeds.push(["cancel", against("cancel", task, now)]);
  if (moderates) {
    deeds.push(["update", against("update", task, now)]);
    const needsNone: Refusal = { kind: "blocked", because: "needs_no_token" };
    deeds.push(["reissue", against("reissue", task, now) ?? (fieldsNeeded(task).length > 0 ? undefined : needsNone)]);
  }
  return deeds;
}
