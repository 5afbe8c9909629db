import { type AuditRow, readAuditAndChain } from "../../../core/audit-log.ts";
import type { Dialect } from "../../dialect.ts";
import { endOfDay, startOfDay } from "../../html/clock.ts";
import { Field } from "../../html/fields.tsx";
import { Search } from "../../html/form.tsx";
import { Pager, Section, Table, When } from "../../html/parts.tsx";
import { clockFor } from "../../html/reader.ts";
import { type Asked, serveDesk } from "../desk-page.tsx";
import { numberIn, queryWith } from "../paging.tsx";
import { ChainFacts } from "./chain.tsx";

const PER_PAGE = 50;

export function audit(desk: Dialect): void {
  serveDesk(desk, {
    path: "/console/audit",
    summary: "What was done and refused",

    async show(core, c) {
      const { events, next, chain } = await readAuditAndChain(core, filterIn(c), PER_PAGE);
      const value = (name: string) => c.req.query(name);
      return {
        title: "Audit log",
        content: (
          <>
            <Search>
              <Field name="actor" label="Who" value={value("actor")} optional />
              <Field name="event" label="Event" value={value("event")} optional />
              <Field name="subject" label="About (id)" value={value("subject")} optional />
              <Field name="since" label="From" type="date" value={value("since")} optional />
              <Field name="until" label="Until" type="date" value={value("until")} optional />
            </Search>
            <Table
              caption="Events, newest first"
              columns={["When", "Who", "Event", "About", "Details", "From"]}
              rows={events.map(rowOf)}
              empty="No event matches. Look for less."
            />
            {next !== null && <Pager here="Newest first" links={[["Older", queryWith(c, { before: String(next) })]]} />}
            <Section title="Can it be trusted?">
              <ChainFacts of={chain} />
            </Section>
          </>
        ),
      };
    },
  });
}

/** What is looked for, as far as it can be; what is no date or number is no wish. */
function filterIn(c: Asked) {
  const text = (name: string) => c.req.query(name)?.trim() || undefined;
  const clock = clockFor(c);
  return {
    actor: text("actor"),
    event: text("event"),
    subject: text("subject"),
    since: startOfDay(clock, text("since") ?? ""),
    // The day that is named is one of those that are wanted.
    until: endOfDay(clock, text("until") ?? ""),
    before: numberIn(c, "before"),
  };
}

const rowOf = ({ at, actor, via, event, subject, details, address }: AuditRow) => [
  <When at={at} />,
  <>
    {actor} <span class="none">{via}</span>
  </>,
  <a href={`?${new URLSearchParams({ event })}`}>{event}</a>,
  <a href={`?${new URLSearchParams({ subject })}`}>
    <code>{subject}</code>
  </a>,
  details == null ? "" : <code>{JSON.stringify(details)}</code>,
  address ?? "",
];
