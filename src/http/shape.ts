import type { Context } from "hono";
import type * as z from "zod";
import { isJsonObject, read } from "../core/values.ts";
import { readBody } from "./body.ts";
import { decline } from "./refusal.ts";

/** A documented JSON answer. */
export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

/** The documented refusals of a dialect's routes: those named, and what can happen to any. */
export const refusalsWith =
  <T extends z.ZodType>(shape: T) =>
  <C extends number>(...codes: C[]) =>
    Object.fromEntries([...codes, 413, 500, 503].map((code) => [code, json(shape, "Refused")])) as Record<
      C | 413 | 500 | 503,
      ReturnType<typeof json<T>>
    >;

/** A documented JSON body; the handler reads it when its turn comes. */
export const takes = <T extends z.ZodType>(schema: T, required = true) => ({
  body: { required, content: { "application/json": { schema } } },
});

/**
 * A body that is a JSON object, by its schema; undefined when there is none. Declines a malformed one, refuses `invalid` for
 * its members.
 */
export async function optionalBody<T extends z.ZodType>(c: Context, schema: T): Promise<z.output<T> | undefined> {
  const body = await readBody(c);
  if (!body.present) return undefined;
  return isJsonObject(body.value) ? read(schema, body.value) : decline({ kind: "malformed_body" });
}

/** The same for a body that has to be there. */
export async function objectBody<T extends z.ZodType>(c: Context, schema: T): Promise<z.output<T>> {
  return (await optionalBody(c, schema)) ?? decline({ kind: "malformed_body" });
}

/** The value of a query parameter, the first if it is repeated; undefined when absent. */
export const queryValue = (c: Context, name: string): string | undefined => c.req.queries(name)?.[0];
