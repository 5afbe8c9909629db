import fc from "fast-check";
import * as z from "zod";
import type { Route } from "../../src/http/route.ts";
import { HEADERS, METHODS, ODD_TEXTS, PLAUSIBLE, RAW_QUERIES, RAW_SEGMENTS } from "./fuzz-values.ts";
import { CALLERS, type Caller, SCHEMES, type Scheme, type World } from "./fuzz-world.ts";
import type { Headers } from "./http.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A request as it is sent, but for the credential, which is made when it is. */
export interface Sent {
  method: string;
  /** Path and query. */
  target: string;
  headers: Headers;
  body: Bytes | undefined;
  caller: Caller;
  scheme: Scheme;
}

interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
}

const oddTexts = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ODD_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
);
const oddNumbers = fc.constantFrom(0, -0, -1, 1.5, 2 ** 31, 2 ** 53, 2 ** 63, 1e308, -(2 ** 53) - 1);
const wild = fc.oneof(
  oddTexts,
  oddNumbers,
  fc.constantFrom<unknown>(null, true, false, [], {}, [[]], { constructor: 1 }),
  fc.jsonValue({ maxDepth: 3 }),
);

const schemaOf = (type: z.ZodType): JsonSchema =>
  z.toJSONSchema(type, { unrepresentable: "any", io: "input" }) as JsonSchema;

function bodySchema(request: Route["request"]): JsonSchema | undefined {
  const [media] = Object.values(request?.body?.content ?? {});
  return media && schemaOf(media.schema);
}

const takesForm = ({ request }: Route) => "application/x-www-form-urlencoded" in (request?.body?.content ?? {});

/** What the document says of a route, as far as it names things. */
export const documentOf = ({ path, request, responses }: Route): unknown => [
  path,
  bodySchema(request),
  request?.query && schemaOf(request.query as z.ZodType),
  Object.values(responses).map((response) =>
    "content" in response
      ? Object.values(response.content ?? {}).map((media) =>
          media && "schema" in media ? schemaOf(media.schema as z.ZodType) : undefined,
        )
      : undefined,
  ),
];

/** Values of members and parameters: mostly ones that mean something, else of the right type, else anything. */
function valuesFor(known: World["known"]) {
  const ofName = (name: string): fc.Arbitrary<unknown>[] => {
    const values = [...(known[name] ?? []), ...(PLAUSIBLE[name] ?? [])];
    return values.length > 0 ? [fc.constantFrom(...values)] : [];
  };
  const ofSchema = (schema: JsonSchema): fc.Arbitrary<unknown> => {
    if (schema.const !== undefined) return fc.constant(schema.const);
    if (schema.enum) return fc.constantFrom(...schema.enum);
    if (schema.anyOf) return fc.oneof(...schema.anyOf.map(ofSchema));
    if (Array.isArray(schema.type)) return fc.oneof(...schema.type.map((type) => ofSchema({ ...schema, type })));
    switch (schema.type) {
      case "string":
        return fc.oneof(fc.string({ maxLength: 20 }), oddTexts);
      case "integer":
      case "number":
        return fc.oneof(fc.integer(), oddNumbers);
      case "boolean":
        return fc.boolean();
      case "array":
        return fc.array(ofSchema(schema.items ?? {}), { maxLength: 3 });
      case "object":
        return object(schema);
      default:
        return wild;
    }
  };
  const member = (name: string, schema: JsonSchema) =>
    fc.oneof(
      ...ofName(name).map((arbitrary) => ({ weight: 20, arbitrary })),
      { weight: 3, arbitrary: ofSchema(schema) },
      { weight: 1, arbitrary: wild },
    );
  const object = ({ properties = {}, required = [] }: JsonSchema): fc.Arbitrary<object> => {
    const members: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [name, member(name, schema)]),
    );
    const whole = fc.record(members);
    const some = fc.record(members, { requiredKeys: required });
    const other = fc.dictionary(fc.oneof(oddTexts, fc.constantFrom(...Object.keys(PLAUSIBLE))), wild, { maxKeys: 3 });
    return fc.oneof(
      { weight: 4, arbitrary: whole },
      { weight: 4, arbitrary: some },
      { weight: 1, arbitrary: fc.tuple(whole, other).map(([a, b]) => ({ ...a, ...b })) },
    );
  };
  return { ofName, object };
}

const encoder = new TextEncoder();
const bytes = (text: string): Bytes => Uint8Array.from(encoder.encode(text));
const KIB_256 = 256 * 1024;

/** A JSON text, and what can go wrong with one. */
function bodiesOf(values: fc.Arbitrary<unknown>): fc.Arbitrary<Bytes> {
  const texts = values.map((value) => JSON.stringify(value) ?? "");
  const spoilt = fc
    .tuple(
      texts,
      fc.constantFrom<(text: string) => string>(
        (text) => text.slice(0, -1),
        (text) => `\ufeff${text}`,
        (text) => text.replace(/^\{(.*)\}$/s, "{$1,$1}"),
        (text) => text.replace(/^\{/, '{"__proto__":{"role":"ADMIN"},"constructor":1,'),
        (text) => text.replace(/:"[^"]*"/, ':"\\ud800"'),
        (text) => text.replace(/:[^,}]*/, ":1e400"),
        (text) => text.replace(/:[^,}]*/, `:${"9".repeat(400)}`),
        (text) => text.replace(/:[^,}]*/, `:${"[".repeat(62)}${"]".repeat(62)}`),
        (text) => text.replace(/:[^,}]*/, `:${'{"a":'.repeat(64)}1${"}".repeat(64)}`),
        (text) => text.padEnd(KIB_256),
        (text) => text.padEnd(KIB_256 + 1),
        (text) => text.replace(/:"[^"]*"/, `:"${"x".repeat(KIB_256 - 1000)}"`),
        () => "[".repeat(130_000),
        () => "",
      ),
    )
    .map(([text, spoil]) => bytes(spoil(text)));
  return fc.oneof(
    { weight: 7, arbitrary: texts.map(bytes) },
    { weight: 2, arbitrary: spoilt },
    { weight: 1, arbitrary: wild.map((value) => bytes(JSON.stringify(value))) },
    { weight: 1, arbitrary: texts.map((text) => bytes(text).fill(0xff, -2, -1)) },
  );
}

const encoded = (value: unknown) => encodeURIComponent(String(value).toWellFormed());

/** A form, and what can go wrong with one. */
function formsOf(values: fc.Arbitrary<unknown>): fc.Arbitrary<Bytes> {
  const texts = values.map((value) =>
    Object.entries(Object(value))
      .map(([name, each]) => `${encoded(name)}=${encoded(typeof each === "string" ? each : JSON.stringify(each))}`)
      .join("&"),
  );
  const spoilt = fc
    .tuple(
      texts,
      fc.constantFrom<(text: string) => string>(
        (text) => `${text}&${text}`,
        (text) => text.replace("=", ""),
        (text) => `${text}%`,
        (text) => `${text}%ff`,
        (text) => `__proto__=1&${text}`,
        (text) => text.padEnd(KIB_256, "x"),
        (text) => text.padEnd(KIB_256 + 1, "x"),
        () => "&".repeat(10_000),
        () => "",
      ),
    )
    .map(([text, spoil]) => bytes(spoil(text)));
  return fc.oneof(
    { weight: 7, arbitrary: texts.map(bytes) },
    { weight: 3, arbitrary: spoilt },
    { weight: 1, arbitrary: bodiesOf(values) },
  );
}

/** What each dialect takes as a credential. */
const ACCEPTED: Record<string, readonly Scheme[]> = {
  management: ["x-auth-token", "x-auth-jwt", "bearer", "api-key"],
  access: ["bearer", "api-key", "basic"],
  roster: ["bearer", "named", "api-key"],
  workflow: ["x-auth-token", "x-auth-jwt", "bearer", "api-key"],
  pas: ["jwt", "bearer", "api-key"],
  desk: ["cookie"],
};

/** Requests of a route, most of them nearly right. */
export function requests(dialect: string, route: Route, { known }: World): fc.Arbitrary<Sent> {
  const { method, path, request } = route;
  const { ofName, object } = valuesFor(known);
  const often = <T>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<T>, weight = 8) =>
    fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: other });
  const segment = (part: string): fc.Arbitrary<string> => {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name === undefined) return fc.constant(part);
    const odd = fc.oneof(oddTexts.map(encoded), fc.constantFrom(...RAW_SEGMENTS));
    const [known = odd] = ofName(name);
    return often(known.map(encoded), odd, 3);
  };
  const paths = fc
    .tuple(...path.split("/").map(segment))
    .chain((parts) =>
      often(fc.constant(parts.join("/")), fc.constantFrom(`${parts.join("/")}/`, `${parts.join("/")}/x`)),
    );
  const asked = request?.query ? Object.keys(schemaOf(request.query as z.ZodType).properties ?? {}) : [];
  const names = [...asked, ...asked, "page", "perPage", "filters", "tasks_per_page", "select", "view", "cursor", "to"];
  const parameter = fc.constantFrom(...names).chain((name) => {
    const [usual = oddTexts as fc.Arbitrary<unknown>] = ofName(name);
    return often(usual, oddTexts as fc.Arbitrary<unknown>, 4).map((value) => `${name}=${encoded(value)}`);
  });
  const isRead = method === "get";
  const queries = often(
    fc.array(parameter, { maxLength: isRead ? 3 : 1 }).map((list) => (list.length > 0 ? `?${list.join("&")}` : "")),
    fc.constantFrom(...RAW_QUERIES),
  );
  const schema = bodySchema(request);
  const bodies = fc.option((takesForm(route) ? formsOf : bodiesOf)(schema ? object(schema) : wild), {
    nil: undefined,
    freq: schema ? 20 : 1,
  });
  const header = fc
    .constantFrom(...Object.keys(HEADERS))
    .chain((name) => fc.constantFrom(...(HEADERS[name] ?? [])).map((value): [string, string] => [name, value]));
  return fc
    .record({
      method: often(fc.constant(method.toUpperCase()), fc.constantFrom(...METHODS), 15),
      path: paths,
      query: queries,
      headers: often(fc.constant<[string, string][]>([]), fc.array(header, { minLength: 1, maxLength: 3 }), 5).map(
        (list): Headers => Object.fromEntries(list),
      ),
      body: bodies,
      caller: fc.oneof(
        { weight: 3, arbitrary: fc.constant<Caller>("administrator") },
        { weight: 3, arbitrary: fc.constantFrom(...CALLERS) },
      ),
      scheme: often(fc.constantFrom(...(ACCEPTED[dialect] ?? SCHEMES)), fc.constantFrom(...SCHEMES)),
    })
    .map(({ path: at, query, body, ...rest }) => ({
      ...rest,
      target: at + query,
      body: ["GET", "HEAD"].includes(rest.method) ? undefined : body,
    }));
}
