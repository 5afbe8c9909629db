import type { Issue } from "../../../core/refusal.ts";

const NAMES: Record<string, string> = {
  q: "search query",
  select: "select",
  order_by: "order_by",
  limit: "limit",
  offset: "offset",
  group: "aggregate query",
};

/** What is said of a malformed part of a search or aggregation (contract, 5); undefined: the issue is about something else. */
export function queryRefusal({ path, problem, detail = "" }: Issue): string | undefined {
  const name = problem === "malformed" && Object.hasOwn(NAMES, path) ? NAMES[path] : undefined;
  return name && `Invalid ${name} '${detail}'`;
}
