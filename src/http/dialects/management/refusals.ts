import type { Context } from "hono";
import type { Issue, Refusal } from "../../../core/refusal.ts";
import type { Served } from "../../dialect.ts";
import type { AnyRefusal } from "../../refusal.ts";

const REASONS = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Payload Too Large",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
} as const;

/** How the management dialect says no (contract, sections 3 and 6). */
export function refuse(c: Context<Served>, refusal: AnyRefusal): Response {
  const say = (code: keyof typeof REASONS, message: string, headers: Record<string, string> = {}) =>
    c.json({ status: `${code} ${REASONS[code]}`, message }, code, headers);
  switch (refusal.kind) {
    case "invalid":
      return say(400, textOf(refusal.issues[0]));
    case "unauthenticated":
      if (refusal.why === "missing") return say(400, "Missing API Token");
      return refusal.why === "bad" ? say(403, "Invalid API Token") : say(401, "Invalid username or password");
    case "forbidden":
      return say(403, refusal.needs === "self" ? "Invalid permissions" : "Invalid user permissions");
    case "not_found":
      return say(404, absentText(refusal));
    case "conflict":
      return say(409, `User ${refusal.having ? "already has" : "does not have"} permission ${refusal.name ?? ""}`);
    case "expired":
      return say(403, "Invalid API Token");
    case "stale":
      return say(409, "The user was changed meanwhile");
    case "blocked":
      return say(...blockedText(refusal));
    case "throttled":
      return say(429, "Too many failed logins", { "Retry-After": String(refusal.retryAfterSeconds) });
    case "unavailable":
      return say(503, `Service unavailable, request ${c.env.visit.id}`, { "Retry-After": "5" });
    case "malformed_body":
      return say(400, "Invalid JSON document");
    case "bad_query":
      return say(400, `${refusal.unknown ? "Unexpected query string parameters:" : "Invalid"} ${refusal.parameter}`);
    case "bad_header":
      return say(400, `Invalid ${refusal.header}`);
    case "too_large":
      return say(413, "Request body too large");
    case "no_path":
      return say(404, `The path '${new URL(c.req.url).pathname}' was not found.`);
    case "no_method":
      return say(405, "Method not Allowed", { Allow: refusal.allow.join(", ") });
    case "fault":
      return say(500, `Internal error, request ${c.env.visit.id}`);
  }
}

function absentText({ what, name }: Extract<Refusal, { kind: "not_found" }>): string {
  switch (what) {
    case "project":
      return "Project does not exist";
    case "worker":
      return "Unknown worker";
    case "job":
      return `Unknown Job ID ${name}`;
    case "fleet_task":
      return `Unknown Task ID ${name}`;
    default:
      return "User does not exist";
  }
}

function blockedText({
  because,
  name,
  present,
  asked,
}: Extract<Refusal, { kind: "blocked" }>): [keyof typeof REASONS, string] {
  switch (because) {
    case "task_status":
      return [400, `Task ${name} has status ${present} and cannot become ${asked}`];
    case "not_holder":
      return [409, `Task ${name} is not leased by worker ${asked}`];
    case "protected":
      return [403, "This administrator cannot be removed"];
    default:
      return [403, "Invalid permissions"];
  }
}

function textOf(issue: Issue | undefined): string {
  const { path = "", problem = "format", detail } = issue ?? {};
  switch (problem) {
    case "required":
    case "null":
    case "blank":
      return `Missing ${detail ?? path}`;
    case "reserved":
      return "Username is reserved";
    case "weak":
      return "Password does not meet the policy";
    case "too_many":
      return "Too many tasks";
    default:
      return path === "credentials" ? "Username and password required" : `Invalid ${path}`;
  }
}
