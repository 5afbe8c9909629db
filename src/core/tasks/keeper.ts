import { commitAll } from "../../storage/db.ts";
import { faultOf, StorageFault, violated } from "../../storage/fault.ts";
import { LEDGER, OPEN_TASK, olderSame, stepTaken, taskWithId } from "../../storage/tasks.ts";
import type { Core } from "../context.ts";
import { logFault } from "../faults.ts";
import { deliverMails } from "../mail.ts";
import { type Refusal, Refused } from "../refusal.ts";
import { newId } from "../secrets.ts";
import { batchOf } from "./copy.ts";
import { kindOf } from "./kinds.ts";
import { decide, isOutrun, type Rules, stateOf } from "./lifecycle.ts";
import type { Command, Verdict } from "./remote.ts";
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

/** What the object of a task keeps. */
export interface Kept {
  task: Task | null;
  pending: Intent | null;
  /** When the last step that took effect was finished, Unix milliseconds. */
  finishedAt: number;
}

export interface Keeper {
  kept(): Kept;
  /** Durable before anything that follows leaves the object. */
  keep(kept: Kept): void;
}

const UNAVAILABLE: Verdict = { ok: false, refusal: { kind: "unavailable" } };
const BUSY: Refusal = { kind: "blocked", because: "in_progress" };
/** How often a step is planned anew within one call when the world changed under the plan. */
const PLANS_MAX = 4;

/**
 * Takes one step of a task, or says why not. The caller sees to it that steps of one task come one at a time. A step that
 * was begun and not finished is settled first; an approval or submission asked for again is taken over by who asks.
 */
export async function takeStep(core: Core, keeper: Keeper, command: Command): Promise<Verdict> {
  const { pending } = keeper.kept();
  if (pending && takesOver(command, pending.command)) {
    return settle(core, keeper, { ...pending, id: newId(core.random), command });
  }
  // Whoever cancels does not want the step to be finished first; if it is in, he cancels what it made.
  if (pending && !(await finish(core, keeper, command.kind !== "cancel"))) return UNAVAILABLE;
  await catchUp(core, keeper, command);
  const { task, finishedAt } = keeper.kept();
  const refusal = against(core, task, command);
  if (refusal) return { ok: false, refusal };
  // Whoever settles a dead step first is not late: nobody won against him. Nor is the service itself.
  if (task && !pending && !isOwn(command) && isOutrun(task, command, finishedAt)) return { ok: false, refusal: BUSY };
  return settle(core, keeper, { id: newId(core.random), command, revision: (task?.revision ?? 0) + 1, tries: 0 });
}

const takesOver = (command: Command, pending: Command) =>
  command.kind === pending.kind && (command.kind === "approve" || command.kind === "submit");

const isOwn = (command: Command) =>
  command.kind === "expire" || (command.kind === "cancel" && command.because === "duplicate");

/** Learns of a step that is in D1 and was given up here: its batch arrived after all. */
async function catchUp(core: Core, keeper: Keeper, command: Command): Promise<void> {
  const { task, finishedAt } = keeper.kept();
  if (command.kind === "create" || command.seen <= (task?.revision ?? 0)) return;
  const row = await taskWithId(core.db, command.taskId);
  if (row && row.revision > (task?.revision ?? 0)) {
    keeper.keep({ task: row.body as Task, pending: null, finishedAt });
  }
}

const rulesOf = ({ settings }: Core): Rules => ({ allowSelfApproval: settings.ALLOW_SELF_APPROVAL });

function against(core: Core, task: Task | null, command: Command): Refusal | undefined {
  if (command.kind === "create") return task ? BUSY : undefined;
  return task ? decide(task, command, core.now(), rulesOf(core)) : { kind: "not_found", what: "task" };
}

/**
 * Settles a step that was begun and not finished: adopts it if it is in D1, else takes it up again or forgets it. Tells
 * whether nothing is pending any more. Only an approval goes on by itself after its caller was told that it failed; and
 * with `resume` false nothing does.
 */
export async function finish(core: Core, keeper: Keeper, resume = true): Promise<boolean> {
  const { pending, task } = keeper.kept();
  if (!pending) return true;
  const own = { ...core, visit: pending.command.visit };
  if (resume && (pending.tries === 0 || pending.command.kind === "approve")) {
    await settle(own, keeper, pending);
  } else {
    await attempt(own, keeper, pending, async () => {
      const taken = await stepOf(own, task, pending);
      if (taken) await adopt(own, keeper, taken.task, pending.command);
      else keeper.keep({ ...keeper.kept(), pending: null });
    });
  }
  return keeper.kept().pending === null;
}

async function settle(core: Core, keeper: Keeper, intent: Intent): Promise<Verdict> {
  const before = keeper.kept();
  keeper.keep({ ...before, pending: intent });
  const verdict = await attempt(core, keeper, intent, async (): Promise<Verdict> => {
    const landed = await land(core, before.task, intent, before.pending !== null);
    if ("refusal" in landed) {
      // Who may not take a step over leaves it to whoever began it.
      keeper.keep({ ...before, pending: before.pending?.id === intent.id ? null : before.pending });
      return { ok: false, refusal: landed.refusal };
    }
    await adopt(core, keeper, landed.task, intent.command);
    return verdictOn(core, landed, intent.command);
  });
  return verdict ?? UNAVAILABLE;
}

/** Tries something that finishes an intent; if it fails the intent stays, to be settled later. */
async function attempt<T>(core: Core, keeper: Keeper, intent: Intent, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const { command, revision, tries } = intent;
    logFault("a task's step failed", error, { request: core.visit.id, step: command.kind, revision, tries });
    keeper.keep({ ...keeper.kept(), pending: { ...intent, tries: tries + 1 } });
    return undefined;
  }
}

/** Makes a step that is in D1 the object's own, with what follows from it. */
async function adopt(core: Core, keeper: Keeper, task: Task, command: Command): Promise<void> {
  await supersede(core, task, command);
  keeper.keep({ task, pending: null, finishedAt: core.now() });
  core.later(deliverMails(core));
}

type Landed = { task: Task; mine: boolean } | { refusal: Refusal };

/**
 * Plans and commits until the revision is taken, by this intent or by an earlier one that was thought lost. After anything
 * that may have reached D1 (`begun`: in an earlier try) the ledger is asked first: a plan made over its own effects would
 * find itself impossible. What was pending has to be allowed at this moment, and to this caller.
 */
async function land(core: Core, before: Task | null, intent: Intent, begun: boolean): Promise<Landed> {
  let uncertain = begun;
  let failure: unknown;
  for (let plans = 0; plans < PLANS_MAX; plans += 1) {
    try {
      const taken = uncertain && (await stepOf(core, before, intent));
      if (taken) return taken;
      const refusal = against(core, before, intent.command);
      if (refusal) return { refusal };
      const step = await planStep(core, before, intent.command);
      await commitAll(core.db, await batchOf(core, step, intent.command, intent.id));
      return { task: step.task, mine: true };
    } catch (error) {
      if (error instanceof Refused) return { refusal: error.refusal };
      const constraint = violated(error);
      if (constraint === OPEN_TASK) return { refusal: { kind: "conflict", what: "task" } };
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
async function stepOf(
  core: Core,
  before: Task | null,
  { command, revision, id }: Intent,
): Promise<{ task: Task; mine: boolean } | undefined> {
  const taskId = command.kind === "create" ? command.seed.id : before?.id;
  const step = taskId && (await stepTaken(core.db, taskId, revision));
  return step ? { task: step.row.body as Task, mine: step.intent === id } : undefined;
}

/** Cancels the older tasks that a new one stands for. Repeating it does no harm. */
async function supersede(core: Core, task: Task, command: Command): Promise<void> {
  if (command.kind !== "create" || kindOf(task.type).duplicates === "block") return;
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

function verdictOn(core: Core, { task, mine }: { task: Task; mine: boolean }, command: Command): Verdict {
  if (command.kind !== "submit") return { ok: true, task };
  if (!mine) return { ok: false, refusal: decide(task, command, core.now(), rulesOf(core)) ?? BUSY };
  const completed = stateOf(task, core.now()) === "completed";
  return completed ? { ok: true, task } : { ok: false, refusal: { kind: "blocked", because: "actions_invalid" } };
}
