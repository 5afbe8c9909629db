import { and, asc, desc, eq, gt, lt, lte, ne, or, type SQL, sql } from "drizzle-orm";
import { selectRuled } from "./access.ts";
import { commit, type Db } from "./db.ts";
import { orderOf } from "./filters/lists.ts";
import { EVERYTHING, type Page, type Read, selectedRows } from "./filters/rows.ts";
import type { Selected } from "./filters/select.ts";
import { taskEvents, taskLedger, tasks, taskTokens } from "./schema.ts";

export type TaskRow = typeof tasks.$inferSelect;
export type NewTaskRow = Omit<typeof tasks.$inferInsert, "seq">;
export type NewTaskEvent = Omit<typeof taskEvents.$inferInsert, "seq">;

/** The statement that finds a task, to be read together with others. */
export const selectTask = (db: Db, id: string) => db.query.select().from(tasks).where(eq(tasks.id, id));

export function taskWithId(db: Db, id: string): Promise<TaskRow | undefined> {
  return selectTask(db, id).get();
}

/** Claims a revision of a task for an intent; one that is claimed is a constraint violation, named as `LEDGER`. */
export function claimRevision(db: Db, taskId: string, revision: number, intent: string) {
  return db.query.insert(taskLedger).values({ taskId, revision, intent });
}

export const LEDGER = "task_ledger.task_id+task_ledger.revision";

/** Fails its batch unless something is still so that was planned on. */
export function mustHold(db: Db, condition: SQL) {
  return db.query.insert(taskLedger).select(sql`select null, 0, '' where not (${condition})`);
}

/** Fails its batch unless the statement right before it changed a row: what was planned on is no longer so. */
export const mustHaveChanged = (db: Db) => mustHold(db, sql`changes() > 0`);

/** The constraint that refuses a second open task of the same kind and data. */
export const OPEN_TASK = "tasks.open_key";

/** The intent that took a revision of a task, and the task's row as it is. */
export async function stepTaken(db: Db, taskId: string, revision: number) {
  const ledger = db.query
    .select({ intent: taskLedger.intent })
    .from(taskLedger)
    .where(and(eq(taskLedger.taskId, taskId), eq(taskLedger.revision, revision)));
  const [[taken], [row]] = await commit(db, ledger, selectTask(db, taskId));
  return taken && row ? { intent: taken.intent, row } : undefined;
}

/** Whether nobody has let the time to approve a task go by; one that is over counts as cancelled whatever its copy says. */
export const inTime = (now: number) => or(eq(tasks.approved, true), gt(tasks.pendingUntil, now));

/** The open task that holds a key, if its time to be approved is not over. */
export function openTaskWithKey(db: Db, openKey: string, now: number): Promise<Pick<TaskRow, "id"> | undefined> {
  return db.query
    .select({ id: tasks.id })
    .from(tasks)
    .where(and(eq(tasks.openKey, openKey), inTime(now)))
    .get();
}

/** Writes the copy of a task. */
export function putTask(db: Db, row: NewTaskRow) {
  const { id: _id, createdAt: _createdAt, ...changing } = row;
  return db.query.insert(tasks).values(row).onConflictDoUpdate({ target: tasks.id, set: changing });
}

/** Lets go of an open key whose task was not approved in time. */
export function releaseOpenKey(db: Db, openKey: string, now: number) {
  return db.query
    .update(tasks)
    .set({ openKey: null, open: false })
    .where(and(eq(tasks.openKey, openKey), eq(tasks.approved, false), lte(tasks.pendingUntil, now)));
}

/** The statement that reads the history of a task, oldest first. */
export const selectTaskEvents = (db: Db, taskId: string) =>
  db.query.select().from(taskEvents).where(eq(taskEvents.taskId, taskId)).orderBy(asc(taskEvents.seq));

export function insertTaskEvents(db: Db, events: NewTaskEvent[]) {
  return db.query.insert(taskEvents).values(events);
}

/** Open tasks that are the same as this one and were made before it. */
export function olderSame(db: Db, id: string, sameness: string): Promise<Pick<TaskRow, "id" | "revision">[]> {
  const seq = sql`(select seq from tasks where id = ${id})`;
  return db.query
    .select({ id: tasks.id, revision: tasks.revision })
    .from(tasks)
    .where(and(eq(tasks.sameness, sameness), eq(tasks.open, true), lt(tasks.seq, seq), ne(tasks.id, id)))
    .all();
}

/** The tasks selected, newest first; all of them without a page. */
export function tasksMatching(db: Db, selected: Selected, page?: Page) {
  const { list } = selected;
  const shown = { id: sql<string>`${tasks.id}`, body: sql<unknown>`${tasks.body}`.mapWith(tasks.body) };
  const read: Read<Pick<TaskRow, keyof typeof shown>> = (where, { offset, length } = EVERYTHING, from = db.query) =>
    from.select(shown).from(list.source).where(where).orderBy(orderOf(list)).limit(length).offset(offset);
  return selectedRows(db, selected, read, page);
}

/** Who may have a say in tasks: a user, the keys that he holds, and what keys of controllers and models that he rules begin with. */
export interface Voter {
  userId: string;
  keys: string[];
  ruling: { controller: string; model: string };
}

/** The statement that reads the tasks in time that somebody may have a say in, oldest first. */
export function selectTasksWaitingFor(db: Db, { userId, keys, ruling }: Voter, now: number, limit: number) {
  const [controllers, models] = selectRuled(db, userId, now);
  const held = sql`select value from json_each(${JSON.stringify(keys)})
    union all select ${ruling.controller} || controller_id from ${controllers} union all select ${ruling.model} || model_id from ${models}`;
  return db.query
    .select({ body: tasks.body })
    .from(tasks)
    .where(
      and(sql`${tasks.id} in (select task_id from task_voters where key in (${held}))`, gt(tasks.pendingUntil, now)),
    )
    .orderBy(asc(tasks.createdAt), tasks.id)
    .limit(limit);
}

/** The statements that read the newest task that is not completed, and the one completed last. */
export function selectNewestTasks(db: Db) {
  const unfinished = db.query
    .select()
    .from(tasks)
    .where(eq(tasks.completed, false))
    .orderBy(desc(tasks.createdAt))
    .limit(1);
  const completed = db.query
    .select()
    .from(tasks)
    .where(sql`${tasks.completedAt} is not null`)
    .orderBy(desc(tasks.completedAt))
    .limit(1);
  return [unfinished, completed] as const;
}

export function insertTaskToken(db: Db, token: typeof taskTokens.$inferInsert) {
  return db.query.insert(taskTokens).values(token);
}

/** Makes every token of a task read as unknown. */
export function endTaskTokens(db: Db, taskId: string) {
  return db.query
    .update(taskTokens)
    .set({ ended: true })
    .where(and(eq(taskTokens.taskId, taskId), eq(taskTokens.ended, false)));
}

/** A token that has not ended, by its digest, with its task. */
export function taskTokenWithDigest(db: Db, digest: string) {
  return db.query
    .select({ token: taskTokens, task: tasks })
    .from(taskTokens)
    .innerJoin(tasks, eq(tasks.id, taskTokens.taskId))
    .where(and(eq(taskTokens.digest, digest), eq(taskTokens.ended, false)))
    .get();
}

/** The tokens selected, newest first. */
export function taskTokensMatching(db: Db, selected: Selected) {
  const read: Read<ListedTaskToken> = (where, { offset, length } = EVERYTHING) =>
    db.query
      .select({ token: taskTokens, task: { type: tasks.type } })
      .from(taskTokens)
      .innerJoin(tasks, eq(tasks.id, taskTokens.taskId))
      .where(where)
      .orderBy(orderOf(selected.list))
      .limit(length)
      .offset(offset);
  return selectedRows(db, selected, read);
}

interface ListedTaskToken {
  token: typeof taskTokens.$inferSelect;
  task: Pick<TaskRow, "type">;
}

export function deleteExpiredTaskTokens(db: Db, now: number) {
  return db.query.delete(taskTokens).where(lte(taskTokens.expiresAt, now));
}
