import { and, isNull, type SQL, sql } from "drizzle-orm";
import type { Field, FieldClass, Fields } from "./fields.ts";
import { patternOf } from "./patterns.ts";
import { type Condition, type Test, textCondition } from "./text.ts";
import { partOf, partOperandOf, shownTime } from "./times.ts";
import { equalOf, operandOf, plainTextOf, textOf, truthOf } from "./values.ts";

/** Conditions by field and operation, as a client wrote them. */
export type Conditions = Record<string, Record<string, unknown>>;

export type FilterFault =
  | { kind: "field"; field: string; choices: string[] }
  | { kind: "operation"; operation: string; class: FieldClass }
  | { kind: "value"; field: string; operation: string };

/** What SQL cannot say exactly, and which condition said it. */
export type NamedTest = Test & { field: string; operation: string };

/** Conditions, all of which must hold. */
export interface Compiled {
  where: SQL | undefined;
  tests: NamedTest[];
}

/** Compiles conditions; gives the first fault instead, if there is one. */
export async function compile(conditions: Conditions, fields: Fields): Promise<Compiled | { fault: FilterFault }> {
  const parts: SQL[] = [];
  const tests: NamedTest[] = [];
  for (const [name, operations] of Object.entries(conditions)) {
    const field = fields.get(name);
    if (!field) return { fault: { kind: "field", field: name, choices: choicesOf(fields) } };
    for (const [operation, value] of Object.entries(operations)) {
      if (!isOperation(field, operation)) return { fault: { kind: "operation", operation, class: field.class } };
      const condition = await conditionOn(field, operation, value);
      if (!condition) return { fault: { kind: "value", field: name, operation } };
      if ("sql" in condition) parts.push(condition.sql);
      else tests.push({ ...condition, field: name, operation });
    }
  }
  return { where: and(...parts), tests };
}

const choicesOf = (fields: Fields) => [...fields].flatMap(([name, { isAlias }]) => (isAlias ? [] : [name])).sort();

const OPERATIONS: ReadonlySet<string> = new Set([
  ...["exact", "iexact", "in", "range", "isnull", "gt", "gte", "lt", "lte", "regex", "iregex"],
  ...["contains", "icontains", "startswith", "istartswith", "endswith", "iendswith"],
]);

const ORDERS: ReadonlyMap<string, SQL> = new Map([
  ["gt", sql`>`],
  ["gte", sql`>=`],
  ["lt", sql`<`],
  ["lte", sql`<=`],
]);

function isOperation(field: Field, operation: string): boolean {
  return OPERATIONS.has(operation) || (field.class === "DateTimeField" && timePart(field, operation) !== undefined);
}

/** A part of a time and how it is compared: `year__gte`. */
function timePart({ column }: Field, operation: string) {
  const [name = "", ...orders] = operation.split("__");
  const part = partOf(name, column);
  const order = orders.length === 0 ? sql`=` : orders.length === 1 ? ORDERS.get(orders[0] ?? "") : undefined;
  return part && order && { name, part, order };
}

/** A known operation on a field; undefined: its value does not convert. */
async function conditionOn(field: Field, operation: string, value: unknown): Promise<Condition | undefined> {
  const { column } = field;
  switch (operation) {
    case "exact":
      return value === null ? { sql: isNull(column) } : comparison(column, sql`=`, equalOf(field, value));
    case "iexact":
      if (value === null) return { sql: isNull(column) };
      if (field.class === "BooleanField" || field.class === "DateTimeField") return conditionOn(field, "exact", value);
      return onText(field, operation, value);
    case "in":
      return membership(field, value);
    case "range":
      return range(field, value);
    case "isnull": {
      const truth = truthOf(value);
      return truth === undefined ? undefined : { sql: truth ? isNull(column) : sql`${column} is not null` };
    }
    case "regex":
    case "iregex":
      return onPattern(field, operation === "iregex", value);
  }
  const order = ORDERS.get(operation);
  if (order) return comparison(column, order, operandOf(field, value));
  return OPERATIONS.has(operation) ? onText(field, operation, value) : onTimePart(field, operation, value);
}

const comparison = (column: SQL, order: SQL, operand: string | number | undefined): Condition | undefined =>
  operand === undefined ? undefined : { sql: sql`${column} ${order} ${operand}` };

function membership(field: Field, value: unknown): Condition | undefined {
  if (!Array.isArray(value)) return undefined;
  const operands = value.filter((each) => each !== null).map((each) => equalOf(field, each));
  if (operands.includes(undefined)) return undefined;
  // SQLite would sort a list by one truth value that it has to look up.
  if (operands.length === 1) return comparison(field.column, sql`=`, operands[0]);
  return { sql: sql`${field.column} in (select value from json_each(${JSON.stringify(operands)}))` };
}

function range(field: Field, value: unknown): Condition | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [from, to] = value.map((each) => operandOf(field, each));
  if (from === undefined || to === undefined) return undefined;
  return { sql: sql`${field.column} between ${from} and ${to}` };
}

function onText(field: Field, operation: string, value: unknown): Condition | undefined {
  const text = plainTextOf(field, value);
  return text === undefined ? undefined : textCondition(shownText(field), operation, text);
}

async function onPattern(field: Field, ignoringCase: boolean, value: unknown): Promise<Condition | undefined> {
  const source = textOf(field, value);
  const pattern = source === undefined ? undefined : await patternOf(source, ignoringCase);
  return pattern && { ...pattern, text: shownText(field) };
}

function onTimePart(field: Field, operation: string, value: unknown): Condition | undefined {
  const found = timePart(field, operation);
  return found && comparison(found.part, found.order, partOperandOf(found.name, value));
}

/** The text that the JSON answer shows of a field. */
function shownText({ class: fieldClass, column }: Field): SQL {
  switch (fieldClass) {
    case "CharField":
    case "JSONField":
      return column;
    case "BooleanField":
      return sql`(case ${column} when 1 then 'true' when 0 then 'false' end)`;
    case "DateTimeField":
      return shownTime(column);
  }
}
