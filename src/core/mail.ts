import type { Statement } from "../storage/db.ts";
import { insertMail, type Mail, newestMails } from "../storage/mails.ts";
import { mustBeAdmin } from "./actor.ts";
import type { Core } from "./context.ts";
import { refuse } from "./refusal.ts";
import { newId } from "./secrets.ts";
import type { Letter } from "./tasks/letters.ts";

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

/**
 * The newest mails of the outbox, for an ADMIN. Refuses `not_found` where mails are really sent, before it looks at who asks.
 */
export async function readOutbox(core: Core, recipient: string | undefined): Promise<Mail[]> {
  if (core.settings.MAIL_TRANSPORT !== "outbox") refuse({ kind: "not_found", what: "mail" });
  mustBeAdmin(core);
  return newestMails(core.db, recipient, LISTED_MAX);
}
