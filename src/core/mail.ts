import type { Statement } from "../storage/db.ts";
import { claimDueMails, insertMail, type Mail, mailFailed, mailSent, newestMails } from "../storage/mails.ts";
import { mustBeAdmin } from "./actor.ts";
import type { Core } from "./context.ts";
import { refuse } from "./refusal.ts";
import { newId } from "./secrets.ts";
import type { Letter } from "./tasks/letters.ts";

/** How long a mail waits after each failed try, in milliseconds; after the last it is given up. */
const RETRY_MS = [60_000, 300_000, 1_800_000, 7_200_000, 21_600_000, 86_400_000];
/** For how long a claimed mail is nobody else's. */
const CLAIM_MS = 120_000;
const BATCH = 10;
const LISTED_MAX = 200;

/** The statement that puts a mail into the outbox, to be committed with what it is about. */
export function owed(core: Core, letter: Letter, taskId: string | null): Statement {
  const now = core.now();
  return insertMail(core.db, {
    id: newId(core.random),
    recipient: letter.to,
    subject: letter.subject,
    text: letter.text,
    html: letter.html,
    taskId,
    createdAt: now,
    // Without a transport a mail stays where it is, to be read at /dev/mail.
    dueAt: core.settings.MAIL_TRANSPORT === "outbox" ? null : now,
  });
}

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
    await mailer.send({ from: settings.MAIL_FROM, to, subject, text, ...(html && { html }) });
  } catch {
    console.error(JSON.stringify({ level: "error", message: "mail not sent", mail: mail.id, tries: mail.tries }));
    const wait = RETRY_MS[mail.tries - 1];
    await mailFailed(db, mail.id, wait === undefined ? null : core.now() + wait);
    return;
  }
  await mailSent(db, mail.id, core.now());
}

/**
 * The newest mails of the outbox, for an ADMIN. Refuses `not_found` where mails are really sent, before it looks at who asks.
 */
export async function readOutbox(core: Core, recipient: string | undefined): Promise<Mail[]> {
  if (core.settings.MAIL_TRANSPORT !== "outbox") refuse({ kind: "not_found", what: "mail" });
  mustBeAdmin(core);
  return newestMails(core.db, recipient, LISTED_MAX);
}
