import { and, or, type SQL, sql } from "drizzle-orm";
import { timeOf } from "../filters/times.ts";
import type { Field, Fields } from "./fields.ts";
import type { Comparison, Junction, Operand, Operator, Query } from "./query.ts";

/** A condition on rows; `true` holds for all of them, `false` for none. */
export type Compiled = SQL | boolean;

/** What a statement has to say of rows, if anything. */
export const conditionOf = (where: Compiled): SQL | undefined =>
  typeof where === "object" ? where : where ? undefined : sql`0`;

const OPERATORS: Record<Operator, SQL> = {
  "==": sql`=`,
  "!=": sql`<>`,
  "<=": sql`<=`,
  ">=": sql`>=`,
  "<": sql`<`,
  ">": sql`>`,
};

/**
 * Compiles a query on the fields of a collection (PAS contract, 5.3); undefined when it asks about anything else, or compares
 * a time with what is none. A null matches nothing.
 */
export function compile(query: Query, fields: Fields): Compiled | undefined {
  if ("members" in query) return junction(query, fields);
  const field = fields.get(query.field);
  const compiled = field && onField(field, query);
  return compiled !== undefined && field?.isAlwaysNull ? false : compiled;
}

function onField(field: Field, query: Comparison): Compiled | undefined {
  switch (field.kind) {
    case "number":
      return onNumber(field, query);
    case "text":
      return onText(field, query);
    case "time":
      return onTime(field, query);
  }
}

function junction({ kind, members }: Junction, fields: Fields): Compiled | undefined {
  const parts = members.map((member) => compile(member, fields));
  if (parts.includes(undefined)) return undefined;
  // D1 limits the depth of an expression, so that what is settled must not add to it.
  const settling = kind === "or";
  if (parts.includes(settling)) return settling;
  const open = parts.filter((part): part is SQL => typeof part === "object");
  return (kind === "and" ? and(...open) : or(...open)) ?? !settling;
}

function onNumber({ column }: Field, query: Comparison): Compiled {
  if (query.kind === "among") return oneOf(column, query.operands.map(({ value }) => value).filter(isNumber));
  const { operator, operand } = query;
  return isNumber(operand.value) ? compared(column, operator, operand.value) : operator === "!=";
}

function onText({ column, among }: Field, query: Comparison): Compiled {
  if (query.kind === "among") {
    const texts = query.operands.map(textOf);
    return among && texts.length > 0 ? among(texts) : oneOf(column, texts);
  }
  const { operator, operand } = query;
  if (!among || !(operator === "==" || operator === "!=")) return compared(column, operator, textOf(operand));
  const found = among([textOf(operand)]);
  return operator === "==" ? found : sql`(${column} is not null and not ${found})`;
}

function onTime({ column }: Field, query: Comparison): Compiled | undefined {
  const operands = query.kind === "among" ? query.operands : [query.operand];
  const times = operands.map(({ text }) => timeOf(text));
  if (times.includes(undefined)) return undefined;
  const known = times.filter(isNumber);
  return query.kind === "among" ? oneOf(column, known) : compared(column, query.operator, known[0] ?? 0);
}

const isNumber = (value: unknown): value is number => typeof value === "number";

/** Every stored text is well-formed. */
const textOf = ({ text }: Operand) => text.toWellFormed();

const compared = (column: SQL, operator: Operator, value: string | number): SQL =>
  sql`${column} ${OPERATORS[operator]} ${value}`;

function oneOf(column: SQL, values: (string | number)[]): Compiled {
  const list = values.map((value) => sql`${value}`);
  return list.length > 0 && sql`${column} in (${sql.join(list, sql`, `)})`;
}
