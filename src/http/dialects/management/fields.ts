import { fitsPassword } from "../../../core/passwords.ts";
import { isPermission } from "../../../core/permissions.ts";
import { invalid } from "../../../core/refusal.ts";
import { isReservedUserName, isUserName, nameKey } from "../../../core/values.ts";

const NAME_LENGTH_MAX = 256;

/** Names that would collide with the other keys of the reply to `POST /user/add`. */
const REPLY_KEYS = ["identity", "assignment"];

/** A string that has to be there; `label` is what its absence calls it. */
export function text(value: unknown, name: string, label = name): string {
  if (value === undefined || value === null || value === "") invalid(name, "required", label);
  return typeof value === "string" ? value : invalid(name, "type");
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
