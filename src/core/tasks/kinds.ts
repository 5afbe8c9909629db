import type { Task, TaskType } from "./task.ts";

/** What a type of task is made of and how it behaves, beyond what its actions decide. */
export interface TaskKind {
  /** Names of its actions, in order of execution. */
  actions: string[];
  /** The name of the view in notifications (workflow contract, 13.2). */
  view: string;
  /** What happens when the same is asked for twice (4.5). */
  duplicates: "block" | "cancel older";
  /** What happens to one whose actions are impossible at creation (4.5). */
  whenInvalid: "wait" | "cancel";
  /** The subjects of its mails (13.1); a stage without one sends none. */
  subjects: { initial?: string; token?: string; completed?: string };
}

const KINDS: Record<TaskType, TaskKind> = {
  signup: {
    actions: ["NewProjectWithUserAction", "NewProjectDefaultNetworkAction", "SetProjectQuotaAction"],
    view: "CreateProject",
    duplicates: "block",
    whenInvalid: "wait",
    subjects: { initial: "Signup received", token: "Signup approved", completed: "Signup completed" },
  },
  reset_password: {
    actions: ["ResetUserPasswordAction"],
    view: "ResetPassword",
    duplicates: "cancel older",
    whenInvalid: "cancel",
    subjects: { token: "Password reset", completed: "Password reset completed" },
  },
};

export const kindOf = (type: TaskType): TaskKind => KINDS[type];

/** The address that the mails of a task go to; undefined: none are sent. */
export function addressOf(task: Pick<Task, "actions">): string | undefined {
  for (const { data } of task.actions) {
    if (typeof data["email"] === "string") return data["email"];
  }
  return undefined;
}
