import type { Identity } from "../projects.ts";
import { isId, type Json } from "../values.ts";

export const TASK_TYPES = [
  "signup",
  "reset_password",
  "invite_user",
  "edit_roles",
  "update_email",
  "update_quota",
  "request_access",
] as const;

export type TaskType = (typeof TASK_TYPES)[number];

export type JsonObject = { [key: string]: Json };

/** A field that the person concerned fills in when he submits his token. */
export type TokenField = "password" | "confirm";

/** One action of a task. */
export interface TaskAction {
  name: string;
  /** The validated input, defaults filled in. */
  data: JsonObject;
  valid: boolean;
  /** Appended in order, never removed. */
  notes: string[];
  /** What its approval left for the person concerned to fill in. */
  needs: TokenField[];
}

/** The live token of a task, or the last one it had; the secret is nowhere but in the mail. */
export interface TaskToken {
  digest: string;
  createdAt: number;
  expiresAt: number;
}

/** Who approves at one stage: anybody who holds one of the keys that these stand for. */
export type Approvers =
  /** `admin`: any ADMIN; else who holds the role in the task's project. */
  | { role: string }
  /** Its active members; the id is what counts, a new group of the same name inherits nothing. */
  | { group: { id: string; name: string } }
  | { users: { id: string; name: string }[] };

/** One of the stages that approve a task one after the other. */
export interface Stage {
  name: string;
  approvers: Approvers;
  /** How many different people it takes. */
  required: number;
}

/** How a task is approved: as the policy of its type was when it was created, or last updated (workflow contract, 10.1). */
export interface TaskPolicy {
  stages: Stage[];
  allowSelfApproval: boolean;
}

/** That somebody approved of a task at a stage. */
export interface Vote {
  userId: string;
  /** Its place among the stages, from 0. */
  stage: number;
}

/** A task as its object keeps it; D1 holds a copy. Times are Unix milliseconds. */
export interface Task {
  id: string;
  type: TaskType;
  /** One more with every step that took effect. */
  revision: number;
  actions: TaskAction[];
  notes: string[];
  /** What its approval has made, by name, so that it is never made twice. */
  made: Record<string, string>;
  /** Null when nobody was logged in. */
  requester: Identity | null;
  projectId: string | null;
  /** The client's address. */
  address: string;
  createdAt: number;
  policy: TaskPolicy;
  votes: Vote[];
  /** Not approved by then it reads as cancelled. */
  pendingUntil: number;
  approvedAt: number | null;
  /** Who gave the first approval; null before it, and when nobody was logged in. */
  approvedBy: Identity | null;
  /** The action of its approval that waits for a system outside; null when none does. */
  errand: string | null;
  completedAt: number | null;
  cancelledAt: number | null;
  token: TaskToken | null;
}

/** What a task says that nobody approved in time; it says so from that moment on, whatever has run. */
export const EXPIRED_NOTE = "Task expired: it was not approved in time.";

/** One line of a task's history. */
export interface TaskEvent {
  at: number;
  /** User name at that time. */
  actor: string | null;
  step: "create" | "update" | "vote" | "approve" | "token" | "submit" | "complete" | "deny" | "cancel" | "expire";
  outcome: "ok" | "invalid" | "failed";
  note: string | null;
}

/** The fields that the token of a task asks for, in the order of its actions. */
export function fieldsNeeded(task: Task): TokenField[] {
  return [...new Set(task.actions.flatMap(({ needs }) => needs))];
}

/** The id of a task as it may be written, with dashes and in upper case; undefined for what no task is called. */
export function asTaskId(text: string): string | undefined {
  const id = text.replaceAll("-", "").toLowerCase();
  return isId(id) ? id : undefined;
}

/** Whether data of the type `request_access` is an order of the access dialect: a request of the workflow dialect has a reason. */
export const isOrder = (data: JsonObject): boolean => !("reason" in data);

/** Whether a task is an order of the access dialect, which has its answer there. */
export const isOrdered = ({ type, actions }: Pick<Task, "type" | "actions">): boolean =>
  type === "request_access" && actions.some(({ data }) => isOrder(data));

export const isValid = (task: Task): boolean => task.actions.every(({ valid }) => valid);

/**
 * Whether what was asked for was impossible from the beginning, so that who asked is refused (workflow contract, 4.5). Whoever
 * asks to reset a password is never told.
 */
export const isRefused = (task: Task): boolean =>
  task.revision === 1 && task.cancelledAt !== null && task.type !== "reset_password";
