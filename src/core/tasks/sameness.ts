import { digest } from "../secrets.ts";
import type { Json } from "../values.ts";
import type { TaskSeed } from "./remote.ts";

/**
 * What two tasks share exactly when they are duplicates: type and the data of all actions are equal, lists as sets, e-mail
 * addresses without regard to case (workflow contract, 4.5).
 */
export async function samenessOf({ type, actions }: Pick<TaskSeed, "type" | "actions">): Promise<string> {
  return digest(JSON.stringify([type, ...actions.map(({ name, data }) => [name, canonical(data)])]));
}

function canonical(value: Json, key = ""): Json {
  if (Array.isArray(value)) {
    const parts = value.map((part) => JSON.stringify(canonical(part)));
    return [...new Set(parts)].sort();
  }
  if (typeof value === "object" && value !== null) {
    return Object.keys(value)
      .sort()
      .map((name) => [name, canonical(value[name] ?? null, name)]);
  }
  return typeof value === "string" && /(^|_)email$/.test(key) ? value.toLowerCase() : value;
}
