import { and, eq, gt, isNull, type SQL, sql } from "drizzle-orm";
import { notifications, tasks, taskTokens } from "../schema.ts";
import { waits } from "../task-queues.ts";
import { type Fields, notificationFields, taskFields, tokenFields } from "./fields.ts";

/** A list that can be filtered: what is in it, and its order, which is newest first. */
export interface List {
  fields: Fields;
  source: SQL;
  /** Which rows of the source belong to it; undefined: all. */
  scope: SQL | undefined;
  /** The name under which `row_counts` counts it by time, if it does. */
  countedAs?: string;
  time: SQL;
  /** What tells rows of the same time apart; a unique column. */
  tie: SQL;
  tieOrder: "asc" | "desc";
}

export const orderOf = ({ time, tie, tieOrder }: List): SQL => sql`${time} desc, ${tie} ${sql.raw(tieOrder)}`;

export const taskList = (now: number): List => ({
  fields: taskFields(now),
  source: sql`${tasks}`,
  scope: undefined,
  countedAs: "tasks",
  time: sql`${tasks.createdAt}`,
  tie: sql`${tasks.id}`,
  tieOrder: "asc",
});

/** Those of them that wait to be decided: few of many. */
export const waitingList = (now: number): List => {
  const { countedAs: _, ...list } = taskList(now);
  return { ...list, source: sql`${tasks} indexed by tasks_waiting`, scope: waits(now) };
};

/** The tokens that can be submitted at a time. */
export const tokenList = (now: number): List => ({
  fields: tokenFields(now),
  source: sql`${taskTokens} inner join ${tasks} on ${tasks.id} = ${taskTokens.taskId}`,
  scope: and(
    eq(taskTokens.ended, false),
    gt(taskTokens.expiresAt, now),
    eq(tasks.cancelled, false),
    isNull(tasks.completedAt),
  ),
  time: sql`${taskTokens.createdAt}`,
  tie: sql`${taskTokens.digest}`,
  tieOrder: "asc",
});

/** Notifications, all of them or the unacknowledged ones only. */
export const notificationList = (now: number, which: "all" | "open"): List => ({
  fields: notificationFields(now),
  source: sql`${notifications}`,
  scope: which === "open" ? sql`${notifications.acknowledged} = 0` : undefined,
  countedAs: which === "open" ? "notifications.open" : "notifications",
  time: sql`${notifications.createdAt}`,
  tie: sql`${notifications.seq}`,
  tieOrder: "desc",
});
