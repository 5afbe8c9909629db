import { invalid } from "../../../core/refusal.ts";
import { isPlainEmail } from "../../../core/values.ts";
import { protectedKey } from "./shapes.ts";

/** Refuses `invalid` for the first key of a body that no patch may change. */
export function mustBeChangeable(body: object): void {
  const key = protectedKey(body);
  if (key !== undefined) invalid(key, "unchangeable");
}

export function mustBeEmail(email: string): void {
  if (!isPlainEmail(email)) invalid("email", "format", email);
}
