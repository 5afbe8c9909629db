import { describe, expect, it } from "vitest";
import type * as z from "zod";
import { apis } from "../../src/http/app.ts";
import { documentOf } from "../../src/http/docs/document.ts";
import { idOf } from "../../src/http/docs/operation.ts";
import type { Route } from "../../src/http/route.ts";
import { call } from "../support/http.ts";
import { urlOf } from "../support/trips.ts";
import { CALLS } from "../support/usual-calls/all.ts";

const dialects = await Promise.all(apis.map(({ open }) => open()));

/** Every route, with what the document of its dialect says of it. */
const told = dialects.flatMap((dialect) => {
  const operations = Object.values(documentOf([dialect]).paths).flatMap((each) => Object.values(each));
  return dialect.routes.map((route) => {
    const operation = operations.find(({ operationId }) => operationId === idOf(dialect.name, route)) ?? expect.fail();
    return { name: `${route.method} ${route.path}`, route: route as Route, operation };
  });
});

/** What names somebody or something that has to be there, or must not be yet: a usual call has seen to that. */
const NAMES = [
  ...["username", "name", "user_id", "permission", "email", "new_email", "password", "password_validate"],
  ...["groupname", "project_name", "controller", "task", "notifications", "worker"],
];

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** An example about those whom a usual call is about. */
function about(usual: unknown, example: unknown): unknown {
  if (!isObject(example) || !isObject(usual)) return example;
  const entries = Object.entries(example).map(([key, value]) => [
    key,
    NAMES.includes(key) && key in usual ? usual[key] : about(usual[key], value),
  ]);
  return Array.isArray(example) ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}

describe.each(told.filter(({ route }) => route.request?.body))(
  "the example body of $name",
  ({ name, route, operation }) => {
    const [media = expect.fail()] = Object.values(operation.requestBody?.content ?? {});

    it("is there, and is done as it stands, but for whom it names", async () => {
      expect(media.example).toBeDefined();
      const usual = (await CALLS[name]?.()) ?? expect.fail();
      const body = about(usual.body, media.example);
      const { status, text } = await call(route.method.toUpperCase(), urlOf(route, usual), usual.headers, body);
      expect([name, body, status < 300 ? "done" : text]).toEqual([name, body, "done"]);
    });
  },
);

const answers = told.flatMap(({ name, route, operation }) =>
  Object.entries(operation.responses).flatMap(([status, { content = {} }]) =>
    Object.entries(content).flatMap(([type, { example }]) => {
      const schema = (route.responses[Number(status)]?.content as Record<string, { schema: z.ZodType }>)?.[type]
        ?.schema;
      return example === undefined || !schema ? [] : [{ name, route, status: Number(status), schema, example }];
    }),
  ),
);

describe.each(answers)("the example answer of $name", ({ name, route, status, schema, example }) => {
  it("is of the status and the shape that a usual call is answered with", async () => {
    // What a schema does not know it leaves out of what it reads.
    expect(schema.parse(example)).toEqual(example);
    const usual = (await CALLS[name]?.()) ?? expect.fail();
    const answer = await call(route.method.toUpperCase(), urlOf(route, usual), usual.headers, usual.body);
    expect([answer.status, schema.parse(answer.body)]).toEqual([status, answer.body]);
  });
});
