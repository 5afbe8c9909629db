import type { Core } from "../context.ts";
import { isExpired } from "./lifecycle.ts";
import { type Followed, taskWithHistory } from "./reach.ts";
import type { TaskEvent } from "./task.ts";

/** The history of a task, oldest first, for who may see it (workflow contract, 10.5). Refuses as `taskForFollower`. */
export const historyOf = async (core: Core, text: string): Promise<TaskEvent[]> =>
  historyAt(core.now(), await taskWithHistory(core, text));

/** The history of a task as it is told at a time: that nobody approved it in time, from that moment on, whatever has run. */
export function historyAt(now: number, { task, events }: Pick<Followed, "task" | "events">): TaskEvent[] {
  const over: TaskEvent = { at: task.pendingUntil, actor: null, step: "expire", outcome: "ok", note: null };
  return isExpired(task, now) ? [...events, over] : events;
}
