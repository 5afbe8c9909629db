import type { Identity } from "../projects.ts";
import type { Refusal } from "../refusal.ts";
import type { Settings } from "../settings.ts";
import type { Command } from "./remote.ts";
import { isValid, type Task, type TaskEvent } from "./task.ts";
import { currentStage, hasVoted, stageAt } from "./voting.ts";

/**
 * Where a task stands (workflow contract, 4.2): `waiting` and valid, waiting but `invalid`, `approved` with or without a
 * live token, `completed`, `cancelled` (denied and expired ones too).
 */
export type TaskState = "waiting" | "invalid" | "approved" | "completed" | "cancelled";

/** The state of a task at a time. That nobody approved it in time counts from that moment on, whatever has run. */
export function stateOf(task: Task, now: number): TaskState {
  if (task.completedAt !== null) return "completed";
  if (task.cancelledAt !== null || isExpired(task, now)) return "cancelled";
  if (task.approvedAt !== null) return "approved";
  return isValid(task) ? "waiting" : "invalid";
}

/** Whether the time to approve a task is over without a word. */
export function isExpired(task: Task, now: number): boolean {
  return task.approvedAt === null && task.completedAt === null && task.cancelledAt === null && now >= task.pendingUntil;
}

/** Whether a token can be submitted at a time. */
export function hasLiveToken(task: Task, now: number): boolean {
  return stateOf(task, now) === "approved" && task.token !== null && now < task.token.expiresAt;
}

type Step = Exclude<Command["kind"], "create">;

const blocked = (because: Extract<Refusal, { kind: "blocked" }>["because"]): Refusal => ({ kind: "blocked", because });
const NO_TOKEN: Refusal = { kind: "not_found", what: "token" };

/** What each step answers to each state; `undefined`: it may be taken. */
const REFUSALS: Record<Exclude<Step, "expire" | "proceed">, Record<TaskState, Refusal | undefined>> = {
  approve: {
    waiting: undefined,
    invalid: blocked("invalid_actions"),
    approved: undefined,
    completed: blocked("completed"),
    cancelled: blocked("cancelled"),
  },
  submit: {
    waiting: NO_TOKEN,
    invalid: NO_TOKEN,
    approved: undefined,
    completed: NO_TOKEN,
    cancelled: blocked("cancelled"),
  },
  cancel: {
    waiting: undefined,
    invalid: undefined,
    approved: undefined,
    completed: blocked("completed"),
    cancelled: blocked("already_cancelled"),
  },
  deny: {
    waiting: undefined,
    invalid: undefined,
    approved: undefined,
    completed: blocked("completed"),
    cancelled: blocked("cancelled"),
  },
  update: {
    waiting: undefined,
    invalid: undefined,
    approved: blocked("approved"),
    completed: blocked("completed"),
    cancelled: blocked("cancelled"),
  },
  reissue: {
    waiting: blocked("not_approved"),
    invalid: blocked("not_approved"),
    approved: undefined,
    completed: blocked("completed"),
    cancelled: blocked("cancelled"),
  },
};

/** What a deployment lets a step do. */
export interface Rules {
  /** Whether people may approve what they asked for themselves. */
  allowSelfApproval: boolean;
}

export const rulesOf = ({ ALLOW_SELF_APPROVAL }: Settings): Rules => ({ allowSelfApproval: ALLOW_SELF_APPROVAL });

/** Whether a step may be taken now: the refusal that stands against it, or nothing. */
export function decide(
  task: Task,
  command: Extract<Command, { kind: Step }>,
  now: number,
  rules: Rules,
): Refusal | undefined {
  if (command.kind === "expire") return isExpired(task, now) ? undefined : blocked("in_progress");
  const state = stateOf(task, now);
  if (command.kind === "proceed") {
    return state === "approved" && task.errand !== null ? undefined : blocked("in_progress");
  }
  const refusal = REFUSALS[command.kind][state];
  switch (command.kind) {
    case "approve":
      return againstApproval(task, command.identity, command.stages, now, rules);
    case "submit":
      if (refusal) return refusal;
      // What the approval has begun outside comes first.
      if (task.errand !== null) return { kind: "unavailable" };
      return task.token?.digest === command.digest && now < task.token.expiresAt ? undefined : NO_TOKEN;
    case "cancel":
    case "deny":
    case "update":
    case "reissue":
      return refusal;
  }
}

/** What stands now against the approval of a task by somebody who is an approver of these stages, if anything does. */
export function againstApproval(
  task: Task,
  identity: Identity | null,
  stages: number[],
  now: number,
  rules: Rules,
): Refusal | undefined {
  const state = stateOf(task, now);
  const refusal = REFUSALS.approve[state];
  if (state === "completed" || state === "cancelled") return refusal;
  return againstApprover(task, identity, stages, state === "approved", rules) ?? refusal;
}

/** What stands against an approver: the wrong stage, his own task, a vote that he gave before (workflow contract, 5.5). */
function againstApprover(
  task: Task,
  identity: Identity | null,
  stages: number[],
  isAgain: boolean,
  { allowSelfApproval }: Rules,
): Refusal | undefined {
  const at = currentStage(task);
  if (!isAgain && !stages.includes(at)) {
    return { kind: "blocked", because: "not_approver", name: stageAt(task, at)?.name ?? "" };
  }
  const isOwn = identity !== null && task.requester?.user_id === identity.user_id;
  if (isOwn && !allowSelfApproval && !task.policy.allowSelfApproval) return blocked("self_approval");
  return !isAgain && identity && hasVoted(task, identity.user_id) ? blocked("already_voted") : undefined;
}

/** Whether somebody could vote on a task now, being an approver of these stages. */
export function mayVote(task: Task, identity: Identity, stages: number[], now: number, rules: Rules): boolean {
  return stateOf(task, now) === "waiting" && !againstApprover(task, identity, stages, false, rules);
}

/** Why a step cannot be taken at a time, whoever wants it, or nothing: what is said before the body is looked at. */
export const against = (step: "update" | "cancel" | "deny" | "reissue", task: Task, now: number): Refusal | undefined =>
  REFUSALS[step][stateOf(task, now)];

/** The last step of a task that was more than a vote. */
export interface Settled {
  revision: number;
  /** When it was finished, Unix milliseconds. */
  at: number;
}

/**
 * Whether a command was outrun: it reached the service, or looked at the task, before the step that won was finished. A
 * loser is never turned into a second approval; votes do not outrun each other (workflow contract, 4.4).
 */
export function isOutrun(command: Command, settled: Settled): boolean {
  return command.seen < settled.revision || command.visit.arrivedAt < settled.at;
}

/**
 * How long a step that failed, or a system outside, waits before it is tried again by itself (workflow contract, 4.4); after
 * the last it waits for somebody to ask again.
 */
export const RETRY_MS = [30_000, 120_000, 600_000];

/** When the service asks a system outside again that has failed, Unix milliseconds; undefined: not by itself. */
export function nextTry(events: TaskEvent[]): number | undefined {
  const failures = events.filter(({ outcome }) => outcome === "failed");
  const asked = failures.findLastIndex(({ actor }) => actor !== null);
  const [at, wait] = [failures.at(-1)?.at, RETRY_MS[failures.length - Math.max(asked, 0) - 1]];
  return at === undefined || wait === undefined ? undefined : at + wait;
}
