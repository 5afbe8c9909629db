import { taskList } from "../../storage/filters/lists.ts";
import { newestTasks, tasksMatching, tasksWaitingFor } from "../../storage/tasks.ts";
import { accessKeys } from "../access.ts";
import { mustBeAdmin } from "../actor.ts";
import type { Core } from "../context.ts";
import { conditionsFrom, selection } from "../filters.ts";
import { type Paged, type PageWish, paged } from "../pages.ts";
import { mayVote, rulesOf } from "./lifecycle.ts";
import { knownCaller } from "./reach.ts";
import type { Task } from "./task.ts";
import { stagesFor } from "./voting.ts";

/** The tasks that match, newest first, for an ADMIN. Refuses `invalid` for bad filters or pages. */
export async function listTasks(core: Core, filters: string | undefined, wish: PageWish): Promise<Paged<Task>> {
  mustBeAdmin(core);
  const selected = await selection(core, taskList(core.now()), conditionsFrom(filters));
  const { items, paging } = await paged(wish, (page) => tasksMatching(core.db, selected, page));
  return { items: items.map(({ body }) => body as Task), paging };
}

/** The newest task that is not completed and the one completed last, for an ADMIN. */
export async function latestTasks(core: Core): Promise<{ created: Task | null; completed: Task | null }> {
  mustBeAdmin(core);
  const { created, completed } = await newestTasks(core.db);
  return { created: (created?.body ?? null) as Task | null, completed: (completed?.body ?? null) as Task | null };
}

/** How many tasks a list shows that has no pages. */
const WAITING_MAX = 1000;

/**
 * The tasks that the caller could vote on at this moment, oldest first, at most 1000 (workflow contract, 10.6). Refuses
 * `unauthenticated`.
 */
export async function tasksToDecide(core: Core): Promise<Task[]> {
  const { identity, keys } = await knownCaller(core);
  const held = new Set([...keys, ...(await accessKeys(core, identity.user_id))]);
  const rows = await tasksWaitingFor(core.db, [...held], core.now(), WAITING_MAX);
  const tasks = rows.map(({ body }) => body as Task);
  return tasks.filter((task) => mayVote(task, identity, stagesFor(held, task), core.now(), rulesOf(core.settings)));
}
