import type { Context } from "hono";
import type { Weakness } from "../../../core/passwords.ts";
import { cut } from "../../../core/query/text.ts";
import type { Blocker, Issue, Refusal } from "../../../core/refusal.ts";
import type { Served } from "../../dialect.ts";
import type { AnyRefusal } from "../../refusal.ts";
import { fieldErrors, isOfPolicy, isOfSchema, shown } from "./field-errors.ts";
import { queryRefusal } from "./query-refusals.ts";

type Status = 401 | 403 | 404 | 405 | 413 | 422 | 429 | 500 | 503;

/** How PAS says no (contract, 2.4). */
export function refuse(c: Context<Served>, refusal: AnyRefusal): Response {
  const say = (status: Status, body: object, headers: Record<string, string> = {}) =>
    c.json({ status: "error", ...body }, status, headers);
  const path = new URL(c.req.url).pathname.replace(/(.)\/$/, "$1");
  switch (refusal.kind) {
    case "invalid":
      return say(422, unprocessable(refusal.issues));
    case "unauthenticated":
      if (refusal.why === "login") return say(401, coded(401, "Invalid Username / Password"));
      return say(403, { message: `Access Denied : ${path}` });
    case "forbidden":
      return say(403, { message: `Access Denied : ${path}` });
    case "not_found":
    case "no_path":
      return say(404, { message: `Object Not Found : ${path}` });
    case "conflict":
      return say(
        422,
        typed(refusal.what === "group" ? "GroupExistsError" : "UserExistsError", cut(refusal.name ?? "")),
      );
    case "stale":
      return say(422, { message: "It was changed meanwhile" });
    case "blocked":
      if (refusal.because === "no_jwt") return say(403, { message: "Could not refresh your token. Token not found" });
      return say(422, { message: blockedText(refusal) });
    case "expired":
      return say(403, { message: "Your session has expired." });
    case "throttled": {
      const { retryAfterSeconds } = refusal;
      return say(429, coded(429, "Too many failed logins"), { "Retry-After": String(retryAfterSeconds) });
    }
    case "unavailable":
      return say(503, fault(c, "Service temporarily unavailable"), { "Retry-After": "5" });
    case "malformed_body":
      return say(422, onFields([{ field: "", message: "Request body is not valid JSON" }]));
    case "too_large":
      return say(413, { message: "Request body too large" });
    case "bad_query":
      return say(422, { message: `Invalid ${refusal.parameter}` });
    case "bad_header":
      return say(422, { message: `Invalid ${refusal.header}` });
    case "no_method":
      return say(405, { message: `Method Not Allowed : ${path}` }, { Allow: refusal.allow.join(", ") });
    case "fault":
      return say(500, fault(c, "Internal server error"));
  }
}

const coded = (code: number, message: string) => ({ error: { code, message } });
const fault = (c: Context<Served>, message: string) => ({ message, request_id: c.env.visit.id });
const onFields = (errors: object[]) => ({ field_errors: errors, form_errors: [] });
const onForm = (text: string) => ({ field_errors: [], form_errors: [text] });
const typed = (type: string, about: string) => ({ type, message: `${type} ( ${about} )` });

/** What a body is refused with: all that does not fit its schema, else the first thing that is wrong. */
function unprocessable(issues: Issue[]): object {
  const [issue] = issues;
  const ofQuery = issue && queryRefusal(issue);
  if (ofQuery) return { message: ofQuery };
  if (!issue || issues.some(isOfSchema)) return onFields(fieldErrors(issues));
  const { problem, detail, given } = issue;
  if (isOfPolicy(issue)) return { message: policyText(issue) };
  switch (problem) {
    case "format":
      return issue.path === "uuid" ? { message: `Invalid uuid ${shown(detail)}` } : onForm(misfit(issue));
    case "reserved":
      return onForm(`${cut(String(detail))} is a reserved name`);
    case "taken":
      return onForm(`${cut(String(detail))} is already in use`);
    case "no_user":
      if (detail === undefined) return { message: "User None does not exists" };
      return typed("UserDoesNotExistsError", cut(String(detail)));
    case "no_member":
      return typed("MembershipError", `User ${cut(String(detail))} not in group ${cut(String(given))}`);
    default:
      return { message: textOf(issue) };
  }
}

const misfit = ({ path, detail }: Issue) =>
  `${cut(String(detail))} does not match ${path === "username" ? "name" : path} pattern`;

function textOf({ path, problem, detail }: Issue): string {
  switch (problem) {
    case "mismatch":
      return path === "password" ? "Invalid password" : "Password confirmation does not match";
    case "unchangeable":
      if (path === "state") return "Please use 'statemachine' view to update state";
      return `${path} is not allowed to be updated in this context`;
    case "protected":
      return "__default__ cannot be renamed";
    case "unsupported":
      return `Unknown transition ${cut(String(detail))}`;
    default:
      return `Invalid ${path}`;
  }
}

const WEAK: Record<Weakness, string> = {
  short: "Password must be at least 8 characters long",
  own: "Password must not be the user's name or e-mail",
  common: "Password is too common",
};

function policyText({ problem, detail }: Issue): string {
  if (problem === "weak") return WEAK[detail as Weakness];
  if (problem === "too_long") return "Password must be at most 1024 bytes long";
  return problem === "format" ? "Password must be well-formed text" : "Password must not be empty";
}

function blockedText({ because, name }: Extract<Refusal, { kind: "blocked" }>): string {
  const texts: Partial<Record<Blocker, string>> = {
    protected: `The administrator ${name} cannot be deleted, deactivated or demoted`,
    default_group: "__default__ cannot be deleted",
    state: `Can't trigger event ${name} from state ${name === "activate" ? "active" : "inactive"}!`,
  };
  return texts[because] ?? "Not possible";
}
