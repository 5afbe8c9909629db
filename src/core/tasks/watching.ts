import { mustBeUser } from "../actor.ts";
import type { Core } from "../context.ts";
import { taskForFollower } from "./reach.ts";

/**
 * An answer with a WebSocket that tells the revision of a task at each step that takes effect, for whoever may look at the task.
 * It tells nothing else, and whoever may no longer look finds that out when he does. Refuses as `taskForFollower`.
 */
export async function watchTask(core: Core, text: string): Promise<Response> {
  const { identity, task } = await taskForFollower(core, text);
  return core.tasks.watch(task.id, identity.user_id);
}

/**
 * An answer with a WebSocket that tells that some task has changed. That says neither which one nor how, so that it is for
 * everybody who is logged in: what waits for him he has to ask for. Refuses `unauthenticated`.
 */
export async function watchQueue(core: Core): Promise<Response> {
  const { user } = mustBeUser(core);
  return core.queue.watch(user.id);
}
