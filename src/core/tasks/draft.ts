import type { Statement } from "../../storage/db.ts";
import type { OfTask, Plan } from "../actions/action.ts";
import type { Core } from "../context.ts";
import type { Letter } from "./letters.ts";
import type { Command } from "./remote.ts";
import type { Task, TaskAction, TaskEvent } from "./task.ts";

/** What a step of a task wants to commit: the task as it will be, and all that goes with it. */
export interface Step {
  task: Task;
  writes: Statement[];
  events: TaskEvent[];
  letters: Letter[];
  /** Texts of normal notifications. */
  notices: string[];
  /** Texts of error notifications. */
  errors: string[];
}

export const begin = (task: Task): Step => ({ task, writes: [], events: [], letters: [], notices: [], errors: [] });

/** What the actions of a task may know of it. */
export const ofTask = ({ id, made, requester }: Task): OfTask => ({ id, made, requester });

/** Adds a line to the history: who asked for the step did it. */
export function log(core: Core, step: Step, command: Command, event: Omit<TaskEvent, "at" | "actor">): void {
  const actor = command.identity?.username ?? null;
  // That the time is over was so from that moment on, whenever it was noticed.
  step.events.push({ at: command.kind === "expire" ? step.task.pendingUntil : core.now(), actor, ...event });
}

/** What the history says of an approval besides who gave it, with his reason if he gave one. */
export const withReason = (text: string, { note }: Command): string => (note === undefined ? text : `${text}: ${note}`);

/** Notes what a plan said and what it will make, and takes its writes into the step. */
export function adopt(step: Step, action: TaskAction, found: Plan): void {
  const { task } = step;
  change(step, action, { valid: found.valid, notes: [...action.notes, ...found.notes], needs: found.needs });
  task.made = { ...task.made, ...found.made };
  step.writes.push(...found.writes);
}

/** Changes one action of the task. */
export function change({ task }: Step, action: TaskAction, changes: Partial<TaskAction>): void {
  task.actions = task.actions.map((each) => (each === action ? { ...each, ...changes } : each));
}
