import type { Context } from "hono";
import * as z from "zod";
import { isJsonObject, read } from "../core/values.ts";
import { readBody } from "./body.ts";
import { decline } from "./refusal.ts";

/** A documented JSON answer. */
export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

/** Why a call is refused with a status, whatever the dialect. */
const REFUSED: Record<number, string> = {
  400: "What was sent is malformed or breaks a rule",
  401: "The credential is missing or no good",
  403: "The caller may not",
  404: "It is not there, or not for the caller to know",
  409: "What is there already stands against it",
  413: "The body is too large",
  422: "What was sent breaks a rule",
  429: "Too many wrong passwords: try again later",
  500: "A fault, told by the request id alone",
  501: "Not done by this program",
  503: "A store cannot be reached, or the deployment is not set up",
};

/** The documented refusals of a dialect's routes: those named, and what can happen to any. */
export const refusalsWith =
  <T extends z.ZodType, M extends string = "application/json">(schema: T, type = "application/json" as M) =>
  <C extends number = never>(...codes: C[]) =>
    Object.fromEntries(
      [...codes, 413, 500, 503].map((code) => [
        code,
        { description: REFUSED[code] ?? "Refused", content: { [type]: { schema } } },
      ]),
    ) as Record<C | 413 | 500 | 503, { description: string; content: Record<M, { schema: T }> }>;

/** Documented query parameters that may be left out; the handler reads them when their turn comes. */
export const wishes = (...names: string[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, z.string().optional()])));

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
