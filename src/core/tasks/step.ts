import type { Statement } from "../../storage/db.ts";
import { endTaskTokens, insertTaskToken, openTaskWithKey } from "../../storage/tasks.ts";
import { userWithId } from "../../storage/users.ts";
import type { Plan } from "../actions/action.ts";
import { actionNamed } from "../actions/index.ts";
import { type Core, publicUrl } from "../context.ts";
import type { Identity } from "../projects.ts";
import { refuse } from "../refusal.ts";
import { digest, newId } from "../secrets.ts";
import { addressOf, kindOf } from "./kinds.ts";
import { type Letter, letterFor, letterOfDenial } from "./letters.ts";
import type { Command } from "./remote.ts";
import { samenessOf } from "./sameness.ts";
import { EXPIRED_NOTE, fieldsNeeded, isValid, type Task, type TaskAction, type TaskEvent } from "./task.ts";

/** What a step of a task wants to commit: the task as it will be, and all that goes with it. */
export interface Step {
  task: Task;
  writes: Statement[];
  events: TaskEvent[];
  letters: Letter[];
  /** Texts of normal notifications. */
  notices: string[];
}

/** Plans a step that may be taken. Reads only. Refuses `blocked` when an approval is no longer possible. */
export async function planStep(core: Core, before: Task | null, command: Command): Promise<Step> {
  if (command.kind === "create") return create(core, command);
  if (!before) throw new Error(`${command.kind} of a task that is not there`);
  const step = begin({ ...before, revision: before.revision + 1 });
  switch (command.kind) {
    case "approve":
      return approve(core, step, command, before.approvedAt === null ? (command.note ?? null) : "re-approval");
    case "submit":
      return submit(core, step, command);
    case "cancel":
      return cancel(core, step, command);
    case "deny":
      return deny(core, step, command);
    case "update":
      return update(core, step, command);
    case "reissue":
      return issueToken(core, step, command, "reissued");
    case "expire":
      return end(core, step, command, { step: "expire", note: EXPIRED_NOTE });
  }
}

const begin = (task: Task): Step => ({ task, writes: [], events: [], letters: [], notices: [] });

const actorOf = (identity: Identity | null) => identity?.username ?? null;

function log(core: Core, step: Step, command: Command, event: Omit<TaskEvent, "at" | "actor">): void {
  step.events.push({ at: core.now(), actor: actorOf(command.identity), ...event });
}

/** Notes what a plan said and what it will make, and takes its writes into the step. */
function adopt(step: Step, action: TaskAction, found: Plan): void {
  const { task } = step;
  const changed = { ...action, valid: found.valid, notes: [...action.notes, ...found.notes], needs: found.needs };
  task.actions = task.actions.map((each) => (each === action ? changed : each));
  task.made = { ...task.made, ...found.made };
  step.writes.push(...found.writes);
}

async function create(core: Core, command: Extract<Command, { kind: "create" }>): Promise<Step> {
  const { seed, identity, visit } = command;
  const kind = kindOf(seed.type);
  const now = core.now();
  const step = begin({
    id: seed.id,
    type: seed.type,
    revision: 1,
    actions: seed.actions.map(({ name, data }) => ({ name, data, valid: false, notes: [], needs: [] })),
    notes: [],
    made: {},
    requester: identity,
    projectId: identity?.project_id ?? null,
    address: visit.address ?? "",
    createdAt: now,
    pendingUntil: now + core.settings.TASK_PENDING_TTL_SECONDS * 1000,
    approvedAt: null,
    approvedBy: null,
    completedAt: null,
    cancelledAt: null,
    token: null,
  });
  let approvesItself = true;
  for (const each of step.task.actions) {
    const found = await actionNamed(each.name).prepare(core, each.data, identity);
    adopt(step, each, found);
    approvesItself &&= found.approvesItself;
  }
  const valid = isValid(step.task);
  log(core, step, command, { step: "create", outcome: valid ? "ok" : "invalid", note: null });
  if (!valid && kind.whenInvalid === "cancel") {
    const same = kind.duplicates === "block" && (await openTaskWithKey(core.db, await samenessOf(step.task), now));
    if (same) refuse({ kind: "conflict", what: "task" });
    // What could be done is looked up once more when it is approved; so is this, and time does not tell them apart.
    for (const { name, data } of step.task.actions) await actionNamed(name).approve(core, data, step.task);
    return end(core, step, command, { step: "cancel", note: "Task cancelled: actions invalid." });
  }
  step.letters.push(...letterFor(step.task, "initial"));
  if (valid && approvesItself) {
    return approve(core, step, command, "automatic");
  }
  step.notices.push(`New task for ${kind.view}.`);
  return step;
}

async function approve(core: Core, step: Step, command: Command, note: string | null): Promise<Step> {
  for (const each of step.task.actions) {
    const { id, made } = step.task;
    const found = await actionNamed(each.name).approve(core, each.data, { id, made });
    if (!found.valid) refuse({ kind: "blocked", because: "invalid_actions" });
    adopt(step, each, found);
  }
  const { task } = step;
  if (task.approvedAt === null) {
    task.approvedAt = core.now();
    task.approvedBy = command.identity;
  }
  log(core, step, command, { step: "approve", outcome: "ok", note });
  return fieldsNeeded(task).length > 0 ? issueToken(core, step, command, null) : complete(core, step, command);
}

async function issueToken(core: Core, step: Step, command: Command, note: string | null): Promise<Step> {
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
  step.letters.push(...letterFor(task, "token", `${publicUrl(core)}/token/${secret}`));
  log(core, step, command, { step: "token", outcome: "ok", note });
  return step;
}

async function submit(core: Core, step: Step, command: Extract<Command, { kind: "submit" }>): Promise<Step> {
  const found: Plan[] = [];
  for (const each of step.task.actions) {
    const { id, made } = step.task;
    found.push(await actionNamed(each.name).submit(core, each.data, command.values, { id, made }));
  }
  const possible = found.every(({ valid }) => valid);
  for (const [at, each] of [...step.task.actions.entries()]) {
    const plan = found[at];
    // An impossible submission says which action stands in the way and leaves the world as it is.
    if (plan) adopt(step, each, possible ? plan : { ...plan, writes: [], made: {}, needs: each.needs });
  }
  log(core, step, command, { step: "submit", outcome: possible ? "ok" : "invalid", note: null });
  return possible ? complete(core, step, command) : step;
}

function complete(core: Core, step: Step, command: Command): Step {
  const { task } = step;
  task.completedAt = core.now();
  step.writes.push(endTaskTokens(core.db, task.id));
  step.letters.push(...letterFor(task, "completed"));
  log(core, step, command, { step: "complete", outcome: "ok", note: null });
  return step;
}

function cancel(core: Core, step: Step, command: Extract<Command, { kind: "cancel" }>): Step {
  if (command.because === "asked") return end(core, step, command, { step: "cancel", note: null });
  const note = "Task cancelled because was an old duplicate.";
  return end(core, step, command, { step: "cancel", note });
}

/** Cancels a task with a reason, which whoever asked for it is told. */
async function deny(core: Core, step: Step, command: Extract<Command, { kind: "deny" }>): Promise<Step> {
  const { task } = step;
  const reason = command.note ?? "";
  const requester = task.requester && (await userWithId(core.db, task.requester.user_id));
  step.letters.push(
    ...letterOfDenial(task, task.requester ? (requester?.email ?? undefined) : addressOf(task), reason),
  );
  return end(core, step, command, { step: "deny", note: `Task denied by ${actorOf(command.identity)}: ${reason}` });
}

/** Replaces the data of all actions and prepares them again. It never approves. */
async function update(core: Core, step: Step, command: Extract<Command, { kind: "update" }>): Promise<Step> {
  const { task } = step;
  task.actions = task.actions.map((each, at) => ({ ...each, data: command.actions[at]?.data ?? each.data }));
  for (const each of task.actions) {
    adopt(step, each, await actionNamed(each.name).prepare(core, each.data, command.identity));
  }
  log(core, step, command, { step: "update", outcome: isValid(step.task) ? "ok" : "invalid", note: null });
  return step;
}

/** Ends a task unfinished. Its token stays known, so that whoever holds it learns why it is of no use. */
function end(
  core: Core,
  step: Step,
  command: Command,
  why: { step: "cancel" | "deny" | "expire"; note: string | null },
): Step {
  const { task } = step;
  task.cancelledAt = core.now();
  const byName = actorOf(command.identity);
  const note = why.note ?? (byName === null ? null : `Task cancelled by ${byName}.`);
  if (note !== null) task.notes = [...task.notes, note];
  const remark = command.kind === "cancel" && command.because === "duplicate" ? "duplicate" : (command.note ?? null);
  log(core, step, command, { step: why.step, outcome: "ok", note: remark });
  return step;
}
