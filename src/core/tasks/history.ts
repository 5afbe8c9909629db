import type { Core } from "../context.ts";
import { isExpired } from "./lifecycle.ts";
import { taskWithHistory } from "./reach.ts";
import type { TaskEvent } from "./task.ts";

/**
 * The history of a task, oldest first, for who may see it (workflow contract, 10.5). That nobody approved it in time is told
 * from that moment on, whatever has run. Refuses as `taskForFollower`.
 */
export async function historyOf(core: Core, text: string): Promise<TaskEvent[]> {
  const { task, events } = await taskWithHistory(core, text);
  const over: TaskEvent = { at: task.pendingUntil, actor: null, step: "expire", outcome: "ok", note: null };
  return isExpired(task, core.now()) ? [...events, over] : events;
}
