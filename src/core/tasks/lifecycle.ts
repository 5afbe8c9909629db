import type { Refusal } from "../refusal.ts";
import type { Command } from "./remote.ts";
import { isValid, type Task } from "./task.ts";

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
const REFUSALS: Record<Exclude<Step, "expire">, Record<TaskState, Refusal | undefined>> = {
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

/** Whether a step may be taken now: the refusal that stands against it, or nothing. */
export function decide(
  task: Task,
  command: Extract<Command, { kind: Step }>,
  now: number,
  rules: Rules,
): Refusal | undefined {
  if (command.kind === "expire") return isExpired(task, now) ? undefined : blocked("in_progress");
  const state = stateOf(task, now);
  const refusal = REFUSALS[command.kind][state];
  switch (command.kind) {
    case "approve":
      if (state === "completed" || state === "cancelled") return refusal;
      return isOwn(task, command) && !rules.allowSelfApproval ? blocked("self_approval") : refusal;
    case "submit":
      if (refusal) return refusal;
      return task.token?.digest === command.digest && now < task.token.expiresAt ? undefined : NO_TOKEN;
    case "cancel":
    case "deny":
    case "update":
    case "reissue":
      return refusal;
  }
}

/** Why a task cannot be updated at a time, or nothing: what is said before its new data is looked at. */
export const againstUpdate = (task: Task, now: number): Refusal | undefined => REFUSALS.update[stateOf(task, now)];

const isOwn = (task: Task, { identity }: Command) => identity !== null && task.requester?.user_id === identity.user_id;

/**
 * Whether a command was outrun: it reached the service, or looked at the task, before the step that won was finished. A
 * loser is never turned into a second approval (workflow contract, 4.4).
 */
export function isOutrun(task: Task, command: Command, finishedAt: number): boolean {
  return command.seen !== task.revision || command.visit.arrivedAt < finishedAt;
}
