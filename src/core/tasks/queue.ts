import type { Core } from "../context.ts";
import type { Paged, PageWish } from "../pages.ts";
import { callerAnd } from "../projects.ts";
import { mayVote, rulesOf } from "./lifecycle.ts";
import { listTasks, type OwnTasks, tasksAround } from "./listing.ts";
import { type Names, namesIn } from "./names.ts";
import type { Task } from "./task.ts";
import { stagesFor } from "./voting.ts";

/** What is known of tasks that somebody looks through. */
export interface Known {
  /** The ids of those that he could vote on at this moment. */
  own: ReadonlySet<string>;
  /** What those are called whom their data knows by their ids. */
  names: Names;
}

/** The tasks that match, newest first, for an ADMIN. Refuses as `listTasks`. */
export async function queueOfAll(
  core: Core,
  ...asked: [filters: string, wish: PageWish, which: "all" | "waiting"]
): Promise<Paged<Task> & Known> {
  const [listed, [{ identity, keys }]] = await Promise.all([listTasks(core, ...asked), callerAnd(core)]);
  const [now, rules] = [core.now(), rulesOf(core.settings)];
  const own = listed.items.filter((task) => mayVote(task, identity, stagesFor(keys, task), now, rules));
  return { ...listed, ...(await known(core, listed.items, own)) };
}

/** The tasks around the caller as `tasksAround` gives them. Refuses `unauthenticated`. */
export async function ownQueues(core: Core, which: "all" | "waiting"): Promise<OwnTasks & Known> {
  const found = await tasksAround(core, which);
  const { toDecide, ofProject = [] } = found;
  return { ...found, ...(await known(core, [...toDecide, ...ofProject], toDecide)) };
}

const known = async (core: Core, tasks: Task[], own: Task[]): Promise<Known> => ({
  own: new Set(own.map(({ id }) => id)),
  names: await namesIn(core, tasks),
});
