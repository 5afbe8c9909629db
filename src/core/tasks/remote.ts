import type { Outcome } from "../actions/action.ts";
import type { Who } from "../audit.ts";
import type { Visit } from "../context.ts";
import type { KeptAnswer } from "../idempotency.ts";
import type { Identity } from "../projects.ts";
import type { Refusal } from "../refusal.ts";
import type { JsonObject, Task, TaskType } from "./task.ts";

/** What is asked of a task's object. Everything in it can be stored; no secret is. */
export type Command = Asked &
  (
    | { kind: "create"; seed: TaskSeed }
    /** `stages`: those whose approver the caller is, by their places, as he saw the task. */
    | { kind: "approve"; stages: number[] }
    /** An approval goes on after an errand; null: it has not been run. */
    | { kind: "proceed"; outcome: Outcome | null }
    /** `values`: the fields of the token; a password is there as its PHC string. */
    | { kind: "submit"; digest: string; values: JsonObject }
    | { kind: "cancel"; because: "asked" | "duplicate" }
    /** `note` is the reason. */
    | { kind: "deny" }
    /** The complete new data of all actions. */
    | { kind: "update"; actions: TaskSeed["actions"] }
    | { kind: "reissue" }
    /** The time to approve it is over. */
    | { kind: "expire" }
  );

/** Who asks, from where, and what he had seen. */
export interface Asked {
  taskId: string;
  who: Who;
  identity: Identity | null;
  visit: Visit;
  /** The revision of the task when the caller looked; 0 for a new one. */
  seen: number;
  note?: string;
}

export interface TaskSeed {
  id: string;
  type: TaskType;
  actions: { name: string; data: JsonObject }[];
  /** What is to be answered again to the same request, if it bore an Idempotency-Key. */
  keep?: KeptAnswer;
}

/** What came of a command: the task as it is now, or the refusal as data, since errors lose their class on the way. */
export type Verdict = { ok: true; task: Task } | { ok: false; refusal: Refusal };

/** The way to the objects of tasks. */
export interface TaskRemote {
  /** Asks the object of a task to take a step. Rejects when the object cannot be reached. */
  step(taskId: string, command: Command): Promise<Verdict>;
  /** An answer with a WebSocket that tells each new revision of a task. */
  watch(taskId: string, userId: string): Promise<Response>;
  /** Settles when objects can be reached at all. */
  ping(): Promise<void>;
}

/** The way to what tells of changes in the queue of all tasks. */
export interface QueueRemote {
  /** An answer with a WebSocket that tells that something has changed. */
  watch(userId: string): Promise<Response>;
  /** Tells it. */
  changed(): Promise<void>;
}
