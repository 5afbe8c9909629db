import type { Blocker, Nameable, Refusal } from "../../core/refusal.ts";

const BLOCKED: Record<Blocker, string> = {
  completed: "This task is completed: nothing about it can be changed any more.",
  cancelled: "This task is cancelled: nothing about it can be changed any more.",
  already_cancelled: "This task is cancelled already.",
  approved: "This task is approved already.",
  not_approved: "This task is not approved yet.",
  invalid_actions: "This cannot be done as it is: something that it needs is gone, or taken. Edit it, or deny it.",
  actions_invalid: "What is asked for has become impossible. Look at its notes.",
  impossible: "What you ask for is impossible: something that it needs is not there, or there is nothing to change.",
  needs_no_token: "Nobody is waited for: there is no link to mail again.",
  self_approval: "You asked for this yourself: somebody else has to approve it.",
  not_approver: "You are not asked at this stage of the task.",
  already_voted: "You have given your vote already.",
  key_reused: "This was sent before, and something else with it.",
  key_logout: "An API key cannot be logged out.",
  no_jwt: "This log-in is of another kind.",
  key_in_use: "The same is being done right now. Please look again in a moment.",
  climbing: "That would be more than you hold yourself.",
  protected: "The last administrator, and the first one, stay as they are.",
  precondition: "Somebody else has changed this meanwhile. Look at it again.",
  state: "It is in that state already.",
  default_group: "Everybody is in this group, and it stays.",
  task_status: "It cannot go from the state it is in to that one.",
  not_holder: "Somebody else holds it.",
  in_progress:
    "Somebody, or your own second click, was faster. It has changed since you looked: this is how it stands now.",
};

const THINGS: Record<Nameable, string> = {
  user: "user",
  page: "page",
  project: "project",
  task: "task",
  token: "log-in",
  notification: "notification",
  mail: "mail",
  permission: "permission",
  task_type: "kind of task",
  answer: "answer",
  group: "group",
  api_key: "API key",
  controller: "controller",
  model: "model",
  credential: "credential",
  worker: "worker",
  job: "job",
  fleet_task: "task",
};

/** What stands in the way of a deed, in a sentence for the page that it was asked for on; undefined where it is no matter of the deed. */
export function saidOf(refusal: Refusal): string | undefined {
  switch (refusal.kind) {
    case "blocked":
      return BLOCKED[refusal.because];
    case "conflict":
      if (refusal.having === false) return "It is gone already.";
      if (refusal.what === "task") return "The same is asked for already, and not done yet.";
      return `There is such a ${THINGS[refusal.what]} already.`;
    case "not_found":
      return `There is no such ${THINGS[refusal.what]} any more.`;
    case "unavailable":
      return "Something that this needs does not answer. Look whether it is done, or send it again in a few seconds.";
    case "stale":
      return "Somebody else has changed this meanwhile. Look at it as it is now, and try again.";
    case "throttled":
      return `Too many tries. Please wait ${refusal.retryAfterSeconds} seconds.`;
    default:
      return undefined;
  }
}

const NAMED_IN: Partial<Record<Nameable, string>> = {
  user: "username",
  group: "groupname",
  controller: "controller",
  model: "model",
};

/** The field of a form that a name was typed in which is taken; an empty text for what concerns no field of it. */
export function fieldNaming(refusal: Refusal, form: URLSearchParams): string {
  const field = refusal.kind === "conflict" ? NAMED_IN[refusal.what] : undefined;
  return field !== undefined && form.has(field) ? field : "";
}
