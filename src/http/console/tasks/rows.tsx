import { useContext } from "hono/jsx";
import type { Task } from "../../../core/tasks/task.ts";
import { tally } from "../../../core/tasks/voting.ts";
import { Badge } from "../../html/parts.tsx";
import { READER } from "../../html/reader.ts";
import { stateWords } from "./task-words.ts";

export const QUEUE = "/console/tasks";
export const addressOfTask = (id: string): string => `${QUEUE}/${encodeURIComponent(id)}`;

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
