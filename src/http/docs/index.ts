import type { Context } from "hono";
import * as z from "zod";
import { publicUrl } from "../../core/context.ts";
import { refuse as refuseCall } from "../../core/refusal.ts";
import { digest } from "../../core/secrets.ts";
import { open } from "../auth/scheme.ts";
import { type Dialect, dialect, type Served } from "../dialect.ts";
import { isKnown } from "../entity-tags.ts";
import { createRoute } from "../route.ts";
import { json } from "../shape.ts";
import { refusals, refuse } from "../site/refusals.ts";
import { type Documented, documentOf } from "./document.ts";

type Document = ReturnType<typeof documentOf>;

const documentShape = z.looseObject({ openapi: z.literal("3.1.1") });
const answers = {
  200: {
    ...json(documentShape, "The document"),
    headers: { ETag: { description: "Of the document as it is", schema: { type: "string" } } },
  },
  304: { description: "It is the one that is known" },
} as const;

const all = createRoute({
  method: "get",
  path: "/openapi.json",
  summary: "The OpenAPI document of all dialects",
  ...open(),
  responses: { ...answers, ...refusals() },
});

const single = createRoute({
  method: "get",
  path: "/openapi/{file}",
  summary: "The OpenAPI document of one dialect, whose name `.json` follows",
  ...open(),
  request: { params: z.object({ file: z.string() }) },
  responses: { ...answers, ...refusals(404) },
});

/** The documentation of these dialects, and of itself. */
export function docsOf(dialects: readonly Dialect[]): Dialect {
  const docs = dialect({
    name: "docs",
    title: "Documentation",
    description: "What is served here, in the terms of OpenAPI.",
    scope: "workflow",
    refuse,
  });
  const documented = [...dialects, docs];
  const made = new Map<string, Document>();
  const documentAt = (name: string, some: readonly Documented[]): Document => {
    const document = made.get(name) ?? documentOf(some);
    made.set(name, document);
    return document;
  };

  docs.serve(all, (c) => answer(c, documentAt("", documented)));

  docs.serve(single, (c) => {
    const name = c.req.param("file");
    const one = documented.find((each) => `${each.name}.json` === name);
    return answer(c, one ? documentAt(name, [one]) : refuseCall({ kind: "not_found", what: "page" }));
  });
  return docs;
}

/** A document may be kept, if it is asked each time whether it still holds. */
async function answer(c: Context<Served>, document: Document) {
  const { text, tag } = await textOf(document, publicUrl(c.var.core));
  c.header("ETag", tag);
  c.header("Cache-Control", "no-cache");
  if (isKnown(c.req.header("if-none-match"), tag)) return c.body(null, 304);
  const answered: unknown = c.body(text, 200, { "Content-Type": "application/json" });
  return answered as ReturnType<typeof c.json<z.output<typeof documentShape>, 200>>;
}

interface Text {
  url: string;
  text: string;
  tag: string;
}

const texts = new WeakMap<Document, Text>();

/** A document as text, for whoever reaches this place at a URL: made once, as long as it is asked for at the same one. */
async function textOf(document: Document, url: string): Promise<Text> {
  const known = texts.get(document);
  if (known?.url === url) return known;
  const text = JSON.stringify({ ...document, servers: [{ url }] });
  const made = { url, text, tag: `"${(await digest(text)).slice(0, 32)}"` };
  texts.set(document, made);
  return made;
}
