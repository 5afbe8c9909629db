/** One thing wrong with what a caller sent. */
export interface Issue {
  /** Dotted path of the value; `""` is the body itself. */
  path: string;
  problem: Problem;
  /** The bound of `too_long`, `too_short`, `too_big`, `too_small`; the type wanted of `type` and `null`, the one there is of `list`; the value of `choice`; the key of `unknown`. */
  detail?: string | number;
  /** The value itself, of a body that does not fit its schema; of `no_member` the group. */
  given?: unknown;
}

export type Problem =
  | "required"
  | "null"
  | "blank"
  | "type"
  | "too_long"
  | "too_short"
  | "too_big"
  | "too_small"
  | "format"
  | "choice"
  | "list"
  | "no_roles"
  | "unsupported"
  | "unknown"
  | "unchangeable"
  | "reserved"
  | "nul"
  | "email"
  | "not_true"
  | "taken"
  | "weak"
  | "protected"
  | "past"
  | "no_group"
  | "no_user"
  | "no_controller"
  | "no_model"
  | "no_member"
  | "control"
  | "mismatch"
  | "filter_form"
  | "filter_field"
  | "filter_operation"
  | "filter_value"
  | "page"
  | "no_such_page"
  | "page_length"
  | "letters"
  | "prefix"
  | "too_many"
  | "malformed";

export type Nameable =
  | "user"
  | "page"
  | "project"
  | "task"
  | "token"
  | "notification"
  | "mail"
  | "permission"
  | "task_type"
  | "answer"
  | "group"
  | "api_key"
  | "controller"
  | "model"
  | "credential"
  | "worker"
  | "job"
  | "fleet_task";

/** What stands in the way of a step that is otherwise well asked for. */
export type Blocker =
  | "completed"
  | "cancelled"
  | "already_cancelled"
  | "approved"
  | "not_approved"
  | "invalid_actions"
  | "actions_invalid"
  | "impossible"
  | "needs_no_token"
  | "self_approval"
  | "not_approver"
  | "already_voted"
  | "key_reused"
  | "key_logout"
  | "no_jwt"
  | "key_in_use"
  | "climbing"
  | "protected"
  | "precondition"
  | "state"
  | "default_group"
  | "task_status"
  | "not_holder"
  | "in_progress";

/** Every way in which the core says no. Data, never prose: each dialect finds its own words. */
export type Refusal =
  | { kind: "invalid"; issues: Issue[] }
  | { kind: "unauthenticated"; why: "missing" | "bad" | "login" }
  | { kind: "forbidden"; needs: string }
  | { kind: "not_found"; what: Nameable; name?: string }
  | { kind: "conflict"; what: Nameable; name?: string; having?: boolean }
  /** The version that the caller saw is not the one there is. */
  | { kind: "stale" }
  /** `task_status`: what it is and what it was to become; `not_holder`: the worker that asked. */
  | { kind: "blocked"; because: Blocker; name?: string; present?: string; asked?: string }
  /** It was good once, and its time is over. */
  | { kind: "expired" }
  | { kind: "throttled"; retryAfterSeconds: number }
  | { kind: "unavailable" };

/** A refusal on its way out of the core. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.kind);
    this.refusal = refusal;
    this.name = "Refused";
  }
}

export function refuse(refusal: Refusal): never {
  throw new Refused(refusal);
}

/** Refuses with one issue about one value. */
export function invalid(path: string, problem: Problem, detail?: string | number): never {
  refuse({ kind: "invalid", issues: [{ path, problem, ...(detail === undefined ? {} : { detail }) }] });
}
