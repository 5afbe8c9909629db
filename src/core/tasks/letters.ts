import { userWithId } from "../../storage/users.ts";
import type { Core } from "../context.ts";
import { addressOf, kindOf } from "./kinds.ts";
import { isOrdered, type Task, type TaskType } from "./task.ts";

/** A mail to somebody, not yet in the outbox: the same as plain text and as a page. */
export interface Letter {
  to: string;
  subject: string;
  text: string;
  html: string;
}

type Stage = "initial" | "token" | "completed";

const UNTIL = "The link works until {until}.";

/** What each mail says, by paragraphs; `{link}` and `{until}` stand for the token's link and its end. */
const TEXTS: Record<TaskType, Partial<Record<Stage, string[]>>> = {
  signup: {
    initial: ["Your request has arrived. An administrator will look at it; you will hear from us either way."],
    token: ["Your request has been approved. To finish it, follow this link:", "{link}", UNTIL],
    completed: ["Everything is set up. You can log in now."],
  },
  reset_password: {
    token: [
      "Somebody, hopefully you, asked to reset your password. To choose a new one, follow this link:",
      "{link}",
      `${UNTIL} If it was not you, there is nothing to do: your password stays as it is.`,
    ],
    completed: ["Your password has been changed, and everybody who was logged in with the old one is logged out."],
  },
  invite_user: {
    token: ["You are invited to join a project. To accept, follow this link:", "{link}", UNTIL],
    completed: ["You are a member of the project now."],
  },
  edit_roles: {},
  update_email: {
    initial: [
      "Somebody, hopefully you, asked to change the e-mail address of your account. Nothing changes until the new address " +
        "is confirmed. If it was not you, change your password.",
    ],
    token: ["To make this the e-mail address of your account, follow this link:", "{link}", UNTIL],
    completed: ["This is the e-mail address of your account now."],
  },
  update_quota: { completed: ["The quota of your project has been changed as you asked."] },
  request_access: { completed: ["You have been given the access that you asked for."] },
};

/** The mail of a stage of a task, or none: no address, or a stage that sends nothing. `link` is the token's. */
export async function letterFor(core: Core, task: Task, stage: Stage, link = ""): Promise<Letter[]> {
  const { subjects, mailedTo } = kindOf(task.type);
  const [subject, text] = [subjects[stage], TEXTS[task.type][stage]];
  if (!subject || !text || isOrdered(task)) return [];
  // Where an address is about to change it is the old one that has to hear of it.
  const isRequesters = mailedTo === "requester" || (mailedTo === "new_email" && stage === "initial");
  const to = isRequesters ? await emailOfRequester(core, task) : addressOf(task);
  const until = task.token ? new Date(task.token.expiresAt).toUTCString() : "";
  const filled = text.map((part) => part.replace("{link}", () => link).replace("{until}", () => until));
  return to ? [letterAbout(task, to, subject, filled)] : [];
}

/** The mail that tells why a task was denied: to who asked for it, else to the address in its data. */
export async function letterOfDenial(core: Core, task: Task, reason: string): Promise<Letter[]> {
  const to = task.requester ? await emailOfRequester(core, task) : addressOf(task);
  const said = ["Your request has been denied. The reason given:", reason];
  return to ? [letterAbout(task, to, "Request denied", said)] : [];
}

async function emailOfRequester({ db }: Core, { requester }: Task): Promise<string | undefined> {
  const user = requester && (await userWithId(db, requester.user_id));
  return user?.email ?? undefined;
}

const letterAbout = ({ id }: Task, to: string, subject: string, said: string[]): Letter =>
  letter(to, subject, ["Hello,", ...said, `Reference: ${id}`]);

/** A mail of some paragraphs, each as it is to be read. */
export const letter = (to: string, subject: string, paragraphs: string[]): Letter => ({
  to,
  subject,
  text: `${paragraphs.join("\n\n")}\n`,
  html: page(subject, paragraphs),
});

const page = (title: string, paragraphs: string[]): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title></head>` +
  `<body style="font:16px/1.5 system-ui,sans-serif;max-width:36em;margin:2em auto;padding:0 1em">` +
  `${paragraphs.map((part) => `<p>${asLink(part) ?? escaped(part)}</p>`).join("")}</body></html>\n`;

const asLink = (part: string): string | undefined =>
  /^https?:\/\/\S+$/.test(part) ? `<a href="${escaped(part)}">${escaped(part)}</a>` : undefined;

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "<br>" };

/** Text as it stands in a page; a reason may be anything. */
const escaped = (text: string): string => text.replace(/[&<>"\n]/g, (letter) => ENTITIES[letter] ?? "");
