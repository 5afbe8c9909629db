import type { Comparison, Operator, Query } from "../../storage/collections/query.ts";
import { listOperands, operand } from "./operands.ts";
import { isLongerThan, type Reader, reader } from "./text.ts";

const CHARACTERS_MAX = 4096;
const LEVELS_MAX = 32;
const VALUES_MAX = 64;

const OPEN = /[ \t\r\n]*\(/y;
const CLOSE = /[ \t\r\n]*\)/y;
const BLANKS = /[ \t\r\n]*/y;
const FIELD = /[ \t\r\n]*[A-Za-z_]+/y;
const OPERATOR = /[ \t\r\n]*(?:==|!=|<=|>=|<|>)/y;
const IN = /[ \t\r\n]+in(?=[ \t\r\n(['"])/iy;
const WORDS = { and: /[ \t\r\n]*and(?=[ \t\r\n(])/iy, or: /[ \t\r\n]*or(?=[ \t\r\n(])/iy };

/**
 * Reads a query (PAS contract, 5.3); undefined when it does not fit the grammar or its bounds. Which fields there are it does
 * not know.
 */
export function parseQuery(text: string): Query | undefined {
  if (isLongerThan(text, CHARACTERS_MAX)) return undefined;
  const from = reader(text);
  const query = junction(from, "or", LEVELS_MAX);
  from.take(BLANKS);
  return query && from.isAtEnd() && valuesIn(query) <= VALUES_MAX ? query : undefined;
}

/** Units joined by one word; `and` binds tighter than `or`. */
function junction(from: Reader, kind: "and" | "or", levels: number): Query | undefined {
  const members: Query[] = [];
  do {
    const member = kind === "or" ? junction(from, "and", levels) : unit(from, levels);
    if (!member) return undefined;
    members.push(member);
  } while (from.take(WORDS[kind]) !== undefined);
  return members.length === 1 ? members[0] : { kind, members };
}

function unit(from: Reader, levels: number): Query | undefined {
  if (from.take(OPEN) === undefined) return comparison(from);
  const inner = levels > 0 ? junction(from, "or", levels - 1) : undefined;
  return from.take(CLOSE) === undefined ? undefined : inner;
}

function comparison(from: Reader): Comparison | undefined {
  const field = from.take(FIELD)?.trim();
  if (field === undefined) return undefined;
  if (from.take(IN) !== undefined) {
    const operands = listOperands(from);
    return operands && { kind: "among", field, operands };
  }
  const operator = from.take(OPERATOR)?.trim();
  const right = operator === undefined ? undefined : operand(from);
  return right && { kind: "comparison", field, operator: operator as Operator, operand: right };
}

function valuesIn(query: Query): number {
  switch (query.kind) {
    case "comparison":
      return 1;
    case "among":
      return query.operands.length;
    default:
      return query.members.reduce((sum, member) => sum + valuesIn(member), 0);
  }
}
