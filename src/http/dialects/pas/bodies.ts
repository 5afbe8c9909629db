import type { Context } from "hono";
import * as z from "zod";
import { isJsonObject, problem, read } from "../../../core/values.ts";
import { readBody } from "../../body.ts";
import { decline } from "../../refusal.ts";

/** A body by its schema. Declines what is not JSON and none at all, refuses `invalid` with everything that is wrong. */
export async function bodyOf<T extends z.ZodType>(c: Context, schema: T): Promise<z.output<T>> {
  const body = await readBody(c);
  return read(schema, body.present ? body.value : decline({ kind: "malformed_body" }));
}

/** A body that is any object, with every key as it was sent: a copy would lose `__proto__`. */
export const anyObject = z.custom<Record<string, unknown>>(isJsonObject, {
  error: problem("type", "object"),
});
