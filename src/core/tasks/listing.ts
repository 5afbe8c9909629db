import { selectRuled } from "../../storage/access.ts";
import { commit, type Results } from "../../storage/db.ts";
import { taskList, waitingList } from "../../storage/filters/lists.ts";
import { type Notification, selectOpenErrors } from "../../storage/notifications.ts";
import { selectTasksOfProject, tasksOfRequester } from "../../storage/task-queues.ts";
import { selectNewestTasks, selectTasksWaitingFor, tasksMatching } from "../../storage/tasks.ts";
import { accessKeysIn } from "../access.ts";
import { mustBeAdmin, mustBeUser } from "../actor.ts";
import type { Core } from "../context.ts";
import { conditionsFrom, selection } from "../filters.ts";
import { type Paged, type PageWish, paged } from "../pages.ts";
import { type Caller, callerAnd, isModerator, NO_PROJECT } from "../projects.ts";
import { mayVote, rulesOf } from "./lifecycle.ts";
import { moderates } from "./reach.ts";
import type { Task } from "./task.ts";
import { controllerKey, modelKey, stagesFor } from "./voting.ts";

/** The tasks that match, of all or of those that wait, newest first, for an ADMIN. Refuses `invalid` for bad filters or pages. */
export async function listTasks(
  core: Core,
  filters: string | undefined,
  wish: PageWish,
  which: "all" | "waiting" = "all",
): Promise<Paged<Task>> {
  mustBeAdmin(core);
  const list = which === "all" ? taskList(core.now()) : waitingList(core.now());
  const selected = await selection(core, list, conditionsFrom(filters));
  const { items, paging } = await paged(wish, (page) => tasksMatching(core.db, selected, page));
  return { items: tasksIn(items), paging };
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

/** The statements that read what somebody may have a say in, for `decidableIn`. */
const selectDecidable = ({ db, now }: Core, { identity, keys }: Caller) => {
  const [userId, ruling] = [identity.user_id, { controller: controllerKey(""), model: modelKey("") }];
  const at = now();
  return [
    ...selectRuled(db, userId, at),
    selectTasksWaitingFor(db, { userId, keys: [...keys], ruling }, at, WAITING_MAX),
  ] as const;
};

/** Those of the tasks that such statements have read that he could vote on at this moment. */
function decidableIn(
  { now, settings }: Core,
  { identity, keys }: Caller,
  [controllers, models, rows]: Results<ReturnType<typeof selectDecidable>>,
): Task[] {
  const held = new Set([...keys, ...accessKeysIn([controllers, models])]);
  return tasksIn(rows).filter((task) => mayVote(task, identity, stagesFor(held, task), now(), rulesOf(settings)));
}

const tasksIn = (rows: { body: unknown }[]): Task[] => rows.map(({ body }) => body as Task);

/**
 * The tasks that the caller could vote on at this moment, oldest first, at most 1000 (workflow contract, 10.6). One round trip.
 * Refuses `unauthenticated`.
 */
export async function tasksToDecide(core: Core): Promise<Task[]> {
  const [caller] = await callerAnd(core);
  return decidableIn(core, caller, await commit(core.db, ...selectDecidable(core, caller)));
}

/** How many tasks the lists show that people look through. */
const LOOKED_THROUGH_MAX = 200;

/** What waits for somebody, and what is asked for in the project in his scope, newest first, if he moderates that. */
export interface OwnTasks {
  toDecide: Task[];
  ofProject: Task[] | undefined;
}

/**
 * The same together with at most 200 tasks of the project in scope, all of them or those that wait to be decided: those that
 * `taskForModerator` lets the caller reach. One round trip. Refuses `unauthenticated`.
 */
export async function tasksAround(core: Core, which: "all" | "waiting"): Promise<OwnTasks> {
  const [caller] = await callerAnd(core);
  const { identity } = caller;
  const isOver = isModerator(identity);
  const projectId = (isOver && identity.project_id) || NO_PROJECT;
  const waitingAt = which === "waiting" ? core.now() : undefined;
  const [rows, ...decidable] = await commit(
    core.db,
    selectTasksOfProject(core.db, projectId, LOOKED_THROUGH_MAX, waitingAt),
    ...selectDecidable(core, caller),
  );
  return {
    toDecide: decidableIn(core, caller, decidable),
    // The statement only looks where they can be.
    ofProject: isOver ? tasksIn(rows).filter((task) => moderates(identity, task)) : undefined,
  };
}

/** The tasks that the caller asked for, newest first and at most 200. One round trip. Refuses `unauthenticated`. */
export async function ownTasks(core: Core): Promise<Task[]> {
  const { user } = mustBeUser(core);
  return tasksIn(await tasksOfRequester(core.db, user.id, LOOKED_THROUGH_MAX));
}
