import { type Child, type PropsWithChildren, useContext } from "hono/jsx";
import { Form, isFor, type Sent } from "./form.tsx";
import { READER } from "./reader.ts";

/** A moment, Unix milliseconds, in the reader's zone; `zoned`: with its name, where the page does not tell it elsewhere. */
export function When({ at, zoned }: { at: number | null | undefined; zoned?: boolean }) {
  const reader = useContext(READER);
  if (at == null || !reader) return <span class="none">–</span>;
  return (
    <time datetime={new Date(at).toISOString()}>
      {reader.timeOf(at)}
      {zoned && ` (${reader.zone})`}
    </time>
  );
}

const UNITS = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
] as const;

/** How long ago something was, in the largest unit that there is one of. */
export function Ago({ at }: { at: number }) {
  const reader = useContext(READER);
  if (!reader) return null;
  const passed = reader.now - at;
  const [ms, unit] = UNITS.find(([length]) => passed >= length) ?? [60_000, "min"];
  return (
    <time datetime={new Date(at).toISOString()} title={reader.timeOf(at)}>
      {passed < 60_000 ? "just now" : `${Math.floor(passed / ms)} ${unit} ago`}
    </time>
  );
}

/** How something stands, in a word; `tone` is its colour. */
export const Badge = ({ tone = "plain", children }: PropsWithChildren<{ tone?: Tone | undefined }>) => (
  <span class={`badge ${tone}`}>{children}</span>
);
export type Tone = "plain" | "good" | "waiting" | "bad";

interface TableProps {
  /** What it is of; for screen readers. */
  caption: string;
  columns: string[];
  rows: Child[][];
  /** What stands there when there are no rows: what to do next. */
  empty: Child;
}

/** A table, whose rows are read one below the other on narrow screens. */
export function Table({ caption, columns, rows, empty }: TableProps) {
  if (rows.length === 0) return <p class="empty">{empty}</p>;
  return (
    <table>
      <caption class="hidden">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th scope="col">{column === "" ? <span class="hidden">What can be done</span> : column}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells) => (
          <tr>
            {cells.map((cell, at) => (
              <td data-column={columns[at]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What is known of something: names and values. */
export const Facts = ({ of }: { of: [name: string, value: Child][] }) => (
  <dl class="facts">
    {of.map(([name, value]) => (
      <div>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);

interface ConfirmProps {
  deed: string;
  about?: [name: string, value: string];
  /** What was sent to the page; it stays open where that could not be done. */
  filled?: Sent | undefined;
  /** What opens the question; dots follow. */
  label: string;
  /** What is going to happen. */
  question: string;
  /** What the button says that does it. */
  button: string;
}

/** A step that cannot be taken back: it asks first. `children`: what else is asked for. */
export const Confirm = ({ label, question, button, children, ...form }: PropsWithChildren<ConfirmProps>) => (
  <details class="confirm" open={form.filled && isFor(form.filled, form.deed, form.about)}>
    <summary>{`${label} …`}</summary>
    <Form {...form}>
      <p>{question}</p>
      {children}
      <button type="submit" class="grave">
        {button}
      </button>
    </Form>
  </details>
);

/** A part of a page with a heading; `live`: the name by which the script of the pages brings it up to date. */
export const Section = ({ title, live, children }: PropsWithChildren<{ title: string; live?: string }>) => (
  <section data-part={live}>
    <h2>{title}</h2>
    {children}
  </section>
);

/** Links to the pages around this one. */
export const Pager = ({ links, here }: { links: [text: string, query: string][]; here: string }) => (
  <nav class="pager" aria-label="Pages">
    <span>{here}</span>
    {links.map(([text, query]) => (
      <a href={query}>{text}</a>
    ))}
  </nav>
);
