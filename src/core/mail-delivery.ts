import { commitAll, type Statement } from "../storage/db.ts";
import { claimDueMails, type Mail, mailFailed, mailSent } from "../storage/mails.ts";
import { within } from "../storage/patience.ts";
import { taskWithId } from "../storage/tasks.ts";
import type { Core } from "./context.ts";
import { errorNotice } from "./tasks/notices.ts";
import type { Task } from "./tasks/task.ts";

/** How long a mail waits after each failed try, in milliseconds; after the last it is given up. */
const RETRY_MS = [60_000, 300_000, 1_800_000, 7_200_000, 21_600_000, 86_400_000];
const TRIES_MAX = RETRY_MS.length + 1;
/** How long handing a mail over may take, and for how long a claimed one is nobody else's. */
const SEND_MS = 30_000;
const CLAIM_MS = 120_000;
const BATCH = 10;

/** Hands over the mails that are due. Each is claimed first, so that two runs do not send the same one. */
export async function deliverMails(core: Core): Promise<void> {
  if (core.settings.MAIL_TRANSPORT === "outbox") return;
  const now = core.now();
  const claimed = await claimDueMails(core.db, now, now + CLAIM_MS, BATCH);
  await Promise.all(claimed.map((mail) => deliver(core, mail)));
}

async function deliver(core: Core, mail: Mail): Promise<void> {
  const { db, mailer, settings } = core;
  try {
    const { recipient: to, subject, text, html } = mail;
    const letter = { from: settings.MAIL_FROM, to, subject, text, ...(html && { html }) };
    // Nobody heard of its last try again; for ever it is not tried.
    if (mail.tries > TRIES_MAX) throw new Error("tried too often");
    await within(SEND_MS, () => mailer.send(letter));
  } catch {
    console.error(JSON.stringify({ level: "error", message: "mail not sent", mail: mail.id, tries: mail.tries }));
    const wait = RETRY_MS[mail.tries - 1];
    const failed = mailFailed(db, mail.id, wait === undefined ? null : core.now() + wait);
    return commitAll(db, [failed, ...(mail.tries === 1 ? await noticeOf(core, mail) : [])]);
  }
  await mailSent(db, mail.id, core.now());
}

/**
 * Tells administrators that a mail about a task was not sent, once a mail (workflow contract, 13.1). One to themselves tells
 * nobody, or each would beget another.
 */
async function noticeOf(core: Core, { taskId, recipient }: Mail): Promise<Statement[]> {
  if (taskId === null || core.settings.NOTIFICATION_RECIPIENTS.includes(recipient)) return [];
  const task = (await taskWithId(core.db, taskId))?.body as Task | undefined;
  return task ? errorNotice(core, task, `Error: MailError while emailing update for task: ${taskId}`) : [];
}
