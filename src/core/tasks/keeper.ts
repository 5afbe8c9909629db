import { taskWithId } from "../../storage/tasks.ts";
import { actionNamed } from "../actions/index.ts";
import type { Core, Visit } from "../context.ts";
import { logFault } from "../faults.ts";
import { deliverMails } from "../mail-delivery.ts";
import type { Refusal } from "../refusal.ts";
import { newId } from "../secrets.ts";
import { ofTask } from "./draft.ts";
import { against, type Intent, type Landed, land, stepOf, supersede } from "./landing.ts";
import { decide, isExpired, isOutrun, rulesOf, type Settled, stateOf } from "./lifecycle.ts";
import { stagesOfUser } from "./reach.ts";
import type { Asked, Command, Verdict } from "./remote.ts";
import type { Task } from "./task.ts";

/** What the object of a task keeps. */
export interface Kept {
  task: Task | null;
  pending: Intent | null;
  settled: Settled;
  /** How often the errand that the task waits for has failed since somebody asked for it, when it last did, and his visit. */
  failed: { times: number; at: number; visit: Visit } | null;
}

export const NOTHING_KEPT: Kept = { task: null, pending: null, settled: { revision: 0, at: 0 }, failed: null };

export interface Keeper {
  kept(): Kept;
  /** Durable before anything that follows leaves the object. */
  keep(kept: Kept): void;
}

const UNAVAILABLE: Verdict = { ok: false, refusal: { kind: "unavailable" } };
const BUSY: Refusal = { kind: "blocked", because: "in_progress" };

/**
 * Takes one step of a task, or says why not. The caller sees to it that steps of one task come one at a time. A step that
 * was begun and not finished is settled first; an approval or submission asked for again is taken over by who asks.
 */
export async function takeStep(core: Core, keeper: Keeper, command: Command): Promise<Verdict> {
  const { pending } = keeper.kept();
  const taken = pending && takenOver(core, keeper.kept().task, pending.command, command);
  if (taken) return settle(core, keeper, { ...pending, id: newId(core.random), tries: 0, command: taken });
  // Whoever ends the task does not want the step to be finished first; if it is in, he ends what it made.
  const ends = command.kind === "cancel" || command.kind === "deny";
  if (pending && !(await finish(core, keeper, !ends))) return UNAVAILABLE;
  // A caller who saw what the object sees needs no look at D1.
  const isNews = command.kind !== "create" && command.seen !== (keeper.kept().task?.revision ?? 0);
  if (isNews) await agree(core, keeper, command.taskId);
  const { task, settled } = keeper.kept();
  const refusal = against(core, task, command);
  if (refusal) return { ok: false, refusal };
  // Whoever settles a dead step first is not late: nobody won against him. But what he approves of he must have seen.
  const late = pending ? command.kind === "approve" && command.seen < settled.revision : isOutrun(command, settled);
  if (task && !isOwn(command) && late) return { ok: false, refusal: BUSY };
  return settle(core, keeper, intentTo(core, task, command));
}

/** The intent to take the next step of a task. */
const intentTo = ({ random }: Core, task: Task | null, command: Command): Intent => ({
  id: newId(random),
  command,
  revision: (task?.revision ?? 0) + 1,
  tries: 0,
});

/** The command that goes on in the place of a pending one, if who asks wants the very same. */
function takenOver(core: Core, task: Task | null, pending: Command, command: Command): Command | undefined {
  if (command.kind === "submit") return pending.kind === "submit" ? command : undefined;
  if (command.kind !== "approve") return undefined;
  // Another person's vote is not his.
  if (pending.kind === "approve") return pending.who.id === command.who.id ? command : undefined;
  if (pending.kind !== "proceed" || against(core, task, command)) return undefined;
  // What has failed outside is asked for again.
  return { ...pending, ...askedIn(command), outcome: pending.outcome?.done ? pending.outcome : null };
}

const askedIn = ({ taskId, who, identity, visit, seen, note }: Asked): Asked => ({
  taskId,
  who,
  identity,
  visit,
  seen,
  ...(note !== undefined && { note }),
});

const isOwn = (command: Command) =>
  command.kind === "expire" || (command.kind === "cancel" && command.because === "duplicate");

/**
 * Takes D1's word where it differs. It is further when a step that was given up here arrived after all; it is behind, or does
 * not know the task, when the database was taken back to an earlier time: what happened since has not happened.
 */
async function agree(core: Core, keeper: Keeper, taskId: string): Promise<void> {
  const row = await taskWithId(core.db, taskId);
  const kept = keeper.kept();
  if (row?.revision === kept.task?.revision) return;
  const settled = { ...kept.settled, revision: row?.revision ?? 0 };
  keeper.keep({ task: (row?.body as Task | undefined) ?? null, pending: null, settled, failed: null });
}

/**
 * What the object does when it is woken: finishes what was begun, asks again for the errand that failed, or tidies a task
 * whose time to be approved is over.
 */
export async function wake(core: Core, keeper: Keeper): Promise<void> {
  const { pending, task: known } = keeper.kept();
  if (pending) return void (await finish(core, keeper));
  if (known) await agree(core, keeper, known.id);
  const { task } = keeper.kept();
  if (task && stateOf(task, core.now()) === "approved" && task.errand !== null) {
    const command: Command = { kind: "proceed", outcome: null, ...byItself(core, task, "retry") };
    await settle(core, keeper, intentTo(core, task, command));
  } else if (task && isExpired(task, core.now())) {
    await takeStep(core, keeper, { kind: "expire", ...byItself(core, task, "expiry") });
  }
}

const byItself = ({ visit }: Core, { id: taskId, revision: seen }: Task, name: string): Asked => ({
  taskId,
  who: { id: null, name, via: "system" },
  identity: null,
  visit,
  seen,
});

/**
 * Settles a step that was begun and not finished: adopts it if it is in D1, else takes it up again or forgets it. Tells
 * whether nothing is pending any more. Only an approval goes on by itself after its caller was told that it failed; and
 * with `resume` false nothing does.
 */
async function finish(core: Core, keeper: Keeper, resume = true): Promise<boolean> {
  const { pending, task } = keeper.kept();
  if (!pending) return true;
  const own = { ...core, visit: pending.command.visit };
  const { command } = pending;
  if (command.kind === "approve" && task && pending.tries > 0) {
    // Who may vote is judged at the vote, also when it is cast by itself.
    const stages = await attempt(own, keeper, () => stagesOfUser(own, command.who.id, task));
    if (!stages) return false;
    command.stages = stages;
  }
  const goesOn = pending.tries === 0 || pending.command.kind === "approve" || pending.command.kind === "proceed";
  if (resume && goesOn) {
    await settle(own, keeper, pending);
  } else {
    await attempt(own, keeper, async () => {
      const taken = await stepOf(own, task, pending);
      if (taken) await adopt(own, keeper, taken, pending.command);
      // What would go on from it is not gone on with.
      if (!taken || (!resume && keeper.kept().pending)) keeper.keep({ ...keeper.kept(), pending: null });
    });
  }
  return keeper.kept().pending === null;
}

async function settle(core: Core, keeper: Keeper, intent: Intent): Promise<Verdict> {
  const before = keeper.kept();
  keeper.keep({ ...before, pending: intent });
  const verdict = await attempt(core, keeper, async (): Promise<Verdict> => {
    const ready = await afterErrand(core, keeper, before.task, intent);
    const landed = await land(core, before.task, ready, {
      begun: before.pending !== null,
      failed: (before.pending?.tries ?? 0) > 0,
    });
    if ("refusal" in landed) {
      // Who may not take a step over leaves it to whoever began it.
      keeper.keep({ ...before, pending: before.pending?.id === intent.id ? null : before.pending });
      return { ok: false, refusal: landed.refusal };
    }
    const next = await adopt(core, keeper, landed, ready.command);
    return next ? settle(core, keeper, next) : verdictOn(core, landed, intent.command);
  });
  return verdict ?? UNAVAILABLE;
}

/** Runs the errand that an intent is to go on from, if that has not been done, and keeps what came of it. */
async function afterErrand(core: Core, keeper: Keeper, task: Task | null, intent: Intent): Promise<Intent> {
  const { command } = intent;
  const action = task?.actions.find(({ name }) => name === task.errand);
  if (command.kind !== "proceed" || command.outcome || !task || !action) return intent;
  const outcome = await actionNamed(action.name).errand?.(core, action.data, ofTask(task));
  const ready = { ...intent, command: { ...command, outcome: outcome ?? null } };
  keeper.keep({ ...keeper.kept(), pending: ready });
  return ready;
}

/** Tries something that finishes what is pending; if it fails that stays, to be settled later. */
async function attempt<T>(core: Core, keeper: Keeper, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const { pending, ...kept } = keeper.kept();
    const { command, revision, tries = 0 } = pending ?? {};
    logFault("a task's step failed", error, { request: core.visit.id, step: command?.kind, revision, tries });
    keeper.keep({ ...kept, pending: pending && { ...pending, tries: tries + 1 } });
    return undefined;
  }
}

/** Makes a step that is in D1 the object's own, with what follows from it; gives the intent that goes on from it, if one does. */
async function adopt(
  core: Core,
  keeper: Keeper,
  { task }: Exclude<Landed, { refusal: Refusal }>,
  command: Command,
): Promise<Intent | null> {
  await supersede(core, task, command);
  const kept = keeper.kept();
  const isAgain = command.kind === "approve" && kept.task?.approvedAt != null;
  const isVote = command.kind === "approve" && task.approvedAt === null;
  const hasFailed = command.kind === "proceed" && command.outcome?.done === false;
  const approves = command.kind === "create" || command.kind === "approve" || command.kind === "proceed";
  const onward: Command = {
    kind: "proceed",
    outcome: null,
    ...askedIn(command),
    ...(isAgain && { note: "re-approval" }),
  };
  const next = approves && task.errand !== null && !hasFailed ? intentTo(core, task, onward) : null;
  keeper.keep({
    task,
    pending: next,
    settled: isVote || next ? kept.settled : { revision: task.revision, at: core.now() },
    failed: hasFailed
      ? { times: (kept.failed?.times ?? 0) + 1, at: core.now(), visit: command.visit }
      : approves
        ? null
        : kept.failed,
  });
  core.later(deliverMails(core));
  return next;
}

function verdictOn(core: Core, { task, mine }: Exclude<Landed, { refusal: Refusal }>, command: Command): Verdict {
  // What is waited for outside has failed; the task stays approved and unfinished.
  if (command.kind === "proceed") return task.errand === null ? { ok: true, task } : UNAVAILABLE;
  if (command.kind !== "submit") return { ok: true, task };
  if (!mine) return { ok: false, refusal: decide(task, command, core.now(), rulesOf(core.settings)) ?? BUSY };
  const completed = stateOf(task, core.now()) === "completed";
  return completed ? { ok: true, task } : { ok: false, refusal: { kind: "blocked", because: "actions_invalid" } };
}
