import { and, isNull, type SQL, sql } from "drizzle-orm";
import { inKeyOrder } from "./keys.ts";
import { notifications, tasks, taskTokens } from "./schema.ts";

/** The classes of fields, by the names that their errors give them. */
export type FieldClass = "CharField" | "BooleanField" | "DateTimeField" | "JSONField";

interface Field {
  class: FieldClass;
  column: SQL;
  /** Its value is the id of a task: dashes and upper case are taken. */
  isTaskId?: boolean;
  /** Another name of a field; it is not listed among the choices. */
  isAlias?: boolean;
}

export type Fields = ReadonlyMap<string, Field>;

/** Conditions by field and operation, as a client wrote them. */
export type Conditions = Record<string, Record<string, unknown>>;

export type FilterFault =
  | { kind: "field"; field: string; choices: string[] }
  | { kind: "operation"; operation: string; class: FieldClass }
  | { kind: "value"; field: string; operation: string };

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
    ["approved", boolean(sql`${tasks.approved}`)],
    ["completed", boolean(sql`${tasks.completed}`)],
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
  return new Map<string, Field>([
    ["task", taskId(sql`${taskTokens.taskId}`)],
    ["task_id", taskId(sql`${taskTokens.taskId}`)],
    ["task_type", char(sql`${tasks.type}`)],
    ["token", char(sql`('sha256:' || substr(${taskTokens.digest}, 1, ${FINGERPRINT_DIGITS}))`)],
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

/** Compiles conditions, all of which must hold; gives the first fault instead, if there is one. */
export function compile(conditions: Conditions, fields: Fields): { where: SQL | undefined } | { fault: FilterFault } {
  const parts: SQL[] = [];
  for (const [name, operations] of Object.entries(conditions)) {
    const field = fields.get(name);
    if (!field) return { fault: { kind: "field", field: name, choices: choicesOf(fields) } };
    for (const [operation, value] of Object.entries(operations)) {
      if (operation !== "exact") return { fault: { kind: "operation", operation, class: field.class } };
      const part = value === null ? isNull(field.column) : exact(field, value);
      if (!part) return { fault: { kind: "value", field: name, operation } };
      parts.push(part);
    }
  }
  return { where: and(...parts) };
}

const choicesOf = (fields: Fields) => [...fields].flatMap(([name, { isAlias }]) => (isAlias ? [] : [name])).sort();

function exact({ class: fieldClass, column, isTaskId }: Field, value: unknown): SQL | undefined {
  if (fieldClass === "JSONField") return sql`${column} = ${JSON.stringify(inKeyOrder(value))}`;
  if (typeof value === "object") return undefined;
  switch (fieldClass) {
    case "CharField": {
      const text = typeof value === "boolean" ? (value ? "True" : "False") : String(value);
      return sql`${column} = ${isTaskId ? text.replaceAll("-", "").toLowerCase() : text}`;
    }
    case "BooleanField": {
      const truth = truthOf(value);
      return truth === undefined ? undefined : sql`${column} = ${truth ? 1 : 0}`;
    }
    case "DateTimeField": {
      const at = typeof value === "string" ? timeOf(value) : undefined;
      return at === undefined ? undefined : sql`${column} = ${at}`;
    }
  }
}

function truthOf(value: unknown): boolean | undefined {
  if (value === true || value === 1 || value === "True") return true;
  return value === false || value === 0 || value === "False" ? false : undefined;
}

const TIME = /^\d{4}-\d{2}-\d{2}(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Unix milliseconds of an ISO date (its midnight) or date-time; UTC without a zone. */
function timeOf(text: string): number | undefined {
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [, clock = "00:00", zone = "Z"] = match;
  const colon = zone === "Z" ? zone : zone.replace(/(\d{2}):?(\d{2})$/, "$1:$2");
  const day = text.slice(0, 10);
  const midnight = Date.parse(day);
  // JavaScript takes the 30th of February for a day in March.
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return undefined;
  const at = Date.parse(`${day}T${clock}${colon}`);
  return Number.isNaN(at) ? undefined : at;
}
