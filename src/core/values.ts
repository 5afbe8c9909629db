import * as z from "zod";
import { nameKey } from "../storage/keys.ts";
import { type Issue, type Problem, refuse } from "./refusal.ts";

export { nameKey };

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Names that are paths of the management dialect. */
const RESERVED_USER_NAMES: readonly string[] = ["token", "add", "password", "permission"];

const NAME = /^[^\s\p{Cc}/?#]{1,256}$/u;

/** What every dialect holds a user name to: 1–256 characters, no white space, control characters, `/`, `?`, `#`, not a dot path. */
export function isUserName(name: string): boolean {
  return name.isWellFormed() && NAME.test(name) && name !== "." && name !== "..";
}

export function isReservedUserName(name: string): boolean {
  return RESERVED_USER_NAMES.includes(nameKey(name));
}

/** The name of a user to be made. */
export const newUserName = z
  .string()
  .refine(isUserName, { error: problem("format"), abort: true })
  .refine((name) => !isReservedUserName(name), { error: problem("reserved") });

export const isJsonObject = (value: unknown): value is { [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What a JSON value is called, integers apart from other numbers. */
export function jsonTypeOf(value: unknown): "null" | "array" | "object" | "integer" | "number" | "boolean" | "string" {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  if (typeof value === "boolean") return "boolean";
  return typeof value === "string" ? "string" : "object";
}

/** Whether a JSON value is nested in more than so many levels. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

/** The product-wide id: 32 lower-case hex digits. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

const GROUP_NAME = /^[^\p{Cc}/?#]{1,256}$/u;

/** What group names are held to: 1–256 characters, no control characters, `/`, `?`, `#`, no blank at either end, not a dot path or view. */
export function isGroupName(name: string): boolean {
  const isPlain = name.isWellFormed() && GROUP_NAME.test(name) && name.trim() === name;
  return isPlain && name !== "." && name !== ".." && !name.startsWith("+");
}

const EMAIL = /^[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+$/;

/** The address rule of the roster and PAS dialects (roster contract, section 8). */
export function isPlainEmail(text: string): boolean {
  return text.length <= 254 && EMAIL.test(text);
}

export const plainEmail = z.string().refine(isPlainEmail, { error: problem("format") });

const LABEL_LENGTH_MAX = 256;

/** A text of at most 256 characters, none of them a control character. */
export const label = z
  .string()
  .refine((text) => [...text].length <= LABEL_LENGTH_MAX, { error: problem("too_long", LABEL_LENGTH_MAX) })
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), { error: problem("control") });

/** The name of a role in a group. */
export const roleName = z.string().min(1).pipe(label);

export const role = z.enum(["ADMIN", "USER"]);
export type Role = z.infer<typeof role>;

export const state = z.enum(["active", "inactive"]);

/** A schema's own word for what is wrong, to be used as the message of a refinement. */
export function problem(word: Problem, detail?: string | number): string {
  return detail === undefined ? word : `${word}:${detail}`;
}

/** Reads a value by a schema, or refuses with every issue that it has. */
export function read<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  return refuse({ kind: "invalid", issues: issuesOf(result.error) });
}

/** The issues of a zod error in the words of the core. */
export function issuesOf(error: z.ZodError): Issue[] {
  return error.issues.flatMap((issue): Issue[] => {
    const path = issue.path.map(String).join(".");
    if (issue.code !== "unrecognized_keys") return [{ path, ...wrong(issue), given: issue.input }];
    return issue.keys.map((key) => ({ path: path ? `${path}.${key}` : key, problem: "unknown" as const, detail: key }));
  });
}

function wrong(issue: z.core.$ZodIssue): Omit<Issue, "path" | "given"> {
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined) return { problem: "required" };
      return { problem: issue.input === null ? "null" : "type", detail: issue.expected };
    case "too_big":
      return {
        problem: issue.origin === "number" || issue.origin === "int" ? "too_big" : "too_long",
        detail: Number(issue.maximum),
      };
    case "too_small":
      if (issue.origin === "number" || issue.origin === "int") {
        return { problem: "too_small", detail: Number(issue.minimum) };
      }
      return issue.minimum === 1 ? { problem: "blank" } : { problem: "too_short", detail: Number(issue.minimum) };
    case "invalid_value":
      if (issue.input === undefined) return { problem: "required" };
      return issue.input === null ? { problem: "null" } : { problem: "choice", detail: printed(issue.input) };
    case "custom":
      return spoken(issue.message);
    default:
      return { problem: "format" };
  }
}

function spoken(message: string): Omit<Issue, "path"> {
  const [word, ...detail] = message.split(":");
  return detail.length > 0 ? { problem: word as Problem, detail: detail.join(":") } : { problem: word as Problem };
}

/** A JSON value as a refusal may repeat it. */
export const printed = (value: unknown): string =>
  (typeof value === "string" ? value : JSON.stringify(value)).slice(0, 200);
