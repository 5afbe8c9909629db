import { invalid } from "./refusal.ts";
import { isReservedUserName } from "./values.ts";

const NAME = /^[a-z0-9-]+$/;
const NAME_LENGTH_MAX = 256;
/** What may stand before a colon in names of the clouds behind this API; here none of them is taken. */
const PREFIXES = ["local", "github", "lxd", "kvm"];

/** A member that has to be a text which is not empty. Refuses `invalid`. */
export function text(value: unknown, path: string): string {
  if (typeof value !== "string") invalid(path, "type");
  return value === "" ? invalid(path, "blank") : value;
}

/** The name of what is made here, in lower case (contract, section 4, "Name rule"). Refuses `invalid`. */
export function newName(value: unknown, path: "username" | "controller" | "model"): string {
  const name = text(value, path).toLowerCase();
  const prefix = (value as string).split(":", 1)[0] ?? "";
  if (name.includes(":") && !PREFIXES.includes(prefix.toLowerCase())) invalid(path, "prefix", prefix);
  if (!NAME.test(name)) invalid(path, "letters");
  if (name.length > NAME_LENGTH_MAX) invalid(path, "too_long", NAME_LENGTH_MAX);
  return path === "username" && isReservedUserName(name) ? invalid(path, "reserved") : name;
}
