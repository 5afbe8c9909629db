import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Context } from "hono";
import { ownVisit } from "../../src/core/context.ts";
import { dialect, type Served } from "../../src/http/dialect.ts";
import { collections } from "../../src/http/dialects/pas/collections.ts";
import { queryRefusal } from "../../src/http/dialects/pas/query-refusals.ts";
import type { AnyRefusal } from "../../src/http/refusal.ts";
import { type Answer, answered, type Headers } from "./http.ts";

function refuse(c: Context<Served>, refusal: AnyRefusal): Response {
  const path = new URL(c.req.url).pathname.replace(/\/$/, "");
  const say = (code: 403 | 404 | 405 | 422 | 500, message: string) => c.json({ status: "error", message }, code);
  switch (refusal.kind) {
    case "invalid":
      return say(422, refusal.issues.map(queryRefusal).join());
    case "forbidden":
      return say(403, `Access Denied : ${path}`);
    case "no_path":
      return say(404, `Object Not Found : ${path}`);
    case "no_method":
      return say(405, `Method Not Allowed : ${path}`);
    default:
      return say(500, refusal.kind);
  }
}

/** The PAS dialect with nothing but its collections. */
export const smallPas = dialect({ name: "pas", owns: () => true, refuse });
collections(smallPas);

const ORIGIN = "http://ostiary.test";

/** Asks the small dialect as `call` asks the whole Worker. */
export async function callSmallPas(method: string, path: string, headers: Headers = {}): Promise<Answer> {
  const context = createExecutionContext();
  const bindings = { env, visit: ownVisit(ORIGIN), trace: {} };
  const response = await smallPas.app.fetch(new Request(ORIGIN + path, { method, headers }), bindings, context);
  await waitOnExecutionContext(context);
  return answered(response);
}
