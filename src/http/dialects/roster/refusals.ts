import type { Context } from "hono";
import type { Blocker, Issue, Nameable } from "../../../core/refusal.ts";
import type { Served } from "../../dialect.ts";
import type { AnyRefusal, Declined } from "../../refusal.ts";

type Status = 400 | 401 | 404 | 405 | 413 | 500 | 503;

const BEARER = { "WWW-Authenticate": "Bearer" };
const BASIC = { "WWW-Authenticate": 'Basic realm="Ostiary", charset="UTF-8"' };

/** How the roster says no (contract, section 2). The document knows no 403: whoever may not is not authorized. */
export function refuse(c: Context<Served>, refusal: AnyRefusal): Response {
  const say = (status: Status, message: string, headers: Record<string, string> = {}) =>
    c.json({ message, success: false }, status, headers);
  switch (refusal.kind) {
    case "invalid":
      return say(400, `An issue in the payload was discovered: ${refusal.issues.map(said).join("; ")}`);
    case "unauthenticated":
      return say(401, "Authorization failed", refusal.why === "login" ? BASIC : BEARER);
    case "forbidden":
    case "expired":
      return say(401, "Authorization failed", BEARER);
    case "throttled":
      return say(401, "Authorization failed", { ...BASIC, "Retry-After": String(refusal.retryAfterSeconds) });
    case "not_found":
      return say(404, absent(refusal.what));
    case "conflict":
      return say(400, "An issue in the payload was discovered: name: is already taken");
    case "stale":
      return say(400, "An issue in the payload was discovered: version: is stale");
    case "blocked":
      return say(400, BLOCKED[refusal.because] ?? "This user cannot be deleted");
    case "unavailable":
      return say(503, "Service temporarily unavailable, try again later", { "Retry-After": "5" });
    case "malformed_body":
      return say(400, "An issue in the payload was discovered: body: is not a JSON object");
    case "too_large":
      return say(413, "Payload too large");
    case "bad_query":
      return say(400, badQuery(refusal));
    case "bad_header":
      return say(400, `${refusal.header} is not a list of entity tags`);
    case "no_path":
      return say(404, "Not found");
    case "no_method":
      return say(405, "Method not allowed", { Allow: refusal.allow.join(", ") });
    case "fault":
      return say(500, "Internal error");
  }
}

const absent = (what: Nameable) => (what === "page" ? "User page doesn't exist" : "User doesn't exist");

const BLOCKED: Partial<Record<Blocker, string>> = {
  precondition: "If-Match does not match the current ETag",
  key_logout: "An API key cannot be logged out",
};

function badQuery({ parameter, unknown }: Extract<Declined, { kind: "bad_query" }>): string {
  if (unknown) return `Unknown query parameter ${parameter}`;
  return parameter === "page" || parameter === "perPage"
    ? "Invalid page or perPage values"
    : `Invalid ${parameter} value`;
}

const WORDS: Partial<Record<Issue["problem"], string>> = {
  required: "is required",
  null: "must not be null",
  blank: "must not be empty",
  type: "has the wrong type",
  too_long: "is too long",
  too_short: "is too short",
  too_big: "is too large",
  too_small: "is too small",
  choice: "is not one of the allowed values",
  unknown: "is not known",
  unchangeable: "cannot be changed",
  reserved: "is reserved",
  taken: "is already taken",
  weak: "does not meet the password policy",
  protected: "of this administrator cannot be taken away",
  past: "lies in the past",
};

const said = ({ path, problem }: Issue) => `${path || "body"}: ${WORDS[problem] ?? "is not valid"}`;
