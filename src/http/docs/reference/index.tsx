import * as z from "zod";
import { refuse } from "../../../core/refusal.ts";
import { open } from "../../auth/scheme.ts";
import { type Dialect, dialect } from "../../dialect.ts";
import { page, shown } from "../../html/layout.tsx";
import { refusedPage } from "../../html/refused.tsx";
import { decline } from "../../refusal.ts";
import { createRoute } from "../../route.ts";
import { inShort } from "../../site/refusals.ts";
import { FILES } from "./files.ts";
import { Contents, Viewed } from "./reference.tsx";

/** Its pictures stand in its style sheet, and what is tried is asked of this origin. */
const POLICY = [
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'",
  "form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
].join("; ");

const all = createRoute({
  method: "get",
  path: "/docs",
  summary: "What the reference tells of",
  ...open(),
  responses: { 200: shown("The page") },
});

const single = createRoute({
  method: "get",
  path: "/docs/{dialect}",
  summary: "The reference of one dialect, to read and to try",
  ...open(),
  request: { params: z.object({ dialect: z.string() }) },
  responses: { 200: shown("The page") },
});

const text = { schema: z.string() };

const load = createRoute({
  method: "get",
  path: "/docs/files/{file}",
  summary: "What the pages of the reference load",
  ...open(),
  request: { params: z.object({ file: z.string() }) },
  responses: { 200: { description: "The file", content: { "text/css": text, "text/javascript": text } } },
});

/** The reference of these dialects, as pages. */
export function referenceOf(dialects: readonly Dialect[]): Dialect {
  const reference = dialect({
    name: "reference",
    title: "Reference",
    description: "The OpenAPI documents, to read and to try.",
    scope: "workflow",
    refuse: (c, refusal) => refusedPage(c, refusal, inShort(refusal)),
  });

  reference.serve(all, (c) => page(c, 200, "Reference of the API", <Contents dialects={dialects} />));

  reference.serve(single, (c) => {
    const name = c.req.param("dialect");
    const shown = dialects.find((each) => each.name === name) ?? refuse({ kind: "not_found", what: "page" });
    return page(c, 200, shown.title, <Viewed dialects={dialects} shown={shown} />, { policy: POLICY });
  });

  reference.serve(load, async (c) => {
    const file = Object.values(FILES).find(({ path }) => path === c.req.path) ?? decline({ kind: "no_path" });
    return c.body(await file.text(), 200, {
      "Content-Type": file.type,
      "Cache-Control": "public, max-age=31536000, immutable",
    });
  });
  return reference;
}
