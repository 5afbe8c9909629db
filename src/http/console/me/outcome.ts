import type { Task } from "../../../core/tasks/task.ts";
import type { Done } from "../desk-page.tsx";

/** What came of something that a task does: it is done, or waits for somebody. */
export const outcomeOf = (task: Task, done: string): Done =>
  task.completedAt === null
    ? { said: "It waits to be approved. Here you see where it stands.", to: "/me/requests" }
    : { said: done };
