import { fitsPassword } from "../../../core/passwords.ts";
import { isPermission } from "../../../core/permissions.ts";
import { invalid } from "../../../core/refusal.ts";
import { isJsonObject, isReservedUserName, isUserName, type Json, nameKey } from "../../../core/values.ts";

const NAME_LENGTH_MAX = 256;

/** Names that would collide with the other keys of the reply to `POST /user/add`. */
const REPLY_KEYS = ["identity", "assignment"];

/** Anything that has to be there; `label` is what its absence calls it. */
function required(value: unknown, name: string, label = name): unknown {
  return value === undefined || value === null || value === "" ? invalid(name, "required", label) : value;
}

/** Undefined for an optional field that is absent, else its value as `read` finds it. */
export function optional<T>(value: unknown, read: (present: unknown) => T): T | undefined {
  return value === undefined || value === null ? undefined : read(value);
}

/** A string that has to be there. */
export function text(value: unknown, name: string, label = name): string {
  const present = required(value, name, label);
  return typeof present === "string" ? present : invalid(name, "type");
}

const PLAIN = /^\P{Cc}{1,256}$/u;

/** Whether a value is a string of 1–256 characters, none of them a control character. */
export const isPlain = (value: unknown): value is string =>
  typeof value === "string" && value.isWellFormed() && PLAIN.test(value);

/** What something is called, as `isPlain` has it. */
export function plain(value: unknown, name: string): string {
  const present = required(value, name);
  return isPlain(present) ? present : invalid(name, "format");
}

export function integer(value: unknown, name: string, max: number): number {
  const present = required(value, name);
  const isIt = typeof present === "number" && Number.isInteger(present) && present >= 1 && present <= max;
  return isIt ? present : invalid(name, "format");
}

/** A list of at least one entry. */
export function list(value: unknown, name: string, lengthMax: number): unknown[] {
  const present = required(value, name);
  const isIt = Array.isArray(present) && present.length >= 1 && present.length <= lengthMax;
  return isIt ? present : invalid(name, "format");
}

export const object = (value: unknown, name: string): { [key: string]: Json } =>
  isJsonObject(value) ? value : invalid(name, "type");

/** An object of at most so many bytes as compact JSON. */
export function smallObject(value: unknown, name: string, bytesMax: number): { [key: string]: Json } {
  const given = object(value, name);
  const bytes = new TextEncoder().encode(JSON.stringify(given)).byteLength;
  return bytes <= bytesMax ? given : invalid(name, "too_long");
}

export function oneOf<T extends string>(value: unknown, name: string, options: readonly T[]): T {
  const present = text(value, name);
  return options.find((option) => option === present) ?? invalid(name, "choice");
}

const MESSAGE_LENGTH_MAX = 4096;

/** Why a task failed; undefined for an empty text. Half a character, as is left where a text was cut, is replaced. */
export function message(value: unknown): string | undefined {
  if (typeof value !== "string" || [...value].length > MESSAGE_LENGTH_MAX) return invalid("message", "too_long");
  return value.toWellFormed() || undefined;
}

/** The name of a user who may or may not be there. */
export function username(value: unknown): string {
  const name = text(value, "username");
  return [...name].length <= NAME_LENGTH_MAX ? name : invalid("username", "too_long");
}

/** The name of a user to be made (contract, 4.1). */
export function newUsername(value: unknown): string {
  const name = text(value, "username");
  if (!isUserName(name)) invalid("username", "format");
  return isReservedUserName(name) || REPLY_KEYS.includes(nameKey(name)) ? invalid("username", "reserved") : name;
}

/** A password as far as its form goes; the policy comes later. */
export function password(value: unknown, label = "password"): string {
  const secret = text(value, "password", label);
  return fitsPassword(secret) ? secret : invalid("password", "too_long");
}

export function permission(value: unknown): string {
  const wanted = text(value, "permission");
  return isPermission(wanted) ? wanted : invalid("permission", "format");
}

/** The project that a token is asked for. */
export function project(value: unknown): string {
  return typeof value === "string" && value !== "" ? value : invalid("project", "type");
}
