import { endTaskTokens, insertTaskToken } from "../../storage/tasks.ts";
import { errandOf, type Plan } from "../actions/action.ts";
import { actionNamed } from "../actions/index.ts";
import { type Core, publicUrl } from "../context.ts";
import { refuse } from "../refusal.ts";
import { digest, newId } from "../secrets.ts";
import { adopt, change, log, ofTask, type Step, withReason } from "./draft.ts";
import { letterFor } from "./letters.ts";
import type { Command } from "./remote.ts";
import { fieldsNeeded, type Task } from "./task.ts";
import { currentStage, stageAt } from "./voting.ts";

/**
 * Takes a vote. The last one that the stages ask for approves; until then nothing else changes. Refuses `blocked` when the
 * actions are no longer possible.
 */
export async function vote(core: Core, step: Step, command: Command): Promise<Step> {
  const { task } = step;
  const at = currentStage(task);
  const stage = stageAt(task, at)?.name ?? "";
  task.votes = [...task.votes, { userId: command.identity?.user_id ?? "", stage: at }];
  const isLast = currentStage(task) === task.policy.stages.length;
  log(core, step, command, {
    step: "vote",
    outcome: "ok",
    note: isLast ? stage : withReason(stage, command),
  });
  if (isLast) return approve(core, step, command, command.note ?? null);
  await approvals(core, task);
  return step;
}

/**
 * Approves a task: its actions run in order, up to one that waits for a system outside, which leaves the rest to `proceed`.
 * Refuses `blocked` when one is impossible.
 */
export async function approve(core: Core, step: Step, command: Command, note: string | null): Promise<Step> {
  const { task } = step;
  const plans = await approvals(core, task);
  if (task.approvedAt === null) {
    task.approvedAt = core.now();
    task.approvedBy = command.identity;
  }
  return run(core, step, command, plans, note);
}

/** What the approval of each action comes to, each knowing what those before it make. Refuses `blocked`. */
async function approvals(core: Core, task: Task, from = 0): Promise<Plan[]> {
  const plans: Plan[] = [];
  const known = ofTask(task);
  for (const { name, data } of task.actions.slice(from)) {
    const found = await actionNamed(name).approve(core, data, known);
    if (!found.valid) refuse({ kind: "blocked", because: "invalid_actions" });
    known.made = { ...known.made, ...found.made };
    plans.push(found);
  }
  return plans;
}

/** Runs the last actions of a task as they were planned, and ends the approval unless one of them is an errand. */
async function run(core: Core, step: Step, command: Command, plans: Plan[], note: string | null): Promise<Step> {
  const { task } = step;
  const actions = task.actions.slice(task.actions.length - plans.length);
  for (const [at, each] of actions.entries()) {
    const found = plans[at];
    if (found) adopt(step, each, found);
    if (found?.errand) {
      task.errand = each.name;
      return step;
    }
  }
  log(core, step, command, { step: "approve", outcome: "ok", note });
  return fieldsNeeded(task).length > 0 ? issueToken(core, step, command, null) : complete(core, step, command);
}

/** Goes on with an approval after an errand: with the actions behind it, or by telling that it failed. */
export async function proceed(core: Core, step: Step, command: Extract<Command, { kind: "proceed" }>): Promise<Step> {
  const { task } = step;
  const { outcome, note = null } = command;
  const at = task.actions.findIndex(({ name }) => name === task.errand);
  const action = task.actions[at];
  if (!action || !outcome) throw new Error("no errand to go on from");
  change(step, action, { notes: [...action.notes, outcome.note] });
  if (!outcome.done) {
    log(core, step, command, { step: "approve", outcome: "failed", note });
    // Who has been told once need not hear of every try that the service makes by itself.
    if (command.identity) step.errors.push(`Error: ${outcome.what} while approving task. See task itself for details.`);
    return step;
  }
  task.errand = null;
  task.made = { ...task.made, [errandOf(action.name)]: "done" };
  return run(core, step, command, await approvals(core, task, at + 1), note);
}

/** Makes a token for what the person concerned has to fill in, and mails it. Refuses `blocked` when nothing is needed. */
export async function issueToken(core: Core, step: Step, command: Command, note: string | null): Promise<Step> {
  const { task } = step;
  if (fieldsNeeded(task).length === 0) refuse({ kind: "blocked", because: "needs_no_token" });
  const secret = newId(core.random);
  const now = core.now();
  task.token = {
    digest: await digest(secret),
    createdAt: now,
    expiresAt: now + core.settings.TASK_TOKEN_TTL_SECONDS * 1000,
  };
  task.notes = [...task.notes, "Token created for task."];
  step.writes.push(endTaskTokens(core.db, task.id), insertTaskToken(core.db, { taskId: task.id, ...task.token }));
  step.letters.push(...(await letterFor(core, task, "token", `${publicUrl(core)}/token/${secret}`)));
  log(core, step, command, { step: "token", outcome: "ok", note });
  return step;
}

/** Takes what was filled in and completes the task, unless an action has become impossible. */
export async function submit(core: Core, step: Step, command: Extract<Command, { kind: "submit" }>): Promise<Step> {
  const found: Plan[] = [];
  for (const { name, data } of step.task.actions) {
    found.push(await actionNamed(name).submit(core, data, command.values, ofTask(step.task)));
  }
  const possible = found.every(({ valid }) => valid);
  for (const [at, each] of step.task.actions.entries()) {
    const plan = found[at];
    // An impossible submission says which action stands in the way and leaves the world as it is.
    if (plan) adopt(step, each, possible ? plan : { ...plan, writes: [], made: {}, needs: each.needs });
  }
  log(core, step, command, { step: "submit", outcome: possible ? "ok" : "invalid", note: null });
  return possible ? complete(core, step, command) : step;
}

async function complete(core: Core, step: Step, command: Command): Promise<Step> {
  const { task } = step;
  task.completedAt = core.now();
  step.writes.push(endTaskTokens(core.db, task.id));
  step.letters.push(...(await letterFor(core, task, "completed")));
  log(core, step, command, { step: "complete", outcome: "ok", note: null });
  return step;
}
