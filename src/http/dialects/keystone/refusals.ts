import type { Context } from "hono";
import type { Issue } from "../../../core/refusal.ts";
import type { Served } from "../../dialect.ts";
import type { AnyRefusal } from "../../refusal.ts";

const TITLES = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Request Entity Too Large",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
} as const;

/** How the Identity API says no. */
export function refuse(c: Context<Served>, refusal: AnyRefusal): Response {
  const say = (code: keyof typeof TITLES, message: string, headers: Record<string, string> = {}) =>
    c.json({ error: { code, title: TITLES[code], message } }, code, headers);
  const unauthorized = () =>
    say(401, "The request you have made requires authentication.", {
      "WWW-Authenticate": `Keystone uri="${c.env.visit.origin}/v3"`,
    });
  switch (refusal.kind) {
    case "invalid":
      return say(400, textOf(refusal.issues[0]));
    case "unauthenticated":
    case "expired":
      return unauthorized();
    case "not_found":
      // A project that is not the user's is not told from a wrong password.
      return refusal.what === "project" ? unauthorized() : say(404, `Could not find ${refusal.what}.`);
    case "forbidden":
    case "blocked":
      return say(403, "You are not authorized to perform the requested action.");
    case "conflict":
    case "stale":
      return say(409, "Conflict occurred attempting to store what was sent.");
    case "throttled":
      return say(429, "Too many failed log-ins.", { "Retry-After": String(refusal.retryAfterSeconds) });
    case "malformed_body":
      return say(400, "Expecting a JSON object in the request body.");
    case "bad_query":
      return say(400, `Invalid value for query parameter '${refusal.parameter}'.`);
    case "bad_header":
      return say(400, `Invalid value for header '${refusal.header}'.`);
    case "too_large":
      return say(413, "Request is too large.");
    case "no_path":
      return say(404, "The resource could not be found.");
    case "no_method":
      return say(405, "The method is not allowed for the requested URL.", { Allow: refusal.allow.join(", ") });
    case "unavailable":
      return say(503, "The service is currently unavailable, try again later.", { "Retry-After": "5" });
    case "fault":
      return say(500, `An unexpected error prevented the server from fulfilling request ${c.env.visit.id}.`);
  }
}

function textOf({ path, problem }: Issue = { path: "", problem: "format" }): string {
  const field = path.replaceAll(".", "/") || "body";
  return problem === "required"
    ? `Expecting to find ${field} in the request body.`
    : `Invalid input for field '${field}'.`;
}
