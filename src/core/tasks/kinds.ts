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
  /** Whose address its mails go to (13.1): one in its data, the requester's, or nobody's. */
  mailedTo: "email" | "new_email" | "requester" | "nobody";
  /** The subjects of its mails (13.1); a stage without one sends none. */
  subjects: { initial?: string; token?: string; completed?: string };
}

const KINDS: Record<TaskType, TaskKind> = {
  signup: {
    actions: ["NewProjectWithUserAction", "NewProjectDefaultNetworkAction", "SetProjectQuotaAction"],
    view: "CreateProject",
    duplicates: "block",
    whenInvalid: "wait",
    mailedTo: "email",
    subjects: { initial: "Signup received", token: "Signup approved", completed: "Signup completed" },
  },
  reset_password: {
    actions: ["ResetUserPasswordAction"],
    view: "ResetPassword",
    duplicates: "cancel older",
    whenInvalid: "cancel",
    mailedTo: "email",
    subjects: { token: "Password reset", completed: "Password reset completed" },
  },
  invite_user: {
    actions: ["NewUserAction"],
    view: "InviteUser",
    duplicates: "block",
    whenInvalid: "cancel",
    mailedTo: "email",
    subjects: { token: "Project invitation", completed: "Project invitation accepted" },
  },
  edit_roles: {
    actions: ["EditUserRolesAction"],
    view: "EditUser",
    duplicates: "cancel older",
    whenInvalid: "cancel",
    mailedTo: "nobody",
    subjects: {},
  },
  update_email: {
    actions: ["UpdateUserEmailAction"],
    view: "UpdateEmail",
    duplicates: "cancel older",
    whenInvalid: "cancel",
    mailedTo: "new_email",
    subjects: {
      initial: "E-mail change requested",
      token: "Confirm your new e-mail address",
      completed: "E-mail address changed",
    },
  },
  update_quota: {
    actions: ["UpdateProjectQuotasAction"],
    view: "UpdateProjectQuotas",
    duplicates: "cancel older",
    whenInvalid: "cancel",
    mailedTo: "requester",
    subjects: { completed: "Quota updated" },
  },
  request_access: {
    actions: ["RequestAccessAction"],
    view: "RequestAccess",
    duplicates: "block",
    whenInvalid: "cancel",
    mailedTo: "requester",
    subjects: { completed: "Access granted" },
  },
};

export const kindOf = (type: TaskType): TaskKind => KINDS[type];

/** The address in the data of a task that its mails go to, if it is there. */
export function addressOf({ type, actions }: Pick<Task, "type" | "actions">): string | undefined {
  const field = KINDS[type].mailedTo;
  for (const { data } of actions) {
    if (typeof data[field] === "string") return data[field];
  }
  return undefined;
}
