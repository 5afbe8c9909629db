import { isAdmin } from "../../../core/actor.ts";
import type { Core } from "../../../core/context.ts";
import { Refused } from "../../../core/refusal.ts";
import { type Known, ownQueues, queueOfAll } from "../../../core/tasks/queue.ts";
import { TASK_TYPES, type Task } from "../../../core/tasks/task.ts";
import type { Dialect } from "../../dialect.ts";
import { Choice, Field } from "../../html/fields.tsx";
import { Search } from "../../html/form.tsx";
import { Section } from "../../html/parts.tsx";
import { type Asked, serveDesk, type View } from "../desk-page.tsx";
import { PagesAround, pageAt, partOf, queryWith, wishFor } from "../paging.tsx";
import { typeName } from "../type-names.ts";
import { QUEUE, Rows } from "./rows.tsx";

/** How many of those that wait for one are shown: the others move up as these are decided. */
const OWN_MAX = 100;

export function queue(desk: Dialect): void {
  serveDesk(desk, {
    path: QUEUE,
    summary: "The tasks that wait",
    show: async (core, c) => ({
      title: "Tasks",
      live: `${QUEUE}/live`,
      content: await (isAdmin(core.actor) ? everything(core, c) : own(core, c)),
    }),
  });
}

type Content = Promise<View["content"]>;

const is = (exact: boolean | string) => ({ exact });

/**
 * How tasks can stand that are looked through: in the filters of the workflow dialect (contract, 6), those that wait being a list
 * of their own; and what is said of none.
 */
const STANDS = {
  waiting: { text: "Waiting", filters: {}, empty: "No task waits." },
  approved: {
    text: "Approved",
    filters: { approved: is(true), completed: is(false), cancelled: is(false) },
    empty: "Nobody has been mailed a link that he has yet to follow.",
  },
  completed: { text: "Done", filters: { completed: is(true) }, empty: "Nothing is done yet." },
  cancelled: { text: "Cancelled", filters: { cancelled: is(true) }, empty: "Nothing was denied or cancelled." },
  all: { text: "All", filters: {}, empty: "Nobody has asked for anything yet." },
};
type Stand = keyof typeof STANDS;

const standIn = (c: Asked): Stand => {
  const state = c.req.query("state") ?? "";
  return Object.hasOwn(STANDS, state) ? (state as Stand) : "waiting";
};

/** Links to the tasks that stand in these ways. */
const Stands = ({ c, of }: { c: Asked; of: Stand[] }) => (
  <nav class="pager" aria-label="State">
    {of.map((state) => (
      <a href={queryWith(c, { state, page: undefined })} aria-current={state === standIn(c) ? "page" : undefined}>
        {STANDS[state].text}
      </a>
    ))}
  </nav>
);

/** All tasks, for whoever administers the service. */
async function everything(core: Core, c: Asked): Content {
  const state = standIn(c);
  const type = TASK_TYPES.find((each) => each === c.req.query("type"));
  const who = c.req.query("who") ?? "";
  const filters = {
    ...STANDS[state].filters,
    ...(type && { task_type: is(type) }),
    // As it stands in the text of the identity.
    ...(who && { keystone_user: { icontains: `"username":${JSON.stringify(who).slice(0, -1)}` } }),
  };
  const which = state === "waiting" ? "waiting" : "all";
  const { items, paging, page, ...known } = await pageAt(c, (number) =>
    queueOfAll(core, JSON.stringify(filters), wishFor(number), which),
  ).catch(nothing);
  const isNarrowed = type !== undefined || who !== "";
  return (
    <>
      <Stands c={c} of={Object.keys(STANDS) as Stand[]} />
      <Search>
        <input type="hidden" name="state" value={state} />
        <Choice
          name="type"
          label="Kind"
          value={type}
          options={[["", "All kinds"], ...TASK_TYPES.map((each) => [each, typeName(each)] as const)]}
          optional
        />
        <Field name="who" label="Who asked (begins with)" type="search" value={who} optional />
      </Search>
      <Section title={STANDS[state].text} live="tasks">
        <Rows tasks={items} known={known} empty={isNarrowed ? NOT_FOUND : STANDS[state].empty} />
        <PagesAround c={c} last={paging?.pages ?? 1} page={page} />
      </Section>
    </>
  );
}

const NOT_FOUND = (
  <>
    There is no such task. <a href="?">Look at all that wait</a>
  </>
);

/** What cannot be looked for is not found. */
function nothing(error: unknown): Known & { items: Task[]; paging: undefined; page: number } {
  if (!(error instanceof Refused) || error.refusal.kind !== "invalid") throw error;
  return { items: [], paging: undefined, page: 1, own: new Set(), names: new Map() };
}

/** What waits for the reader's vote, and what is asked for in the project that he moderates. */
async function own(core: Core, c: Asked): Content {
  const state = standIn(c) === "all" ? "all" : "waiting";
  const { toDecide, ofProject, ...known } = await ownQueues(core, state);
  const { rows, page, last } = partOf(c, ofProject ?? []);
  return (
    <>
      <Section title="Waiting for you" live="own">
        <Rows tasks={toDecide.slice(0, OWN_MAX)} known={known} empty={NOTHING_WAITS} />
      </Section>
      {ofProject && (
        <Section title="In your project" live="project">
          <Stands c={c} of={["waiting", "all"]} />
          <Rows tasks={rows} known={known} empty={STANDS[state].empty} />
          <PagesAround c={c} last={last} page={page} />
        </Section>
      )}
    </>
  );
}

const NOTHING_WAITS = "Nothing waits for you. When somebody asks for something that you may approve, it appears here.";
