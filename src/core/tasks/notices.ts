import type { Statement } from "../../storage/db.ts";
import { insertNotification, type Notification } from "../../storage/notifications.ts";
import type { Core } from "../context.ts";
import { owed } from "../mail.ts";
import { newId } from "../secrets.ts";
import { letter } from "./letters.ts";
import type { Task } from "./task.ts";

/** A normal notification. Where it is mailed to somebody it counts as acknowledged (workflow contract, 13.2). */
export function notice(core: Core, task: Task, text: string): Statement[] {
  const isMailed = core.settings.NOTIFICATION_RECIPIENTS.length > 0;
  return notified(core, task, text, { notes: { notes: [text] }, error: false, acknowledged: isMailed });
}

/** An error notification: it waits to be acknowledged whoever it is mailed to. */
export function errorNotice(core: Core, task: Pick<Task, "id" | "type">, text: string): Statement[] {
  return notified(core, task, text, { notes: { errors: [text] }, error: true, acknowledged: false });
}

type Notified = Pick<Notification, "notes" | "error" | "acknowledged">;

function notified(core: Core, { id, type }: Pick<Task, "id" | "type">, text: string, as: Notified): Statement[] {
  const subject = `${as.error ? "Error - " : ""}${type} notification`;
  const paragraphs = [text, `Task: ${id}`];
  return [
    insertNotification(core.db, { id: newId(core.random), taskId: id, createdAt: core.now(), ...as }),
    ...core.settings.NOTIFICATION_RECIPIENTS.map((to) => owed(core, letter(to, subject, paragraphs), id)),
  ];
}
