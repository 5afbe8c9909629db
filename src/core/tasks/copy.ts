import type { Statement } from "../../storage/db.ts";
import { inKeyOrder } from "../../storage/keys.ts";
import { insertNotification } from "../../storage/notifications.ts";
import { claimRevision, insertTaskEvents, type NewTaskRow, putTask, releaseOpenKey } from "../../storage/tasks.ts";
import { recorded } from "../audit.ts";
import type { Core } from "../context.ts";
import { owed } from "../mail.ts";
import { newId } from "../secrets.ts";
import { kindOf } from "./kinds.ts";
import type { Command } from "./remote.ts";
import { samenessOf } from "./sameness.ts";
import type { Step } from "./step.ts";
import type { Task } from "./task.ts";

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
    ...(row.openKey && (command.kind === "create" || command.kind === "update")
      ? [releaseOpenKey(db, row.openKey, core.now())]
      : []),
    putTask(db, row),
    ...step.writes,
    insertTaskEvents(
      db,
      step.events.map((event) => ({ taskId: task.id, ...event })),
    ),
    ...step.notices.flatMap((text) => notice(core, task, text)),
    ...step.letters.map((letter) => owed(core, letter, task.id)),
    recorded(db, { who: command.who, visit: command.visit, at: core.now() }, `task.${command.kind}`, task.id, {
      details: { type: task.type, revision: task.revision },
    }),
  ];
}

/** A normal notification. Where it is mailed to somebody it counts as acknowledged (workflow contract, 13.2). */
function notice(core: Core, task: Task, text: string): Statement[] {
  const recipients = core.settings.NOTIFICATION_RECIPIENTS;
  const mail = { subject: `${task.type} notification`, text: `${text}\n\nTask: ${task.id}\n` };
  return [
    insertNotification(core.db, {
      id: newId(core.random),
      taskId: task.id,
      notes: { notes: [text] },
      error: false,
      acknowledged: recipients.length > 0,
      createdAt: core.now(),
    }),
    ...recipients.map((to) => owed(core, { to, ...mail }, task.id)),
  ];
}

async function rowOf(task: Task): Promise<NewTaskRow> {
  const sameness = await samenessOf(task);
  const open = task.completedAt === null && task.cancelledAt === null;
  return {
    id: task.id,
    type: task.type,
    revision: task.revision,
    sameness,
    open,
    openKey: open && kindOf(task.type).duplicates === "block" ? sameness : null,
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
