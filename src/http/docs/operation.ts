import type * as z from "zod";
import type { Route } from "../route.ts";
import type { JsonSchema, Schemas } from "./schemas.ts";
import { saidOf } from "./security.ts";

interface Media {
  schema: JsonSchema;
  example?: unknown;
}

interface Reply {
  description: string;
  headers: Record<string, unknown>;
  content?: Record<string, Media>;
}

/** An operation of OpenAPI 3.1, as far as it is made here. */
export interface Operation {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  security: Record<string, string[]>[];
  parameters: Record<string, unknown>[];
  requestBody?: { required: boolean; content: Record<string, Media> };
  responses: Record<string, Reply>;
}

/** A route of a dialect under a path, whose parameters may be spelled another way than the route's. */
export function operationOf(route: Route, dialect: string, path: string, schemas: Schemas): Operation {
  const { summary, security, request = {}, responses } = route;
  const { query, headers, body } = request;
  return {
    operationId: idOf(dialect, route),
    summary,
    description: `${summary}. ${saidOf(security)}`,
    tags: [dialect],
    security,
    parameters: [
      ...[...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => parameter("path", name, { type: "string" }, true)),
      ...parametersIn("query", query, schemas),
      ...parametersIn("header", headers, schemas),
    ],
    ...(body && { requestBody: { required: body.required, content: contentOf(body.content, "input", schemas) } }),
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, reply]) => [status, replyOf(Number(status), reply, schemas)]),
    ),
  };
}

/** One operation of two that share a method and a path: the header `X-Auth-Token` tells which it is. */
export function eitherOf(withToken: Operation, without: Operation): Operation {
  const statuses = new Set([...Object.keys(withToken.responses), ...Object.keys(without.responses)]);
  return {
    ...without,
    ...withToken,
    operationId: `${withToken.operationId}Or${capital(without.operationId)}`,
    summary: `${withToken.summary}, or ${without.summary.toLowerCase()}`,
    description: [
      `With a header X-Auth-Token this is ${withToken.tags}: ${withToken.description}`,
      `Else it is ${without.tags}: ${without.description}`,
    ].join("\n\n"),
    tags: [...withToken.tags, ...without.tags],
    security: [...withToken.security, ...without.security.filter((way) => !isAmong(withToken.security, way))],
    parameters: [...withToken.parameters, ...without.parameters.filter((each) => !isAmong(withToken.parameters, each))],
    responses: Object.fromEntries(
      [...statuses].map((status) => [status, eitherReply(withToken.responses[status], without.responses[status])]),
    ),
  };
}

function eitherReply(one: Reply | undefined, other: Reply | undefined): Reply {
  if (!one || !other) return (one ?? other) as Reply;
  const description =
    one.description === other.description ? one.description : `${one.description}, or ${other.description}`;
  const media = [one, other].flatMap(({ content = {} }) => Object.values(content));
  const content = media.length > 0 && { "application/json": { schema: { anyOf: media.map(({ schema }) => schema) } } };
  return { description, headers: { ...one.headers, ...other.headers }, ...(content && { content }) };
}

const isAmong = (list: readonly object[], one: object) =>
  list.some((each) => JSON.stringify(each) === JSON.stringify(one));

/** `rosterGetUserByUserName`: stable, and told by the route alone. */
export function idOf(dialect: string, { method, path }: Route): string {
  const words = path.replaceAll("{", "by/").match(/[A-Za-z0-9]+/g) ?? [];
  return [dialect, method, ...words].map((word, index) => (index === 0 ? word : capital(word))).join("");
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

function parameter(where: string, name: string | undefined, schema: JsonSchema, required: boolean) {
  const { description, ...rest } = schema;
  return { name, in: where, required, ...(description !== undefined && { description }), schema: rest };
}

function parametersIn(where: string, object: z.ZodObject | undefined, schemas: Schemas) {
  if (!object) return [];
  const { properties = {}, required = [] } = schemas.of(object, "input") as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => parameter(where, name, schema, required.includes(name)));
}

function contentOf(content: Record<string, { schema: z.ZodType }>, io: "input" | "output", schemas: Schemas) {
  return Object.fromEntries(
    Object.entries(content).map(([type, { schema }]) => {
      const example = schema.meta()?.["example"];
      return [type, { schema: schemas.of(schema, io), ...(example !== undefined && { example }) }];
    }),
  );
}

function replyOf(
  status: number,
  { description, headers, content }: Route["responses"][number],
  schemas: Schemas,
): Reply {
  const header = (name: string) => ({ [name]: { $ref: `#/components/headers/${name}` } });
  return {
    description,
    headers: { ...headers, ...header("X-Request-Id"), ...([429, 503].includes(status) && header("Retry-After")) },
    ...(content && { content: contentOf(content, "output", schemas) }),
  };
}
