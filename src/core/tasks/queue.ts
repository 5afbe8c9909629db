import type { Core } from "../context.ts";
import type { Paged, PageWish } from "../pages.ts";
import { callerAnd } from "../projects.ts";
import { mayVote, rulesOf } from "./lifecycle.ts";
import { listTasks, tasksToDecide } from "./listing.ts";
import { type Names, namesIn } from "./names.ts";
import type { Task } from "./task.ts";
import { stagesFor } from "./voting.ts";

/** Tasks as people look through them. */
export interface Queue extends Paged<Task> {
  /** The ids of those that the caller could vote on at this moment. */
  own: ReadonlySet<string>;
  /** What those are called whom their data knows by their ids. */
  names: Names;
}

/** The tasks that match, newest first, for an ADMIN. Refuses as `listTasks`. */
export async function queueOfAll(core: Core, filters: string, wish: PageWish): Promise<Queue> {
  const [listed, [{ identity, keys }]] = await Promise.all([listTasks(core, filters, wish), callerAnd(core)]);
  const [now, rules] = [core.now(), rulesOf(core.settings)];
  const own = listed.items.filter((task) => mayVote(task, identity, stagesFor(keys, task), now, rules));
  return { ...listed, ...(await known(core, listed.items, own)) };
}

/** The tasks that the caller could vote on at this moment, oldest first. Refuses `unauthenticated`. */
export async function ownQueue(core: Core): Promise<Queue> {
  const items = await tasksToDecide(core);
  return { items, paging: undefined, ...(await known(core, items, items)) };
}

const known = async (core: Core, tasks: Task[], own: Task[]) => ({
  own: new Set(own.map(({ id }) => id)),
  names: await namesIn(core, tasks),
});
