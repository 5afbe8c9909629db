import type { Handler, MiddlewareHandler, TypedResponse } from "hono";
import type { StatusCode } from "hono/utils/http-status";
import type { JSONParsed } from "hono/utils/types";
import type * as z from "zod";
import type { Served } from "./dialect.ts";

type Json = { "application/json": { schema: z.ZodType } };

/** A refusal outside the dialects (RFC 9457). */
type Problem = { "application/problem+json": { schema: z.ZodType } };

/** What is for people, and what their browsers need to show it. */
type Shown = Partial<Record<"text/html" | "text/css" | "text/javascript" | "image/svg+xml", { schema: z.ZodType }>>;

type Form = { "application/x-www-form-urlencoded": { schema: z.ZodType } };

/** An answer in the terms of OpenAPI; without content it has no body. */
interface Reply {
  description: string;
  headers?: Record<string, { description: string; schema: { type: "string" } }>;
  content?: Json | Problem | Shown;
}

/** A route as data, in the terms of OpenAPI: from it come what is served, the document, and the tests of every route. */
export interface Route {
  method: "get" | "post" | "put" | "patch" | "delete";
  /** Parameters stand in braces; each is a whole segment. */
  path: string;
  summary: string;
  security: Record<string, string[]>[];
  middleware: MiddlewareHandler<Served>[];
  request?: {
    params?: z.ZodObject;
    query?: z.ZodObject;
    headers?: z.ZodObject;
    body?: { required: boolean; content: Json | Form };
  };
  responses: Record<number, Reply>;
  /** A GET that is not served to HEAD. */
  "x-no-head"?: true;
}

type AnswerOf<Status, R> = R extends { content: { "application/json": { schema: infer S extends z.ZodType } } }
  ? TypedResponse<JSONParsed<z.output<S>>, Status & StatusCode, "json">
  : R extends { content: Shown }
    ? TypedResponse<string, Status & StatusCode, "body">
    : TypedResponse<null, Status & StatusCode, "body">;

/** One of the answers that a route declares. */
type Declared<R extends Route> = {
  [Status in keyof R["responses"]]: AnswerOf<Status, R["responses"][Status]>;
}[keyof R["responses"]];

type Coloned<Path extends string> = Path extends `${infer Start}{${infer Name}}${infer Rest}`
  ? `${Start}:${Name}${Coloned<Rest>}`
  : Path;

/** What serves a route: it may give no answer but one that the route declares. */
export type HandlerOf<R extends Route> = Handler<
  Served,
  Coloned<R["path"]>,
  object,
  Declared<R> | Promise<Declared<R>>
>;

/** A route whose types are as narrow as they are written. */
export const createRoute = <const R extends Route>(route: R): R => route;

/** The pattern of a route as hono writes it. */
export const colonsIn = (path: string): string => path.replace(/\{([^}]+)\}/g, ":$1");
