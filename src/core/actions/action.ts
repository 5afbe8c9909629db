import type * as z from "zod";
import type { Statement } from "../../storage/db.ts";
import type { Core } from "../context.ts";
import type { Identity } from "../projects.ts";
import type { Settings } from "../settings.ts";
import type { JsonObject, TokenField } from "../tasks/task.ts";

/** What an action wants to happen. It does nothing itself; the task's step commits it. */
export interface Plan {
  /** Whether it is possible at all. An impossible one writes nothing. */
  valid: boolean;
  notes: string[];
  writes: Statement[];
  /** What it will have made, kept with the task. */
  made: Record<string, string>;
  /** What the person concerned has to fill in before the last stage. */
  needs: TokenField[];
  /** Of a preparation: whether the action approves itself, unless a policy says otherwise. */
  approvesItself: boolean;
  /** Of an approval: whether a system outside has to do its part, by the action's errand, before the task goes on. */
  errand: boolean;
}

/** What came of an errand. */
export type Outcome =
  | { done: true; note: string }
  /** `what` is a class of error, for the notification; `note` says it in a sentence. */
  | { done: false; what: string; note: string };

type Details = Partial<Omit<Plan, "valid" | "notes">>;

const planned = (valid: boolean, notes: string | string[], details: Details): Plan => ({
  valid,
  notes: [notes].flat(),
  writes: [],
  made: {},
  needs: [],
  approvesItself: false,
  errand: false,
  ...details,
});

export const plan = {
  valid: (notes: string | string[] = [], details: Details = {}): Plan => planned(true, notes, details),
  invalid: (notes: string | string[]): Plan => planned(false, notes, {}),
};

/** What a task keeps of an errand that is done, so that it is never run again. */
export const errandOf = (action: string): string => `errand of ${action}`;

/** What an action may know of the task it belongs to. */
export interface OfTask {
  id: string;
  /** What the approval of this task has made, by this action and those before it. */
  made: Record<string, string>;
  /** Who asked for it, as he was then; null for nobody. */
  requester: Identity | null;
}

/** One thing that a task can do, as a planner for each stage (workflow contract, 4.1). */
export interface Action<D extends object = JsonObject> {
  name: string;
  /** Its input, with defaults; unknown keys are dropped. `known`: the data it had, when it is created the input itself. */
  data(settings: Settings, known: JsonObject): z.ZodType<D>;
  /** `asker`: who asks for it, or changes what is asked for, with the roles he has at that moment; null for nobody. */
  prepare(core: Core, data: D, asker: Identity | null, task: OfTask): Promise<Plan>;
  /** Runs again on a re-approval: what `made` tells of is not planned twice. */
  approve(core: Core, data: D, task: OfTask): Promise<Plan>;
  /** What it has a system outside do, known there by the task's id: asked for twice it happens once. Never throws. */
  errand?(core: Core, data: D, task: OfTask): Promise<Outcome>;
  /** `values`: what was filled in; a password is there as its PHC string. */
  submit(core: Core, data: D, values: Filled, task: OfTask): Promise<Plan>;
}

export interface Filled {
  password?: string;
  confirm?: true;
}

/** Lets an action be written with the type of its data and listed without it: the task holds data that it has checked. */
export const action = <D extends object>(written: Action<D>): Action => written as unknown as Action;
