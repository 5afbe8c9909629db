import { type Conditions, compile, type Fields } from "../storage/filters.ts";
import { type Issue, invalid, refuse } from "./refusal.ts";
import { isDeeperThan, isJsonObject } from "./values.ts";

const BYTES_MAX = 8192;
const DEPTH_MAX = 64;

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
  if (!isJsonObject(conditions) || !Object.values(conditions).every(isJsonObject)) return malformed();
  return conditions as Conditions;
}

/** What conditions select among rows with these fields. Refuses `invalid` with the first fault. */
export function selection(conditions: Conditions, fields: Fields) {
  const compiled = compile(conditions, fields);
  if ("where" in compiled) return compiled.where;
  const { fault } = compiled;
  const issue: Issue =
    fault.kind === "field"
      ? { path: fault.field, problem: "filter_field", detail: fault.choices.join(", ") }
      : fault.kind === "operation"
        ? { path: fault.operation, problem: "filter_operation", detail: fault.class }
        : { path: `${fault.field}__${fault.operation}`, problem: "filter_value" };
  return refuse({ kind: "invalid", issues: [issue] });
}
