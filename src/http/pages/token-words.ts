import { addressOf } from "../../core/tasks/kinds.ts";
import { fieldsNeeded, type Task } from "../../core/tasks/task.ts";

/** What the page behind a mailed link says: what it is about, what its button does, and what has happened then. */
interface Words {
  title: string;
  said: string[];
  button: string;
  done: string;
  next: string[];
}

/** The user whom a task makes or changes. */
export const nameIn = (task: Task): string => task.made["user_name"] ?? addressOf(task) ?? "";

/** A field of a task's data as it is read. */
export const textIn = ({ actions }: Pick<Task, "actions">, field: string): string =>
  actions.flatMap(({ data }) => data[field] ?? []).join(", ");

const LOG_IN = (task: Task) => `You can log in now, as ${nameIn(task)}.`;
const MAILED = "A mail confirms it.";

export function wordsFor(task: Task): Words {
  const setsPassword = fieldsNeeded(task).includes("password");
  switch (task.type) {
    case "signup":
      return {
        title: "Choose your password",
        said: [
          `Your request for the project “${textIn(task, "project_name")}” has been approved.`,
          `With a password your account, ${nameIn(task)}, is ready.`,
        ],
        button: "Set the password",
        done: "Everything is set up",
        next: [`The project “${textIn(task, "project_name")}” is yours. ${LOG_IN(task)}`, MAILED],
      };
    case "reset_password":
      return {
        title: "Choose a new password",
        said: [
          `It is for the account ${nameIn(task)}. Whoever is logged in to it now is logged out.`,
          "If it was not you who asked for it, close this page: your password stays as it is.",
        ],
        button: "Set the new password",
        done: "Your password has been changed",
        next: [`Everybody who was logged in with the old one is logged out. ${LOG_IN(task)}`, MAILED],
      };
    case "invite_user":
      return {
        title: "You are invited to a project",
        said: [
          `${hostOf(task)} with these roles: ${textIn(task, "roles")}.`,
          setsPassword
            ? `To accept, choose a password for your account, ${nameIn(task)}.`
            : `It is for your account ${nameIn(task)}.`,
        ],
        button: "Accept the invitation",
        done: "You are a member of the project now",
        next: [setsPassword ? LOG_IN(task) : "What you log in with stays as it is.", MAILED],
      };
    case "update_email":
      return {
        title: "Confirm your new e-mail address",
        said: [
          `${textIn(task, "new_email")} becomes the address of the account ${nameIn(task)}.`,
          "If you know nothing of it, close this page: nothing changes then.",
        ],
        button: "This is my address",
        done: "Your e-mail address has been changed",
        next: ["If your user name was the old address, it is the new one now: log in with that.", MAILED],
      };
    default:
      return {
        title: "Confirm what was asked for",
        said: ["Somebody asked for something that needs you to confirm it."],
        button: "Confirm",
        done: "It is done",
        next: [MAILED],
      };
  }
}

/** Who invites and, where that was the project that he was in, to which one. */
function hostOf(task: Task): string {
  const host = task.requester;
  const isThere = host !== null && textIn(task, "project_id") === host.project_id;
  const project = isThere && host.project_name ? `the project “${host.project_name}”` : "a project";
  return `${host?.username ?? "Somebody"} invites you to ${project}`;
}
