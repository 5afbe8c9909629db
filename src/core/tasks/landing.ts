import { commitAll } from "../../storage/db.ts";
import { faultOf, StorageFault, violated } from "../../storage/fault.ts";
import { KEPT_ANSWER } from "../../storage/kept-answers.ts";
import { LEDGER, OPEN_TASK, olderSame, stepTaken } from "../../storage/tasks.ts";
import type { Core } from "../context.ts";
import { type Refusal, Refused } from "../refusal.ts";
import { batchOf } from "./copy.ts";
import { kindOf } from "./kinds.ts";
import { decide, rulesOf } from "./lifecycle.ts";
import type { Command } from "./remote.ts";
import { samenessOf } from "./sameness.ts";
import { planStep } from "./step.ts";
import type { Task } from "./task.ts";

/** A step that was begun: it is in the object's storage before anything is written to D1, and leaves it when it is done. */
export interface Intent {
  /** Tells whose batch took the revision. */
  id: string;
  command: Command;
  revision: number;
  /** How often it has failed, each time with an answer; 0 while it runs, and after a crash. */
  tries: number;
}

/** What came of an intent: the task as it is in D1, `mine` by this very intent; or why it cannot be. */
export type Landed = { task: Task; mine: boolean } | { refusal: Refusal };

/** How often a step is planned anew within one call when the world changed under the plan. */
const PLANS_MAX = 8;

const PHASES: Record<Command["kind"], string> = {
  create: "setting up task",
  approve: "approving task",
  proceed: "approving task",
  submit: "submitting task",
  update: "updating task",
  reissue: "sending token",
  cancel: "cancelling task",
  deny: "denying task",
  expire: "cancelling task",
};

const errorIn = ({ kind }: Command): string => `Error: StoreError while ${PHASES[kind]}. See task itself for details.`;

/** What stands against a command now, if anything does. */
export function against(core: Core, task: Task | null, command: Command): Refusal | undefined {
  if (command.kind === "create") return task ? { kind: "blocked", because: "in_progress" } : undefined;
  return task ? decide(task, command, core.now(), rulesOf(core.settings)) : { kind: "not_found", what: "task" };
}

/**
 * Plans and commits until the revision is taken, by this intent or by an earlier one that was thought lost. After anything
 * that may have reached D1 (`begun`: in an earlier try) the ledger is asked first: a plan made over its own effects would
 * find itself impossible. `failed`: in an earlier try, with an answer that said so, which administrators are then told of.
 * What was pending has to be allowed at this moment, and to this caller.
 */
export async function land(
  core: Core,
  before: Task | null,
  intent: Intent,
  { begun, failed }: { begun: boolean; failed: boolean },
): Promise<Landed> {
  let uncertain = begun;
  let failure: unknown;
  for (let plans = 0; plans < PLANS_MAX; plans += 1) {
    try {
      const taken = uncertain && (await stepOf(core, before, intent));
      if (taken) return taken;
      const refusal = against(core, before, intent.command);
      if (refusal) return { refusal };
      // All of a step happens at one time: what ends some time after an approval is counted from that very moment.
      const at = core.now();
      const then = { ...core, now: () => at };
      const step = await planStep(then, before, intent.command);
      if (failed) step.errors.push(errorIn(intent.command));
      await commitAll(core.db, await batchOf(then, step, intent.command, intent.id));
      return { task: step.task, mine: true };
    } catch (error) {
      if (error instanceof Refused) return { refusal: error.refusal };
      const constraint = violated(error);
      if (constraint === OPEN_TASK) return { refusal: { kind: "conflict", what: "task" } };
      if (constraint === KEPT_ANSWER) return { refusal: { kind: "conflict", what: "answer" } };
      if (!faultOf(error)) throw error;
      failure = error;
      uncertain ||= constraint === undefined || constraint === LEDGER;
      // An unreachable database gets one more try.
      if (constraint === undefined && plans > 0) break;
    }
  }
  throw failure;
}

/** The step that took the revision, if one has: this intent's own, whose answer got lost, or one that was begun before it. */
export async function stepOf(
  core: Core,
  before: Task | null,
  { command, revision, id }: Intent,
): Promise<{ task: Task; mine: boolean } | undefined> {
  const taskId = command.kind === "create" ? command.seed.id : before?.id;
  const step = taskId && (await stepTaken(core.db, taskId, revision));
  return step ? { task: step.row.body as Task, mine: step.intent === id } : undefined;
}

/** Cancels the older tasks that a new one, or one with new data, stands for. Repeating it does no harm. */
export async function supersede(core: Core, task: Task, command: Command): Promise<void> {
  const changesData = command.kind === "create" || command.kind === "update";
  if (!changesData || kindOf(task.type).duplicates === "block") return;
  // One that was cancelled at once stands for none, and takes as long to say so.
  const older = await olderSame(core.db, task.id, await samenessOf(task));
  if (task.cancelledAt !== null) return;
  const { who, identity, visit } = command;
  for (const { id, revision } of older) {
    const asked = { taskId: id, who, identity, visit, seen: revision };
    const verdict = await core.tasks.step(id, { kind: "cancel", because: "duplicate", ...asked });
    if (!verdict.ok && verdict.refusal.kind === "unavailable") throw new StorageFault({ kind: "unreachable" });
  }
}
