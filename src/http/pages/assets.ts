import * as z from "zod";
import { open } from "../auth/scheme.ts";
import type { Dialect } from "../dialect.ts";
import { ICON, LIVE_SCRIPT, STYLE } from "../html/files.ts";
import { decline } from "../refusal.ts";
import { createRoute } from "../route.ts";

const text = { schema: z.string() };

const load = createRoute({
  method: "get",
  path: "/assets/{file}",
  summary: "What pages load",
  ...open(),
  request: { params: z.object({ file: z.string() }) },
  responses: {
    200: { description: "The file", content: { "text/css": text, "image/svg+xml": text, "text/javascript": text } },
  },
});

export function assets(pages: Dialect): void {
  pages.serve(load, (c) => {
    const found = [STYLE, ICON, LIVE_SCRIPT].find(({ path }) => path === c.req.path);
    if (!found) return decline({ kind: "no_path" });
    return c.body(found.text, 200, {
      "Content-Type": found.type,
      "Cache-Control": "public, max-age=31536000, immutable",
    });
  });
}
