import { openTaskWithKey } from "../../storage/tasks.ts";
import { actionNamed } from "../actions/index.ts";
import type { Core } from "../context.ts";
import { refuse } from "../refusal.ts";
import { approve, issueToken, proceed, submit, vote } from "./approval.ts";
import { adopt, begin, log, ofTask, type Step, withReason } from "./draft.ts";
import { kindOf } from "./kinds.ts";
import { letterFor, letterOfDenial } from "./letters.ts";
import { policyFor } from "./policies.ts";
import type { Command } from "./remote.ts";
import { samenessOf } from "./sameness.ts";
import { EXPIRED_NOTE, isValid, type Task } from "./task.ts";

/** Plans a step that may be taken. Reads only. Refuses `blocked` when an approval is no longer possible. */
export async function planStep(core: Core, before: Task | null, command: Command): Promise<Step> {
  if (command.kind === "create") return create(core, command);
  if (!before) throw new Error(`${command.kind} of a task that is not there`);
  const step = begin({ ...before, revision: before.revision + 1 });
  switch (command.kind) {
    case "approve":
      return before.approvedAt === null
        ? vote(core, step, command)
        : approve(core, step, command, withReason("re-approval", command));
    case "proceed":
      return proceed(core, step, command);
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

async function create(core: Core, command: Extract<Command, { kind: "create" }>): Promise<Step> {
  const { seed, identity, visit } = command;
  const kind = kindOf(seed.type);
  const { autoApprove, pendingTtlSeconds, stages, allowSelfApproval } = await policyFor(core, seed.type);
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
    policy: { stages, allowSelfApproval },
    votes: [],
    pendingUntil: now + pendingTtlSeconds * 1000,
    approvedAt: null,
    approvedBy: null,
    errand: null,
    completedAt: null,
    cancelledAt: null,
    token: null,
  });
  const approvesItself = await prepare(core, step, command);
  const valid = isValid(step.task);
  log(core, step, command, { step: "create", outcome: valid ? "ok" : "invalid", note: null });
  if (!valid && kind.whenInvalid === "cancel") {
    const same = kind.duplicates === "block" && (await openTaskWithKey(core.db, await samenessOf(step.task), now));
    if (same) refuse({ kind: "conflict", what: "task" });
    // What could be done is looked up once more when it is approved; so is this, and time does not tell them apart.
    for (const { name, data } of step.task.actions) await actionNamed(name).approve(core, data, ofTask(step.task));
    return end(core, step, command, { step: "cancel", note: "Task cancelled: actions invalid." });
  }
  step.letters.push(...(await letterFor(core, step.task, "initial")));
  if (valid && approvesItself && autoApprove) return approve(core, step, command, "automatic");
  step.notices.push(`New task for ${kind.view}.`);
  return step;
}

/** Prepares all actions, with the rights of who asks; tells whether they approve themselves. */
async function prepare(core: Core, step: Step, command: Command): Promise<boolean> {
  let approvesItself = true;
  for (const each of step.task.actions) {
    const found = await actionNamed(each.name).prepare(core, each.data, command.identity, ofTask(step.task));
    adopt(step, each, found);
    approvesItself &&= found.approvesItself;
  }
  return approvesItself;
}

function cancel(core: Core, step: Step, command: Extract<Command, { kind: "cancel" }>): Step {
  if (command.because === "asked") return end(core, step, command, { step: "cancel", note: null });
  const note = "Task cancelled because was an old duplicate.";
  return end(core, step, command, { step: "cancel", note });
}

/** Cancels a task with a reason, which whoever asked for it is told. */
async function deny(core: Core, step: Step, command: Extract<Command, { kind: "deny" }>): Promise<Step> {
  const reason = command.note ?? "";
  step.letters.push(...(await letterOfDenial(core, step.task, reason)));
  return end(core, step, command, { step: "deny", note: `Task denied by ${command.identity?.username}: ${reason}` });
}

/** Replaces the data of all actions and prepares them again; the policy of this moment counts. It never approves. */
async function update(core: Core, step: Step, command: Extract<Command, { kind: "update" }>): Promise<Step> {
  const { task } = step;
  const { pendingTtlSeconds, stages, allowSelfApproval } = await policyFor(core, task.type);
  task.policy = { stages, allowSelfApproval };
  task.votes = [];
  task.pendingUntil = task.createdAt + pendingTtlSeconds * 1000;
  task.actions = task.actions.map((each, at) => ({ ...each, data: command.actions[at]?.data ?? each.data }));
  await prepare(core, step, command);
  step.letters.push(...(await letterFor(core, task, "initial")));
  log(core, step, command, { step: "update", outcome: isValid(task) ? "ok" : "invalid", note: null });
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
  task.cancelledAt = command.kind === "expire" ? task.pendingUntil : core.now();
  const byName = command.identity?.username;
  const note = why.note ?? (byName === undefined ? null : `Task cancelled by ${byName}.`);
  if (note !== null) task.notes = [...task.notes, note];
  const remark = command.kind === "cancel" && command.because === "duplicate" ? "duplicate" : (command.note ?? null);
  log(core, step, command, { step: why.step, outcome: "ok", note: remark });
  return step;
}
