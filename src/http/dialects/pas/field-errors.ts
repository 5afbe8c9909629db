import { cut } from "../../../core/query/text.ts";
import type { Issue } from "../../../core/refusal.ts";
import { KEY_SCOPES } from "../../../core/scopes.ts";

/** A JSON value as a message shows it (contract, 2.4). */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "string" ? `'${cut(value)}'` : cut(JSON.stringify(value));
}

export interface FieldError {
  field: string;
  message: string;
}

const PROBLEMS_OF_SCHEMAS: readonly string[] = [
  "required",
  "null",
  "type",
  "unknown",
  "too_long",
  "blank",
  "control",
  "choice",
  "past",
];

/** Whether an issue is that a body does not fit its schema (E5); all others are told one at a time. */
export const isOfSchema = ({ path, problem }: Issue): boolean =>
  PROBLEMS_OF_SCHEMAS.includes(problem) && !isOfPolicy({ path, problem });

/** Whether an issue is with a password that cannot be set: no schema limits a password. */
export const isOfPolicy = ({ path, problem }: Issue): boolean =>
  path === "password" && ["blank", "too_long", "format", "weak"].includes(problem);

/** What is wrong with a body, by field. */
export function fieldErrors(issues: Issue[]): FieldError[] {
  const strangers = issues.filter(({ problem }) => problem === "unknown");
  const others = issues.filter(({ problem }) => problem !== "unknown");
  const errors = [...others.map(errorOf), ...unexpected(strangers)];
  return errors.sort((one, other) => (one.field < other.field ? -1 : one.field > other.field ? 1 : 0));
}

function errorOf(issue: Issue): FieldError {
  if (issue.problem !== "required") return { field: issue.path, message: textOf(issue) };
  const key = issue.path.split(".").at(-1) ?? "";
  return { field: parentOf(issue.path, key), message: `'${key}' is a required property` };
}

/** The path of the object that has or lacks a key. */
const parentOf = (path: string, key: string) => path.slice(0, -key.length).replace(/\.$/, "");

function unexpected(issues: Issue[]): FieldError[] {
  const keys = new Map<string, string[]>();
  for (const { path, detail } of issues) {
    const field = parentOf(path, String(detail));
    keys.set(field, [...(keys.get(field) ?? []), String(detail)]);
  }
  return [...keys].map(([field, names]) => {
    const listed = names.sort().map(shown).join(", ");
    const verb = names.length > 1 ? "were" : "was";
    return { field, message: `Additional properties are not allowed (${listed} ${verb} unexpected)` };
  });
}

function textOf({ problem, detail, given }: Issue): string {
  const value = shown(given);
  switch (problem) {
    case "too_long":
      return `${value} is too long`;
    case "blank":
      return `${value} is too short`;
    case "control":
      return `${value} contains control characters`;
    case "choice":
      return `${value} is not one of ${JSON.stringify(KEY_SCOPES)}`;
    case "past":
      return `${value} is not a date-time in the future`;
    default:
      return detail === NEITHER
        ? `${value} is not valid under any of the given schemas`
        : `${value} is not of type '${detail}'`;
  }
}

/** The type wanted of what may be null as well. */
export const NEITHER = "nullable";
