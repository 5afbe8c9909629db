import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { isJsonObject, read } from "../core/values.ts";
import { type Body, readBody } from "./body.ts";
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

/** A body that has to be a JSON object, by its schema. Declines a malformed one, refuses `invalid` for its members. */
export async function objectBody<T extends z.ZodType>(c: Context, schema: T): Promise<z.output<T>> {
  const body: Body = await readBody(c);
  if (!body.present || !isJsonObject(body.value)) decline({ kind: "malformed_body" });
  return read(schema, body.value);
}

/** The value of a query parameter, the first if it is repeated; undefined when absent. */
export const queryValue = (c: Context, name: string): string | undefined => c.req.queries(name)?.[0];

export { z };
