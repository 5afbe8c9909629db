import { commitAll } from "../../storage/db.ts";
import { faultOf, StorageFault, violated } from "../../storage/fault.ts";
import { LEDGER, OPEN_TASK, olderSame, stepTaken } from "../../storage/tasks.ts";
import type { Core } from "../context.ts";
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
  /** How often it has failed. */
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
 * was begun and not finished is finished first; the same step asked for again is taken over by who asks.
 */
export async function takeStep(core: Core, keeper: Keeper, command: Command): Promise<Verdict> {
  const { pending } = keeper.kept();
  if (pending && takesOver(command, pending.command)) {
    return settle(core, keeper, { ...pending, id: newId(core.random), command }, true);
  }
  if (pending && (await finish(core, keeper)) === "unfinished") return UNAVAILABLE;
  const { task, finishedAt } = keeper.kept();
  const refusal = against(core, task, command);
  if (refusal) return { ok: false, refusal };
  // Whoever finds a dead step and finishes it first is not late: nobody won against him.
  if (task && !pending && isOutrun(task, command, finishedAt)) return { ok: false, refusal: BUSY };
  const intent = { id: newId(core.random), command, revision: (task?.revision ?? 0) + 1, tries: 0 };
  return settle(core, keeper, intent, false);
}

const takesOver = (command: Command, pending: Command) =>
  command.kind === pending.kind && (command.kind === "approve" || command.kind === "submit");

const rulesOf = ({ settings }: Core): Rules => ({ allowSelfApproval: settings.ALLOW_SELF_APPROVAL });

function against(core: Core, task: Task | null, command: Command): Refusal | undefined {
  if (command.kind === "create") return task ? BUSY : undefined;
  return task ? decide(task, command, core.now(), rulesOf(core)) : { kind: "not_found", what: "task" };
}

/** Finishes a step that was begun and not finished. */
export async function finish(core: Core, keeper: Keeper): Promise<"finished" | "unfinished"> {
  const { pending } = keeper.kept();
  if (pending) await settle({ ...core, visit: pending.command.visit }, keeper, pending, true);
  return keeper.kept().pending ? "unfinished" : "finished";
}

/** `begun`: an earlier try of this step, or of one that it takes over, may have reached D1. */
async function settle(core: Core, keeper: Keeper, intent: Intent, begun: boolean): Promise<Verdict> {
  const before = keeper.kept();
  keeper.keep({ ...before, pending: intent });
  try {
    const landed = await land(core, before.task, intent, begun);
    if ("refusal" in landed) {
      keeper.keep({ ...before, pending: null });
      return { ok: false, refusal: landed.refusal };
    }
    await supersede(core, landed.task, intent.command);
    keeper.keep({ task: landed.task, pending: null, finishedAt: core.now() });
    core.later(deliverMails(core));
    return verdictOn(core, landed, intent.command);
  } catch (error) {
    if (!faultOf(error)) {
      console.error(JSON.stringify({ level: "error", message: "a task's step failed", error: nameOf(error) }));
    }
    keeper.keep({ ...keeper.kept(), pending: { ...intent, tries: intent.tries + 1 } });
    return UNAVAILABLE;
  }
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : typeof error);

type Landed = { task: Task; mine: boolean } | { refusal: Refusal };

/**
 * Plans and commits until the revision is taken, by this intent or by an earlier one that was thought lost. After anything
 * that may have reached D1 the ledger is asked first: a plan made over its own effects would find itself impossible.
 */
async function land(core: Core, before: Task | null, intent: Intent, begun: boolean): Promise<Landed> {
  let uncertain = begun;
  let failure: unknown;
  for (let plans = 0; plans < PLANS_MAX; plans += 1) {
    try {
      const taken = uncertain && (await stepOf(core, before, intent));
      if (taken) return taken;
      const step = await planStep(core, before, intent.command);
      await commitAll(core.db, await batchOf(core, step, intent.command, intent.id));
      return { task: step.task, mine: true };
    } catch (error) {
      if (error instanceof Refused) return { refusal: error.refusal };
      const constraint = violated(error);
      if (constraint === OPEN_TASK) return { refusal: { kind: "conflict", what: "task" } };
      if (!faultOf(error)) throw error;
      failure = error;
      uncertain = constraint === undefined || constraint === LEDGER;
      // An unreachable database gets one more try.
      if (constraint === undefined && plans > 0) break;
    }
  }
  throw failure;
}

/** The step that took the revision, if one has: this intent's own, whose answer got lost, or one that was begun before it. */
async function stepOf(core: Core, before: Task | null, { command, revision, id }: Intent): Promise<Landed | undefined> {
  const taskId = command.kind === "create" ? command.seed.id : before?.id;
  const step = taskId && (await stepTaken(core.db, taskId, revision));
  return step ? { task: step.row.body as Task, mine: step.intent === id } : undefined;
}

/** Cancels the older tasks that a new one stands for. Repeating it does no harm. */
async function supersede(core: Core, task: Task, command: Command): Promise<void> {
  if (command.kind !== "create" || kindOf(task.type).duplicates === "block" || task.cancelledAt !== null) return;
  const { who, identity, visit } = command;
  for (const { id, revision } of await olderSame(core.db, task.id, await samenessOf(task))) {
    const asked = { who, identity, visit: { ...visit, arrivedAt: core.now() }, seen: revision };
    const verdict = await core.tasks.step(id, { kind: "cancel", because: "duplicate", ...asked });
    // It moved while we looked: the next try sees it as it is then.
    if (!verdict.ok && isPassing(verdict.refusal)) throw new StorageFault({ kind: "unreachable" });
  }
}

const isPassing = (refusal: Refusal) =>
  refusal.kind === "unavailable" || (refusal.kind === "blocked" && refusal.because === "in_progress");

function verdictOn(core: Core, { task, mine }: { task: Task; mine: boolean }, command: Command): Verdict {
  if (command.kind !== "submit") return { ok: true, task };
  if (!mine) return { ok: false, refusal: decide(task, command, core.now(), rulesOf(core)) ?? BUSY };
  const completed = stateOf(task, core.now()) === "completed";
  return completed ? { ok: true, task } : { ok: false, refusal: { kind: "blocked", because: "actions_invalid" } };
}
