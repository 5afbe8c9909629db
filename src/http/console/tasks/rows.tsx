import { type Child, useContext } from "hono/jsx";
import type { Known } from "../../../core/tasks/queue.ts";
import type { Task } from "../../../core/tasks/task.ts";
import { tally } from "../../../core/tasks/voting.ts";
import { Ago, Badge, Table } from "../../html/parts.tsx";
import { READER } from "../../html/reader.ts";
import { askedFor, reasonOf, stateWords } from "./task-words.ts";

export const QUEUE = "/console/tasks";
export const addressOfTask = (id: string): string => `${QUEUE}/${encodeURIComponent(id)}`;

/** Tasks, a row each, that leads to the task. */
export const Rows = ({ tasks, known: { own, names }, empty }: { tasks: Task[]; known: Known; empty: Child }) => (
  <Table
    caption="Tasks"
    columns={["What", "Asked for by", "Since", "State"]}
    empty={empty}
    rows={tasks.map((task) => [
      <>
        <a href={addressOfTask(task.id)}>{askedFor(task, names)}</a>
        {reasonOf(task) && <p class="hint">“{reasonOf(task)}”</p>}
      </>,
      task.requester?.username ?? <span class="none">not logged in</span>,
      <Ago at={task.createdAt} />,
      <Standing task={task} isOwn={own.has(task.id)} />,
    ])}
  />
);

/** How a task stands, with the votes that it has, and whether it waits for the reader. */
export const Standing = ({ task, isOwn = false }: { task: Task; isOwn?: boolean }) => {
  const [tone, text] = stateWords(task, useContext(READER)?.now ?? 0);
  const { votes, required } = tally(task);
  return (
    <>
      <Badge tone={tone}>{text}</Badge> {isOwn && <Badge tone="waiting">for you</Badge>}{" "}
      {required > 1 && task.approvedAt === null && `${votes} of ${required} votes`}
    </>
  );
};
