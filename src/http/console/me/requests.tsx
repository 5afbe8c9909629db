import type { Core } from "../../../core/context.ts";
import { stateOf, type TaskState } from "../../../core/tasks/lifecycle.ts";
import { ownTasks } from "../../../core/tasks/listing.ts";
import { type Names, namesIn } from "../../../core/tasks/names.ts";
import { taskForFollower } from "../../../core/tasks/reach.ts";
import { cancelTask } from "../../../core/tasks/requests.ts";
import type { Task } from "../../../core/tasks/task.ts";
import type { Dialect } from "../../dialect.ts";
import { Confirm, Table, When } from "../../html/parts.tsx";
import { serveDesk } from "../desk-page.tsx";
import { PagesAround, partOf } from "../paging.tsx";
import { addressOfTask, Standing } from "../tasks/rows.tsx";
import { askedFor, reasonOf } from "../tasks/task-words.ts";
import { MeNav } from "./me-nav.tsx";

export function requests(desk: Dialect): void {
  serveDesk(desk, {
    path: "/me/requests",
    summary: "What one asked for, and where it stands",

    async show(core, c) {
      const { rows: tasks, page, last } = partOf(c, await ownTasks(core));
      const names = await namesIn(core, tasks);
      return {
        title: "My requests",
        content: (
          <>
            <MeNav />
            <Table
              caption="Requests, newest first"
              columns={["What", "When", "State", ""]}
              rows={tasks.map((task) => rowOf(core, task, names))}
              empty={
                <>
                  You have not asked for anything yet. You can <a href="/me/access">ask for access</a>.
                </>
              }
            />
            <PagesAround c={c} last={last} page={page} />
          </>
        ),
      };
    },

    fields: ["task"],
    deeds: {
      async withdraw(core, form) {
        await cancelTask(core, await taskForFollower(core, form.get("task") ?? "", "change"));
        return { said: "Withdrawn. Nothing more comes of it." };
      },
    },
  });
}

const rowOf = (core: Core, task: Task, names: Names) => [
  <>
    <a href={addressOfTask(task.id)}>{askedFor(task, names)}</a>
    {reasonOf(task) && <p class="hint">“{reasonOf(task)}”</p>}
    <Remark of={task} state={stateOf(task, core.now())} />
  </>,
  <When at={task.createdAt} />,
  <Standing task={task} />,
  isOpen(core, task) && (
    <Confirm
      deed="withdraw"
      about={["task", task.id]}
      label="Withdraw"
      question="It is cancelled. A link that was mailed works no longer."
      button="Withdraw it"
    />
  ),
];

/** What who asked wants to know besides: why nothing comes of it, or what is waited for. */
function Remark({ of: { notes, actions, token }, state }: { of: Task; state: TaskState }) {
  const link = token ? "A link was mailed, and waits to be followed." : undefined;
  const impossible = actions.flatMap((action) => action.notes).at(-1);
  const remark = { cancelled: notes.at(-1), invalid: impossible, approved: link, waiting: "", completed: "" }[state];
  return remark ? <p class="hint">{remark}</p> : null;
}

const isOpen = ({ now }: Core, task: Task) => ["waiting", "invalid", "approved"].includes(stateOf(task, now()));
