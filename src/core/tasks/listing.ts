import { selectRuled } from "../../storage/access.ts";
import { commit } from "../../storage/db.ts";
import { taskList } from "../../storage/filters/lists.ts";
import { type Notification, selectOpenErrors } from "../../storage/notifications.ts";
import { selectTasksOfProject, tasksOfRequester } from "../../storage/task-queues.ts";
import { selectNewestTasks, tasksMatching, tasksWaitingFor } from "../../storage/tasks.ts";
import { accessKeysIn } from "../access.ts";
import { mustBeAdmin, mustBeUser } from "../actor.ts";
import type { Core } from "../context.ts";
import { conditionsFrom, selection } from "../filters.ts";
import { type Paged, type PageWish, paged } from "../pages.ts";
import { callerAnd, projectIdOf } from "../projects.ts";
import { mayVote, rulesOf } from "./lifecycle.ts";
import { moderates, mustBeModerator } from "./reach.ts";
import type { Task } from "./task.ts";
import { stagesFor } from "./voting.ts";

/** The tasks that match, newest first, for an ADMIN. Refuses `invalid` for bad filters or pages. */
export async function listTasks(core: Core, filters: string | undefined, wish: PageWish): Promise<Paged<Task>> {
  mustBeAdmin(core);
  const selected = await selection(core, taskList(core.now()), conditionsFrom(filters));
  const { items, paging } = await paged(wish, (page) => tasksMatching(core.db, selected, page));
  return { items: items.map(({ body }) => body as Task), paging };
}

/** What wants looking after: errors that nobody has acknowledged, newest first. */
export interface Status {
  errors: Notification[];
  /** The newest task that is not completed. */
  created: Task | null;
  /** The one completed last. */
  completed: Task | null;
}

/** How things stand, for an ADMIN. One round trip. */
export async function statusOf(core: Core): Promise<Status> {
  mustBeAdmin(core);
  const { db } = core;
  const [errors, [created], [completed]] = await commit(db, selectOpenErrors(db), ...selectNewestTasks(db));
  const taskIn = (row?: { body: unknown }) => (row?.body ?? null) as Task | null;
  return { errors, created: taskIn(created), completed: taskIn(completed) };
}

/** How many tasks a list shows that has no pages. */
const WAITING_MAX = 1000;

/**
 * The tasks that the caller could vote on at this moment, oldest first, at most 1000 (workflow contract, 10.6). Refuses
 * `unauthenticated`.
 */
export async function tasksToDecide(core: Core): Promise<Task[]> {
  const { user } = mustBeUser(core);
  const [{ identity, keys }, ...ruled] = await callerAnd(core, ...selectRuled(core.db, user.id, core.now()));
  const held = new Set([...keys, ...accessKeysIn(ruled)]);
  const rows = await tasksWaitingFor(core.db, [...held], core.now(), WAITING_MAX);
  const tasks = rows.map(({ body }) => body as Task);
  return tasks.filter((task) => mayVote(task, identity, stagesFor(held, task), core.now(), rulesOf(core.settings)));
}

/** How many tasks the lists show that people look through. */
const LOOKED_THROUGH_MAX = 200;

/**
 * The tasks of the project in scope, newest first and at most 200, all of them or those that wait to be decided, for whoever
 * moderates it: those that `taskForModerator` lets him reach. One round trip. Refuses `unauthenticated`, `forbidden`.
 */
export async function projectTasks(core: Core, which: "all" | "waiting"): Promise<Task[]> {
  const waitingAt = which === "waiting" ? core.now() : undefined;
  const listed = selectTasksOfProject(core.db, projectIdOf(core), LOOKED_THROUGH_MAX, waitingAt);
  const [{ identity }, rows] = await callerAnd(core, listed);
  mustBeModerator(identity);
  // The statement only looks where they can be.
  return rows.map(({ body }) => body as Task).filter((task) => moderates(identity, task));
}

/** The tasks that the caller asked for, newest first and at most 200. One round trip. Refuses `unauthenticated`. */
export async function ownTasks(core: Core): Promise<Task[]> {
  const { user } = mustBeUser(core);
  const rows = await tasksOfRequester(core.db, user.id, LOOKED_THROUGH_MAX);
  return rows.map(({ body }) => body as Task);
}
