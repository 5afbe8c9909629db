import { text } from "./access-names.ts";
import { CONTROLLER_TYPES } from "./controllers.ts";
import { invalid } from "./refusal.ts";
import { rfc3339 } from "./times.ts";
import { isJsonObject } from "./values.ts";

const REGION_LENGTH_MAX = 256;
const CREDENTIALS_BYTES_MAX = 64 * 1024;

/** One of some words in any letter case. */
function choice<W extends string>(value: unknown, path: string, words: readonly W[]): W {
  const given = text(value, path);
  return words.find((word) => word === given.toLowerCase()) ?? invalid(path, "choice", given);
}

/** A level on a controller or model (contract, section 4, "Access rule"). */
export const level = <L extends string>(value: unknown, levels: readonly L[]): L => choice(value, "access", levels);

/** When a grant ends, Unix milliseconds; null for never (section 4, "`expires_at` rule"). */
export function endAfter(value: unknown, now: number): number | null {
  if (value === undefined || value === null) return null;
  const at = typeof value === "string" ? rfc3339(value) : undefined;
  return at !== undefined && at > now ? at : invalid("expires_at", "format");
}

/** The kind of a controller (section 11). */
export const controllerType = (value: unknown): string => choice(value, "type", CONTROLLER_TYPES);

export function region(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== "string") return invalid("region", "type");
  return [...value].length > REGION_LENGTH_MAX ? invalid("region", "too_long", REGION_LENGTH_MAX) : value;
}

/** What a controller is logged in to with, as text. */
export function controllerCredentials(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== "string" && !isJsonObject(value)) return invalid("credentials", "type");
  const content = typeof value === "string" ? value : JSON.stringify(value);
  const isTooLong = new TextEncoder().encode(content).byteLength > CREDENTIALS_BYTES_MAX;
  return isTooLong ? invalid("credentials", "too_long", CREDENTIALS_BYTES_MAX) : content;
}

/** The name of the credential that a model is made with, if it is. */
export function credentialName(value: unknown): string | undefined {
  return value === undefined || typeof value === "string" ? value : invalid("credentials", "type");
}
