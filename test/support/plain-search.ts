import type { Comparison, Operator, Query } from "../../src/storage/collections/query.ts";

/** What an item shows. */
export type Data = Record<string, unknown>;

/** Fields that are told in ISO 8601, and those that take numbers; all else is text. */
const TIMES = ["created", "modified", "deleted", "expires_at", "last_used_on"];

/** Texts in the order of code points. */
export function order(one: string, other: string): number {
  const [left, right] = [Array.from(one), Array.from(other)];
  const at = left.findIndex((letter, index) => letter !== right[index]);
  if (at < 0) return left.length - right.length;
  return (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1);
}

/** Null, then numbers, then texts as shown: a shown time is in the order of the time. */
export function orderOfValues(one: unknown, other: unknown): number {
  if (one === null || other === null) return Number(other === null) - Number(one === null);
  return typeof one === "string" ? order(one, String(other)) : Number(one) - Number(other);
}

/** Microseconds of a time with or without a zone. */
const instant = (text: string) => {
  const [, rest = "", fraction = "", zone = "Z"] = /^(.*?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
  return Date.parse(rest.includes("T") ? `${rest}${zone}` : rest) * 1000 + Number(fraction.padEnd(6, "0"));
};

const HOLDS: Record<Operator, (sign: number) => boolean> = {
  "==": (sign) => sign === 0,
  "!=": (sign) => sign !== 0,
  "<=": (sign) => sign <= 0,
  ">=": (sign) => sign >= 0,
  "<": (sign) => sign < 0,
  ">": (sign) => sign > 0,
};

/** What else a text of a field may mean. */
export type Meaning = (field: string, text: string) => string;

/** Whether an item is one that a query asks for, by the contract's words alone (5.3). */
export function holds(query: Query, data: Data, meaning: Meaning): boolean {
  if (!("members" in query)) return compares(query, data, meaning);
  return query.kind === "and"
    ? query.members.every((member) => holds(member, data, meaning))
    : query.members.some((member) => holds(member, data, meaning));
}

function compares(query: Comparison, data: Data, meaning: Meaning): boolean {
  if (query.kind === "among") {
    const { kind, field, operands } = { ...query, kind: "comparison" as const };
    return operands.some((operand) => compares({ kind, field, operator: "==", operand }, data, meaning));
  }
  const { field, operator, operand } = query;
  const own = data[field];
  if (own === null) return false;
  if (typeof own === "number") {
    return typeof operand.value === "number" ? HOLDS[operator](own - operand.value) : operator === "!=";
  }
  if (TIMES.includes(field)) return HOLDS[operator](instant(String(own)) - instant(operand.text));
  const isNamed = operator === "==" || operator === "!=";
  return HOLDS[operator](order(String(own), isNamed ? meaning(field, operand.text) : operand.text));
}
