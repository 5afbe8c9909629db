import type { Context } from "hono";
import type { Weakness } from "../../../core/passwords.ts";
import type { Blocker, Issue, Nameable } from "../../../core/refusal.ts";
import type { Served } from "../../dialect.ts";
import type { AnyRefusal } from "../../refusal.ts";

/** How the workflow dialect says no (contract, 1.3, 4.2, 6 and 9.1). */
export function refuse(c: Context<Served>, refusal: AnyRefusal): Response {
  const say = (status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 429 | 500 | 503, ...errors: string[]) =>
    c.json({ errors }, status);
  switch (refusal.kind) {
    case "invalid":
      return c.json({ errors: errorsOf(refusal.issues) }, 400);
    case "unauthenticated":
      return say(401, "Credentials incorrect or none given.");
    case "forbidden":
      if (refusal.needs === "scope") return say(403, "The API key does not allow this call.");
      return say(403, `Must have one of the following roles: [${roles(refusal.needs)}]`);
    case "not_found":
      return say(404, isNamed(refusal.what) ? ABSENT[refusal.what] : "Not found.");
    case "conflict":
      return say(409, "Task is a duplicate of an existing task");
    case "blocked": {
      const [status, text] = BLOCKED[refusal.because];
      return say(
        status,
        text.replace("{name}", () => refusal.name ?? ""),
      );
    }
    case "expired":
      return say(404, ABSENT.token);
    case "stale":
      return say(409, "This task is being processed by another request.");
    case "throttled":
      c.header("Retry-After", String(refusal.retryAfterSeconds));
      return say(429, "Too many requests, try again later.");
    case "unavailable":
      c.header("Retry-After", "5");
      return say(503, "Service temporarily unavailable, try again later.");
    case "malformed_body":
      return say(400, "JSON parse error");
    case "too_large":
      return say(413, "Request body too large.");
    case "bad_query":
      return say(400, `Invalid value for '${refusal.parameter}'.`);
    case "bad_header":
      return say(400, `Invalid value for header '${refusal.header}'.`);
    case "no_path":
      return say(404, "Not found.");
    case "no_method":
      c.header("Allow", refusal.allow.join(", "));
      return say(405, `Method "${c.req.raw.method}" not allowed.`);
    case "fault":
      return say(500, `Internal error, request ${c.env.visit.id}`);
  }
}

const roles = (needs: string) => (needs === "admin" ? "'admin'" : "'project_admin', 'project_mod', 'admin'");

/** What a client of this dialect can ask for; nothing else is ever missed here. */
const ABSENT = {
  task: "No task with this id.",
  token: "This token does not exist or has expired.",
  notification: "No notification with this id.",
  user: "No user with this id.",
  project: "No project with this id.",
  task_type: "No task type with this name.",
} satisfies Partial<Record<Nameable, string>>;

const isNamed = (what: Nameable): what is keyof typeof ABSENT => Object.hasOwn(ABSENT, what);

const BLOCKED: Record<Blocker, [400 | 403 | 409, string]> = {
  completed: [400, "This task has already been completed."],
  cancelled: [400, "This task has been cancelled."],
  already_cancelled: [400, "This task has already been cancelled."],
  approved: [400, "This task has already been approved."],
  not_approved: [400, "This task has not been approved."],
  invalid_actions: [400, "Cannot approve an invalid task. Update data and rerun pre_approve."],
  actions_invalid: [400, "Actions invalid"],
  needs_no_token: [400, "This task needs no token."],
  impossible: [400, "actions invalid"],
  not_approver: [403, "Not an approver of stage '{name}'."],
  already_voted: [403, "Each person can approve a task only once."],
  key_reused: [409, "Idempotency-Key was used with another request."],
  key_in_use: [409, "A request with this Idempotency-Key is in progress."],
  self_approval: [403, "A task can not be approved by its requester."],
  task_status: [400, "Not possible."],
  not_holder: [409, "Not possible."],
  in_progress: [409, "This task is being processed by another request."],
  key_logout: [400, "An API key cannot be logged out."],
  no_jwt: [403, "Not possible."],
  // These belong to changes of users, which this dialect makes by tasks alone.
  climbing: [403, "Not possible."],
  protected: [403, "Not possible."],
  precondition: [409, "Not possible."],
  state: [409, "Not possible."],
  default_group: [403, "Not possible."],
};

/** Queries are refused in plain words, bodies by field. */
function errorsOf(issues: Issue[]): string[] | Record<string, string[]> {
  const plain = issues.flatMap((issue) => ofQuery(issue) ?? []);
  if (plain.length > 0) return plain;
  const byField = new Map<string, string[]>();
  for (const issue of issues) {
    const [field = "", ...inside] = issue.path.split(".");
    // Of a list one text tells what is wrong in it, and where.
    const where = field === "stages" && inside.length > 0 ? `Stage ${placeIn(inside)}: ` : "";
    const name = field || "non_field_errors";
    if (!byField.has(name)) byField.set(name, [`${where}${textOf(issue)}`]);
  }
  return Object.fromEntries(byField);
}

function ofQuery({ path, problem, detail }: Issue): string | undefined {
  switch (problem) {
    case "filter_form":
      return "Filters incorrectly formatted. Required format: {'filters': {'fieldname': { 'operation': 'value'}}";
    case "filter_field":
      return `Cannot resolve keyword '${path}' into field. Choices are: ${detail}`;
    case "filter_operation":
      return `Unsupported lookup '${path}' for ${detail} or join on the field not permitted.`;
    case "filter_value":
      return `Invalid value for filter '${path}'.`;
    case "page":
      return "Page not an integer";
    case "no_such_page":
      return "Empty page";
    case "format":
      return path === "Idempotency-Key" ? "Idempotency-Key must be 1 to 255 printable characters." : undefined;
    case "page_length":
      return `${path} must be an integer from 1 to 1000.`;
    default:
      return undefined;
  }
}

const placeIn = ([at, ...member]: string[]) => [Number(at) + 1, ...member].join(", ");

function textOf({ path, problem, detail }: Issue): string {
  switch (problem) {
    case "required":
      return path === "approved" ? "this is a required boolean field." : "This field is required.";
    case "null":
      return path === "non_field_errors" ? "No data provided" : "This field may not be null.";
    case "blank":
      return "This field may not be blank.";
    case "type":
      if (path === "non_field_errors") return `Invalid data. Expected a dictionary, but got ${pythonType(detail)}.`;
      return TYPES[String(detail)] ?? "Not a valid string.";
    case "too_long":
      return `Ensure this field has no more than ${detail} ${path === "password" ? "bytes" : "characters"}.`;
    case "nul":
      return "Null characters are not allowed.";
    case "email":
      return "Enter a valid email address.";
    case "weak":
      return WEAK[detail as Weakness];
    case "not_true":
      return "This field must be true.";
    case "unknown":
      return "Unknown field.";
    case "taken":
      return "Each stage needs a name of its own.";
    case "no_group":
      return `Group '${detail}' does not exist.`;
    case "no_controller":
      return "The controller does not exist!";
    case "no_model":
      return "The model does not exist!";
    case "no_user":
      return `User '${detail}' does not exist.`;
    case "choice":
      return path === "size" ? `Quota size: ${detail} is not valid` : `"${detail}" is not a valid choice.`;
    case "list":
      return `Expected a list of items but got type "${pythonType(detail)}".`;
    case "no_roles":
      return "Must supply either 'roles' or 'inherited_roles', or both.";
    case "unsupported":
      return "Inherited roles are not supported.";
    case "too_small":
      return `Ensure this value is greater than or equal to ${detail}.`;
    case "too_big":
      if (detail === "users") return "More approvers are required than users are named.";
      return `Ensure this value is less than or equal to ${detail}.`;
    default:
      return FORMS[path] ?? "Enter a valid value.";
  }
}

const WEAK: Record<Weakness, string> = {
  short: "A password needs at least 8 characters.",
  own: "A password can not be the user's own name or address.",
  common: "This password is among the most common ones.",
};

const TYPES: Record<string, string> = {
  boolean: "Must be a valid boolean.",
  int: "A valid integer is required.",
  number: "A valid integer is required.",
  array: "Expected a list.",
  object: "Expected an object.",
};
/** The document's users know types of JSON by these names. */
const PYTHON: Record<string, string> = {
  array: "list",
  object: "dict",
  integer: "int",
  number: "float",
  boolean: "bool",
  string: "str",
};
const pythonType = (detail: string | number | undefined) => PYTHON[String(detail)] ?? "str";

const FORMS: Record<string, string> = {
  email: "Enter a valid email address.",
  new_email: "Enter a valid email address.",
  project_name: "Enter a valid project name.",
  username: "Enter a valid username.",
};
