import { addressOf, kindOf } from "./kinds.ts";
import type { Task, TaskType } from "./task.ts";

/** A mail to somebody, not yet in the outbox. */
export interface Letter {
  to: string;
  subject: string;
  text: string;
}

type Stage = "initial" | "token" | "completed";

/** What each mail says; `{link}` and `{until}` stand for the token's link and its end. */
const TEXTS: Record<TaskType, Partial<Record<Stage, string>>> = {
  signup: {
    initial: "Your request has arrived. An administrator will look at it; you will hear from us either way.",
    token:
      "Your request has been approved. To finish it, choose a password here:\n\n{link}\n\nThe link works until {until}.",
    completed: "Everything is set up. You can log in now.",
  },
  reset_password: {
    token:
      "Somebody, hopefully you, asked to reset your password. To choose a new one, follow this link:\n\n{link}\n\n" +
      "The link works until {until}. If it was not you, there is nothing to do: your password stays as it is.",
    completed: "Your password has been changed, and everybody who was logged in with the old one is logged out.",
  },
  invite_user: {
    token: "You are invited to join a project. To accept, follow this link:\n\n{link}\n\nThe link works until {until}.",
    completed: "You are a member of the project now.",
  },
  edit_roles: {},
  update_email: {
    initial:
      "Somebody, hopefully you, asked to change the e-mail address of your account. Nothing changes until the new " +
      "address is confirmed. If it was not you, change your password.",
    token:
      "To make this the e-mail address of your account, confirm it here:\n\n{link}\n\nThe link works until {until}.",
    completed: "This is the e-mail address of your account now.",
  },
  update_quota: { completed: "The quota of your project has been changed as you asked." },
  request_access: { completed: "You have been given the access that you asked for." },
};

/** The mail that tells why a task was denied; none without an address. */
export function letterOfDenial(task: Task, to: string | undefined, reason: string): Letter[] {
  const said = `Your request has been denied. The reason given:\n\n${reason}`;
  return to ? [letter(task, to, "Request denied", said)] : [];
}

/** The mail of a stage of a task, or none: no address, or a stage that sends nothing. `link` is the token's. */
export function letterFor(task: Task, stage: Stage, link = ""): Letter[] {
  const to = addressOf(task);
  const subject = kindOf(task.type).subjects[stage];
  const text = TEXTS[task.type][stage];
  if (!to || !subject || !text) return [];
  const until = task.token ? new Date(task.token.expiresAt).toUTCString() : "";
  const body = text.replace("{link}", () => link).replace("{until}", () => until);
  return [letter(task, to, subject, body)];
}

const letter = ({ id }: Task, to: string, subject: string, said: string): Letter => ({
  to,
  subject,
  text: `Hello,\n\n${said}\n\nReference: ${id}\n`,
});
