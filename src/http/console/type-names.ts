import type { TaskType } from "../../core/tasks/task.ts";

const NAMES: Record<TaskType, string> = {
  signup: "Sign-up",
  reset_password: "Password reset",
  invite_user: "Invitation",
  edit_roles: "Roles in a project",
  update_email: "Change of e-mail address",
  update_quota: "Quota of a project",
  request_access: "Access",
};

/** What people call a type of task. */
export const typeName = (type: TaskType): string => NAMES[type];
