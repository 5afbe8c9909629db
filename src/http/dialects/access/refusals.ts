import type { Context } from "hono";
import type { Weakness } from "../../../core/passwords.ts";
import type { Issue, Nameable } from "../../../core/refusal.ts";
import type { Served } from "../../dialect.ts";
import type { AnyRefusal } from "../../refusal.ts";

const INVALID_DATA = "The request does not have all the required data or the data is not in the right format.";
const UNAUTHORIZED = "You do not have permission to use the API";
const NO_PERMISSION = "You do not have permission to perform this operation!";
const NO_PATH = "The requested URL was not found on the server.";

type Status = 400 | 403 | 404 | 405 | 409 | 413 | 429 | 500 | 503;

/** How the access dialect says no: a bare JSON string (contract, section 3). */
export function refuse(c: Context<Served>, refusal: AnyRefusal): Response {
  const say = (status: Status, text: string, headers: Record<string, string> = {}) => c.json(text, status, headers);
  const mayNot = () => say(403, c.req.path.startsWith("/tengu/") ? NO_PERMISSION : UNAUTHORIZED);
  const failed = (status: 500 | 503, headers = {}) =>
    say(status, `Something went wrong, request ${c.env.visit.id}`, headers);
  switch (refusal.kind) {
    case "invalid":
      return say(400, textOf(refusal.issues[0]));
    case "unauthenticated":
      return refusal.why === "missing" ? say(400, INVALID_DATA) : say(403, UNAUTHORIZED);
    case "forbidden":
      return refusal.needs === "scope" ? say(403, UNAUTHORIZED) : mayNot();
    case "not_found":
      return say(404, absent(refusal.what, refusal.name));
    case "conflict":
      return say(409, `The ${refusal.what} already exists!`);
    case "stale":
      return say(409, "The user was changed meanwhile!");
    case "blocked":
      return refusal.because === "protected" ? say(403, "This would remove the admin from the system!") : mayNot();
    case "expired":
      return say(403, UNAUTHORIZED);
    case "throttled":
      return say(429, "Too many failed logins, try again later.", { "Retry-After": String(refusal.retryAfterSeconds) });
    case "unavailable":
      return failed(503, { "Retry-After": "5" });
    case "malformed_body":
    case "bad_query":
    case "bad_header":
      return say(400, INVALID_DATA);
    case "too_large":
      return say(413, "The request is too large.");
    case "no_path":
      return say(404, NO_PATH);
    case "no_method":
      return say(405, "The method is not allowed for the requested URL.", { Allow: refusal.allow.join(", ") });
    case "fault":
      return failed(500);
  }
}

function absent(what: Nameable, name = ""): string {
  switch (what) {
    case "user":
    case "controller":
    case "model":
      return `The ${what} does not exist!`;
    case "credential":
      return `Credentials ${cut(name)} not found!`;
    default:
      return NO_PATH;
  }
}

const WEAK: Record<Weakness, string> = {
  short: "it has fewer than 8 characters",
  own: "it is the name or address of its user",
  common: "too many people use it",
};

function textOf({ path, problem, detail = "" }: Issue = { path: "", problem: "format" }): string {
  switch (problem) {
    case "blank":
      return "Empty values are not allowed";
    case "letters":
      return "Only lowercase letters, digits and hyphens are allowed";
    case "prefix":
      return `Invalid option given, ${cut(detail)} does not exist`;
    case "choice":
      if (path === "access") return `This access level does not exist: ${cut(detail)}`;
      return path === "type" ? `This type of controller is not supported -- ${cut(detail)}` : INVALID_DATA;
    case "weak":
      return `The password is too weak: ${WEAK[detail as Weakness]}`;
    default:
      return INVALID_DATA;
  }
}

/** What was sent, as far as it is repeated. */
const cut = (value: string | number): string => [...String(value)].slice(0, 64).join("");
