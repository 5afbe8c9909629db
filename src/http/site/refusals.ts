import type { Context } from "hono";
import * as z from "zod";
import type { Served } from "../dialect.ts";
import type { AnyRefusal } from "../refusal.ts";
import { refusalsWith } from "../shape.ts";

/** A refusal as far as HTTP knows it. */
export interface Short {
  status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 429 | 500 | 503;
  title: string;
  headers: Record<string, string>;
}

const problemShape = z
  .object({ type: z.literal("about:blank"), title: z.string(), status: z.int(), instance: z.string() })
  .meta({ id: "Problem" });

/** The documented refusals of a route. */
export const refusals = refusalsWith(problemShape, "application/problem+json");

/** How everything outside the dialects says no: a page to browsers, to all others problem details (RFC 9457). */
export async function refuse(c: Context<Served>, refusal: AnyRefusal): Promise<Response> {
  const { status, title, headers } = inShort(refusal);
  if (c.req.header("Accept")?.includes("text/html")) {
    const { refusedPage } = await import("../html/refused.tsx");
    return refusedPage(c, refusal, { status, title, headers });
  }
  const problem = { type: "about:blank", title, status, instance: `urn:request:${c.env.visit.id}` };
  return c.body(JSON.stringify(problem), status, { "Content-Type": "application/problem+json", ...headers });
}

export function inShort(refusal: AnyRefusal): Short {
  const say = (status: Short["status"], title: string, headers = {}): Short => ({ status, title, headers });
  switch (refusal.kind) {
    case "unauthenticated":
      return say(401, "Unauthorized", { "WWW-Authenticate": "Bearer" });
    case "forbidden":
      return say(403, "Forbidden");
    case "not_found":
    case "no_path":
    case "expired":
      return say(404, "Not Found");
    case "no_method":
      return say(405, "Method Not Allowed", { Allow: refusal.allow.join(", ") });
    case "conflict":
    case "stale":
    case "blocked":
      return say(409, "Conflict");
    case "invalid":
    case "malformed_body":
    case "bad_query":
    case "bad_header":
      return say(400, "Bad Request");
    case "too_large":
      return say(413, "Content Too Large");
    case "throttled":
      return say(429, "Too Many Requests", { "Retry-After": String(refusal.retryAfterSeconds) });
    case "unavailable":
      return say(503, "Service Unavailable", { "Retry-After": "5" });
    case "fault":
      return say(500, "Internal Server Error");
  }
}
