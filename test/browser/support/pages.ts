import type { World } from "./world.ts";

/** Pages that everybody sees. */
export const publicPages = ({ link }: World): string[] => [
  "/",
  "/sign-up",
  "/forgot-password",
  "/docs",
  link,
  "/token/nope",
  "/log-in",
];

/** Pages about oneself. */
export const ownPages = (): string[] => [
  "/me",
  "/me/sessions",
  "/me/keys",
  "/me/ssh-keys",
  "/me/credentials",
  "/me/access",
  "/me/requests",
];

/** Pages of administrators. */
export const deskPages = ({ tasks, member, controller, group }: World): string[] => [
  "/console",
  "/console/tasks",
  "/console/tasks?state=all",
  `/console/tasks/${tasks[0]}`,
  "/console/users",
  `/console/users/${encodeURIComponent(member.name)}`,
  "/console/groups",
  `/console/groups/${group}`,
  "/console/controllers",
  `/console/controllers/${controller}`,
  "/console/policies",
  "/console/policies/signup",
  "/console/notifications",
  "/console/audit",
  "/console/mails",
];
