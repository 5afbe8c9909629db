import { isAdmin } from "../../../core/actor.ts";
import type { Core } from "../../../core/context.ts";
import { Refused } from "../../../core/refusal.ts";
import { ownQueue, type Queue, queueOfAll } from "../../../core/tasks/queue.ts";
import type { Dialect } from "../../dialect.ts";
import { Choice, Field } from "../../html/form.tsx";
import { Pager, Section } from "../../html/parts.tsx";
import { type Asked, serveDesk, type View } from "../desk-page.tsx";
import { QUEUE, Rows } from "./rows.tsx";
import { TYPES, typeNamed } from "./task-words.ts";

const PER_PAGE = 25;

/** What tasks can be looked through by: how they stand, in the words of the filters of the workflow dialect (contract, 6). */
const STANDS = {
  waiting: {
    text: "Waiting",
    filters: { approved: is(false), cancelled: is(false) },
    empty: "No task waits to be approved.",
  },
  approved: {
    text: "Approved",
    filters: { approved: is(true), completed: is(false), cancelled: is(false) },
    empty: "No approved task waits for the person concerned.",
  },
  completed: { text: "Done", filters: { completed: is(true) }, empty: "No task is done yet." },
  cancelled: { text: "Cancelled", filters: { cancelled: is(true) }, empty: "No task was denied or cancelled." },
  all: { text: "All", filters: {}, empty: "Nobody has asked for anything yet." },
};

function is(exact: boolean | string) {
  return { exact };
}

export function queue(desk: Dialect): void {
  serveDesk(desk, {
    path: QUEUE,
    summary: "The tasks that wait",
    show: async (core, c) => (isAdmin(core.actor) ? everything(core, c) : own(core, c)),
  });
}

interface Wish {
  state: keyof typeof STANDS;
  type: string;
  who: string;
  page: number;
}

function wishOf(c: Asked): Wish {
  const state = c.req.query("state") ?? "";
  const page = c.req.query("page") ?? "";
  return {
    state: Object.hasOwn(STANDS, state) ? (state as Wish["state"]) : "waiting",
    type: typeNamed(c.req.query("type")) ?? "",
    who: c.req.query("who") ?? "",
    page: /^[1-9]\d{0,5}$/.test(page) ? Number(page) : 1,
  };
}

const queryOf = ({ state, type, who, page }: Wish): string => {
  const given = { state, type, who, page: page > 1 ? String(page) : "" };
  return `?${new URLSearchParams(Object.entries(given).filter(([, value]) => value !== ""))}`;
};

/** All tasks, for whoever administers the service. */
async function everything(core: Core, c: Asked): Promise<View> {
  const wish = wishOf(c);
  const { text, empty } = STANDS[wish.state];
  const found = await queueOfAll(core, filtersOf(wish), {
    page: String(wish.page),
    perPage: String(PER_PAGE),
    perPageName: "per_page",
  }).catch(nothing);
  const { pages = 1 } = found.paging ?? {};
  const isNarrowed = wish.type !== "" || wish.who !== "" || wish.page > 1;
  const nothingHere = (
    <>
      {isNarrowed ? "No such task." : empty}{" "}
      {isNarrowed && <a href={queryOf({ ...wish, type: "", who: "", page: 1 })}>Show all of these</a>}
    </>
  );
  return {
    title: "Tasks",
    live: `${QUEUE}/live`,
    content: (
      <>
        <nav class="pager" aria-label="State">
          {Object.entries(STANDS).map(([state, each]) => (
            <a
              href={queryOf({ ...wish, state: state as Wish["state"], page: 1 })}
              aria-current={state === wish.state ? "page" : undefined}
            >
              {each.text}
            </a>
          ))}
        </nav>
        <form method="get" class="filter">
          <input type="hidden" name="state" value={wish.state} />
          <Choice
            name="type"
            label="Kind"
            value={wish.type}
            options={[["", "All kinds"], ...Object.entries(TYPES)]}
            optional
          />
          <Field
            name="who"
            label="Asked for by"
            type="search"
            value={wish.who}
            hint="The beginning of a user name."
            optional
          />
          <button type="submit">Show</button>
        </form>
        <Section title={text} live="tasks">
          <Rows queue={found} empty={nothingHere} />
          <Pager links={around(wish, pages)} />
        </Section>
      </>
    ),
  };
}

function filtersOf({ state, type, who }: Wish): string {
  return JSON.stringify({
    ...STANDS[state].filters,
    ...(type && { task_type: is(type) }),
    // Within the text of the identity, whose members are of this form.
    ...(who && { keystone_user: { icontains: `"username":${JSON.stringify(who).slice(0, -1)}` } }),
  });
}

/** What cannot be looked for is not found; nor is a page behind the last. */
function nothing(error: unknown): Queue {
  if (!(error instanceof Refused) || error.refusal.kind !== "invalid") throw error;
  return { items: [], own: new Set(), names: new Map(), paging: undefined };
}

/** What waits for the reader's vote. */
async function own(core: Core, c: Asked): Promise<View> {
  const { items, ...found } = await ownQueue(core);
  const pages = Math.max(1, Math.ceil(items.length / PER_PAGE));
  const wish = wishOf(c);
  const page = Math.min(wish.page, pages);
  return {
    title: "Tasks",
    live: `${QUEUE}/live`,
    content: (
      <Section title="Waiting for you" live="tasks">
        <Rows
          queue={{ ...found, items: items.slice((page - 1) * PER_PAGE, page * PER_PAGE) }}
          empty="Nothing waits for you. When somebody asks for something that you may approve, it appears here."
        />
        <Pager links={around({ ...wish, page }, pages)} />
      </Section>
    ),
  };
}

function around(wish: Wish, pages: number): [text: string, query: string][] {
  const to = (page: number) => queryOf({ ...wish, page });
  return [
    ...(wish.page > 1 ? [["Previous page", to(wish.page - 1)] as [string, string]] : []),
    ...(wish.page < pages ? [["Next page", to(wish.page + 1)] as [string, string]] : []),
  ];
}
