import type { Statement } from "../../storage/db.ts";
import { insertKeptAnswer } from "../../storage/kept-answers.ts";
import { inKeyOrder } from "../../storage/keys.ts";
import { deleteVoters, insertVoters } from "../../storage/policies.ts";
import { claimRevision, insertTaskEvents, type NewTaskRow, putTask, releaseOpenKey } from "../../storage/tasks.ts";
import { recorded } from "../audit.ts";
import type { Core } from "../context.ts";
import { owed } from "../mail.ts";
import type { Step } from "./draft.ts";
import { kindOf } from "./kinds.ts";
import { errorNotice, notice } from "./notices.ts";
import type { Command } from "./remote.ts";
import { samenessOf } from "./sameness.ts";
import { isOrdered, isRefused, type Task } from "./task.ts";
import { currentStage, keysOf, stageAt } from "./voting.ts";

/**
 * Everything that one step writes to D1, as one batch: the claim of its revision, which lets it happen once, then what its
 * actions do, the copy of the task, its history, notifications, mails and the audit event.
 */
export async function batchOf(core: Core, step: Step, command: Command, intent: string): Promise<Statement[]> {
  const { db } = core;
  const { task } = step;
  const row = await rowOf(task);
  return [
    claimRevision(db, task.id, task.revision, intent),
    ...kept(core, task, command),
    ...(row.openKey && (command.kind === "create" || command.kind === "update")
      ? [releaseOpenKey(db, row.openKey, core.now())]
      : []),
    putTask(db, row),
    ...voters(core, task),
    ...step.writes,
    ...history(db, step),
    ...step.notices.flatMap((text) => notice(core, task, text)),
    ...step.errors.flatMap((text) => errorNotice(core, task, text)),
    ...step.letters.map((letter) => owed(core, letter, task.id)),
    recorded(db, { who: command.who, visit: command.visit, at: core.now() }, `task.${command.kind}`, task.id, {
      details: { type: task.type, revision: task.revision },
    }),
  ];
}

function history(db: Core["db"], { task, events }: Step): Statement[] {
  const lines = events.map((event) => ({ taskId: task.id, ...event }));
  return lines.length > 0 ? [insertTaskEvents(db, lines)] : [];
}

/** The answer to be given again, unless what was asked for is refused. */
function kept({ db, now }: Core, task: Task, command: Command): Statement[] {
  if (command.kind !== "create" || !command.seed.keep || isRefused(task)) return [];
  return insertKeptAnswer(db, command.seed.keep, now());
}

/** Who may vote now, for those who look for what waits for them. */
function voters({ db }: Core, task: Task): Statement[] {
  const waits = task.approvedAt === null && task.cancelledAt === null && task.completedAt === null;
  const stage = waits ? stageAt(task, currentStage(task)) : undefined;
  return [deleteVoters(db, task.id), ...(stage ? [insertVoters(db, task.id, keysOf(stage.approvers, task))] : [])];
}

async function rowOf(task: Task): Promise<NewTaskRow> {
  const sameness = await samenessOf(task);
  const open = task.completedAt === null && task.cancelledAt === null;
  // Orders of the access dialect are never checked for duplicates.
  const blocks = kindOf(task.type).duplicates === "block" && !isOrdered(task);
  return {
    id: task.id,
    type: task.type,
    revision: task.revision,
    sameness,
    open,
    openKey: open && blocks ? sameness : null,
    projectId: task.projectId,
    aboutProject: projectOf(task),
    address: task.address,
    requester: inKeyOrder(task.requester ?? {}),
    approvedBy: inKeyOrder(task.approvedBy ?? {}),
    actionNotes: inKeyOrder(Object.fromEntries(task.actions.map(({ name, notes }) => [name, notes]))),
    taskNotes: task.notes,
    approved: task.approvedAt !== null,
    completed: task.completedAt !== null,
    cancelled: task.cancelledAt !== null,
    createdAt: task.createdAt,
    approvedAt: task.approvedAt,
    completedAt: task.completedAt,
    pendingUntil: task.pendingUntil,
    body: task,
  };
}

/** The project that the actions of a task are about, if they name one. */
function projectOf({ actions }: Task): string | null {
  for (const { data } of actions) {
    if (typeof data["project_id"] === "string") return data["project_id"];
  }
  return null;
}
