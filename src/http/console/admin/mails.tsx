import { mustBeAdmin } from "../../../core/actor.ts";
import { publicUrl } from "../../../core/context.ts";
import { readOutbox } from "../../../core/mail.ts";
import type { Dialect } from "../../dialect.ts";
import { Table, When } from "../../html/parts.tsx";
import { serveDesk } from "../desk-page.tsx";

const SHOWN_MAX = 50;

export function mails(desk: Dialect): void {
  serveDesk(desk, {
    path: "/console/mails",
    summary: "The mails of the local outbox",

    async show(core, c) {
      mustBeAdmin(core);
      const title = "Mails";
      if (core.settings.MAIL_TRANSPORT !== "outbox") {
        return { title, content: <p class="empty">Mails are really sent here, and kept no longer than that takes.</p> };
      }
      const newest = (await readOutbox(core, c.req.query("to") || undefined)).slice(0, SHOWN_MAX);
      const base = publicUrl(core);
      return {
        title,
        content: (
          <>
            <p>
              Nothing is sent from here: what would have been mailed is kept to be read, the newest {SHOWN_MAX} of it.
            </p>
            <Table
              caption="Mails, newest first"
              columns={["When", "To", "What"]}
              rows={newest.map(({ createdAt, recipient, subject, text }) => [
                <When at={createdAt} />,
                recipient,
                <details>
                  <summary>{subject}</summary>
                  <Letter text={text} base={base} />
                </details>,
              ])}
              empty="No mail has been written yet. Ask for a project or a new password, and look again."
            />
          </>
        ),
      };
    },
  });
}

/** The text of a mail, whose links to this place can be followed. */
const Letter = ({ text, base }: { text: string; base: string }) => (
  <pre>
    {text.split(/(https?:\/\/\S+)/).map((part) => {
      const path = part.startsWith(`${base}/`) ? part.slice(base.length) : "";
      return /^\/token\/\w+$/.test(path) ? <a href={path}>{part}</a> : part;
    })}
  </pre>
);
