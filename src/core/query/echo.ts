import type { Query } from "../../storage/collections/query.ts";

/** A query as an answer tells how it was understood (PAS contract, 5.3). */
export type Echo =
  | { field: string; operator: string; value: string | number | (string | number)[] }
  | { operator: "and" | "or"; value: Echo[] };

export function echoOf(query: Query): Echo {
  switch (query.kind) {
    case "comparison":
      return { field: query.field, operator: query.operator, value: query.operand.value };
    case "among":
      return { field: query.field, operator: "in", value: query.operands.map(({ value }) => value) };
    default:
      return { operator: query.kind, value: query.members.map(echoOf) };
  }
}
