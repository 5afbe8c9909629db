import { and, desc, eq, gt, isNull, type SQL, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { tasks } from "./schema.ts";

/** In the letter of the partial index. Nothing is completed that was not approved. */
const isUndecided = sql`${tasks.approved} = 0 and ${tasks.cancelled} = 0`;

/** What waits to be decided at a time. */
export const waits = (now: number) => and(isUndecided, gt(tasks.pendingUntil, now));

/** An order of the access dialect: a request of the workflow dialect has a reason. */
const isOrder = sql`${tasks.type} = 'request_access' and json_type(${tasks.body}, '$.actions[0].data.reason') is null`;

/** The tasks that somebody asked for, newest first. */
export function tasksOfRequester(db: Db, userId: string, limit: number) {
  return db.query
    .select({ body: tasks.body })
    .from(tasks)
    .where(sql`(${tasks.requester} ->> '$.user_id') = ${userId}`)
    .orderBy(desc(tasks.createdAt))
    .limit(limit);
}

/**
 * The statement that reads the tasks of a project but for orders of the access dialect, newest first; `waitingAt`: only those
 * that wait at this time to be decided.
 */
export function selectTasksOfProject(db: Db, projectId: string | SQL, limit: number, waitingAt?: number) {
  const which = waitingAt === undefined ? undefined : waits(waitingAt);
  return (
    db.query
      .select({ body: sql<unknown>`${tasks.body}`.mapWith(tasks.body) })
      // By itself SQLite prefers the index of all tasks of the project.
      .from(which ? sql`${tasks} indexed by tasks_waiting` : sql`${tasks}`)
      .where(and(eq(tasks.projectId, projectId), which, sql`not (${isOrder})`))
      .orderBy(desc(tasks.createdAt))
      .limit(limit)
  );
}

/** The statement that reads the newest sign-ups that wait at a time, of people without a project: strangers, nearly always. */
export const selectNewestSignUps = (db: Db, now: number, limit: number) =>
  db.query
    .select({ body: sql<unknown>`${tasks.body}`.mapWith(tasks.body) })
    .from(sql`${tasks} indexed by tasks_waiting`)
    .where(and(isNull(tasks.projectId), eq(tasks.type, "signup"), waits(now)))
    .orderBy(desc(tasks.createdAt))
    .limit(limit);
