import type { Conditions, FilterFault } from "../storage/filters/compile.ts";
import type { List } from "../storage/filters/lists.ts";
import { type Selected, select } from "../storage/filters/select.ts";
import type { Core } from "./context.ts";
import { type Issue, invalid, refuse } from "./refusal.ts";
import { isDeeperThan, isJsonObject } from "./values.ts";

const BYTES_MAX = 8192;
const DEPTH_MAX = 64;

/** Each takes up to two of the 100 values that a statement of D1 can bind. */
const CONDITIONS_MAX = 40;

/** The conditions in a `filters` parameter (workflow contract, 6), with or without the outer wrapper. Refuses `invalid`. */
export function conditionsFrom(text: string | undefined): Conditions {
  if (!text) return {};
  const malformed = () => invalid("filters", "filter_form");
  if (new TextEncoder().encode(text).byteLength > BYTES_MAX) return malformed();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return malformed();
  }
  if (!isJsonObject(parsed) || isDeeperThan(parsed, DEPTH_MAX)) return malformed();
  const keys = Object.keys(parsed);
  const conditions = keys.length === 1 && keys[0] === "filters" ? parsed["filters"] : parsed;
  if (!isJsonObject(conditions)) return malformed();
  const operations = Object.values(conditions);
  if (!operations.every(isJsonObject)) return malformed();
  return operations.flatMap(Object.keys).length > CONDITIONS_MAX ? malformed() : (conditions as Conditions);
}

/** What conditions select in a list. Refuses `invalid` with the first fault. */
export async function selection({ db }: Core, list: List, conditions: Conditions): Promise<Selected> {
  const selected = await select(db, list, conditions);
  return "fault" in selected ? refuse({ kind: "invalid", issues: [issueOf(selected.fault)] }) : selected;
}

function issueOf(fault: FilterFault): Issue {
  switch (fault.kind) {
    case "field":
      return { path: fault.field, problem: "filter_field", detail: fault.choices.join(", ") };
    case "operation":
      return { path: fault.operation, problem: "filter_operation", detail: fault.class };
    case "value":
      return { path: `${fault.field}__${fault.operation}`, problem: "filter_value" };
  }
}
