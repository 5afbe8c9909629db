import { type SQL, sql } from "drizzle-orm";
import { notifications, tasks, taskTokens } from "../schema.ts";

/** The classes of fields, by the names that their errors give them. */
export type FieldClass = "CharField" | "BooleanField" | "DateTimeField" | "JSONField";

export interface Field {
  class: FieldClass;
  column: SQL;
  /** Its value is the id of a task: dashes and upper case are taken. */
  isTaskId?: boolean;
  /** Another name of a field; it is not listed among the choices. */
  isAlias?: boolean;
}

export type Fields = ReadonlyMap<string, Field>;

const char = (column: SQL): Field => ({ class: "CharField", column });
const boolean = (column: SQL): Field => ({ class: "BooleanField", column });
const time = (column: SQL): Field => ({ class: "DateTimeField", column });
const json = (column: SQL): Field => ({ class: "JSONField", column });
const taskId = (column: SQL, isAlias = false): Field => ({ class: "CharField", column, isTaskId: true, isAlias });

/** The fields of tasks at a time: one that was not approved in time reads as cancelled. */
export function taskFields(now: number): Fields {
  const expired = sql`(${tasks.approved} = 0 and ${tasks.completed} = 0 and ${tasks.pendingUntil} <= ${now})`;
  return new Map<string, Field>([
    ["uuid", taskId(sql`${tasks.id}`)],
    ["pk", taskId(sql`${tasks.id}`, true)],
    ["task_id", taskId(sql`${tasks.id}`, true)],
    ["project_id", char(sql`${tasks.projectId}`)],
    ["task_type", char(sql`${tasks.type}`)],
    ["ip_address", char(sql`${tasks.address}`)],
    ["cancelled", boolean(sql`(${tasks.cancelled} or ${expired})`)],
    // The plus keeps SQLite from an index that would have it sort the list.
    ["approved", boolean(sql`(+${tasks.approved})`)],
    ["completed", boolean(sql`(+${tasks.completed})`)],
    ["created_on", time(sql`${tasks.createdAt}`)],
    ["approved_on", time(sql`${tasks.approvedAt}`)],
    ["completed_on", time(sql`${tasks.completedAt}`)],
    ["keystone_user", json(sql`${tasks.requester}`)],
    ["approved_by", json(sql`${tasks.approvedBy}`)],
    ["action_notes", json(sql`${tasks.actionNotes}`)],
    ["task_notes", json(sql`${tasks.taskNotes}`)],
  ]);
}

/** How many hex digits of a token's digest a list shows. */
export const FINGERPRINT_DIGITS = 16;

/** The fields of tokens; `token` is the fingerprint. */
export function tokenFields(now: number): Fields {
  const digits = sql.raw(String(FINGERPRINT_DIGITS));
  return new Map<string, Field>([
    ["task", taskId(sql`${taskTokens.taskId}`)],
    ["task_id", taskId(sql`${taskTokens.taskId}`)],
    ["task_type", char(sql`${tasks.type}`)],
    ["token", char(sql`('sha256:' || substr(${taskTokens.digest}, 1, ${digits}))`)],
    ["created_on", time(sql`${taskTokens.createdAt}`)],
    ["expires", time(sql`${taskTokens.expiresAt}`)],
    ...ofTask(now),
  ]);
}

export function notificationFields(now: number): Fields {
  const joined = ofTask(now).map(([name, field]): [string, Field] => [
    name,
    { ...field, column: sql`(select ${field.column} from ${tasks} where ${tasks.id} = ${notifications.taskId})` },
  ]);
  return new Map<string, Field>([
    ["uuid", char(sql`${notifications.id}`)],
    ["pk", { ...char(sql`${notifications.id}`), isAlias: true }],
    ["task", taskId(sql`${notifications.taskId}`)],
    ["task_id", taskId(sql`${notifications.taskId}`)],
    ["error", boolean(sql`${notifications.error}`)],
    ["acknowledged", boolean(sql`${notifications.acknowledged}`)],
    ["created_on", time(sql`${notifications.createdAt}`)],
    ["notes", json(sql`${notifications.notes}`)],
    ...joined,
  ]);
}

const ofTask = (now: number): [string, Field][] =>
  [...taskFields(now)].map(([name, field]) => [`task__${name}`, { ...field, isAlias: true }]);
