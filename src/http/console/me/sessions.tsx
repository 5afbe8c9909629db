import {
  endAllSessions,
  endOtherSessions,
  endOwnSession,
  type LiveSession,
  liveSessions,
} from "../../../core/live-sessions.ts";
import type { Dialect } from "../../dialect.ts";
import { Badge, Confirm, Section, Table, When } from "../../html/parts.tsx";
import { serveDesk } from "../desk-page.tsx";
import { dropLogin } from "../log-in.tsx";
import { MeNav } from "./me-nav.tsx";

const KINDS: Record<LiveSession["kind"], string> = { session: "Session", jwt: "JWT of a program" };

export function sessions(desk: Dialect): void {
  serveDesk(desk, {
    path: "/me/sessions",
    summary: "What one is logged in with",

    async show(core) {
      const all = await liveSessions(core);
      return {
        title: "My log-ins",
        content: (
          <>
            <MeNav />
            <p>If you do not know one of these, end it, and change your password.</p>
            <Table
              caption="Log-ins, newest first"
              columns={["What", "Project", "Begun", "Until", ""]}
              rows={all.map(rowOf)}
              empty="You are logged in nowhere."
            />
            <Section title="End several">
              {all.length > 1 && (
                <Confirm
                  deed="others"
                  label="End all others"
                  question="All other browsers and programs have to log in again. API keys go on."
                  button="End all others"
                />
              )}
              <Confirm
                deed="all"
                label="End all"
                question="You are logged out everywhere, here too. API keys go on."
                button="End all log-ins"
              />
            </Section>
          </>
        ),
      };
    },

    fields: ["session"],
    deeds: {
      async end(core, form) {
        await endOwnSession(core, form.get("session") ?? "");
        return { said: "That log-in has ended." };
      },
      async others(core) {
        await endOtherSessions(core);
        return { said: "All your other log-ins have ended." };
      },
      async all(core, _, c) {
        await endAllSessions(core);
        dropLogin(c);
        return { said: "You are logged out everywhere.", to: "/log-in" };
      },
    },
  });
}

const rowOf = ({ id, kind, note, project, createdAt, expiresAt, isCurrent }: LiveSession) => [
  <>
    {KINDS[kind]} {note && <span class="none">{note}</span>}
  </>,
  project ?? <span class="none">–</span>,
  <When at={createdAt} />,
  <When at={expiresAt} />,
  isCurrent ? (
    <Badge tone="good">This one</Badge>
  ) : (
    <Confirm
      deed="end"
      about={["session", id]}
      label="End"
      question="Whoever uses it has to log in again."
      button="End this log-in"
    />
  ),
];
