import { taskList } from "../../storage/filters/lists.ts";
import { newestTasks, tasksMatching } from "../../storage/tasks.ts";
import { mustBeAdmin } from "../actor.ts";
import type { Core } from "../context.ts";
import { conditionsFrom, selection } from "../filters.ts";
import { type Paged, type PageWish, paged } from "../pages.ts";
import type { Task } from "./task.ts";

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
