import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Kept } from "../../src/core/tasks/keeper.ts";
import type { Task } from "../../src/core/tasks/task.ts";
import { type Answer, asAdmin, call, type Headers, rows, unique, uniqueEmail } from "./http.ts";

/** A sign-up that waits, and what it asked for. */
export interface SignUp {
  id: string;
  email: string;
  project: string;
}

export const signUp = (email: string, project: string, headers: Headers = {}): Promise<Answer> =>
  call("POST", "/v1/openstack/sign-up", headers, { email, project_name: project, setup_network: false });

/** The id of the newest task about an address. */
export async function taskAbout(email: string): Promise<string> {
  const [row] = await rows("select id from tasks where body like ? order by seq desc limit 1", `%"${email}"%`);
  return row.id;
}

export async function aSignUp(
  email = uniqueEmail(),
  project = unique("project"),
  headers: Headers = {},
): Promise<SignUp> {
  const { status, text } = await signUp(email, project, headers);
  if (status !== 202) throw new Error(`no sign-up: ${status} ${text}`);
  return { id: await taskAbout(email), email, project };
}

/** A sign-up that somebody who is logged in asked for. */
export const aSignUpBy = (headers: Headers): Promise<SignUp> => aSignUp(undefined, undefined, headers);

export const approve = async (id: string): Promise<Answer> =>
  call("POST", `/v1/tasks/${id}`, await asAdmin(), { approved: true });

export const cancel = async (id: string): Promise<Answer> => call("DELETE", `/v1/tasks/${id}`, await asAdmin());

export const submit = (token: string, password = "a-password"): Promise<Answer> =>
  call("POST", `/v1/tokens/${token}`, {}, { password });

export const show = async (id: string): Promise<Answer> => call("GET", `/v1/tasks/${id}`, await asAdmin());

export interface Mail {
  to: string;
  subject: string;
  text: string;
  task: string;
  created_on: string;
}

export async function mailsTo(email: string, subject?: string): Promise<Mail[]> {
  const { body } = await call("GET", `/dev/mail?to=${encodeURIComponent(email)}`, await asAdmin());
  return body.mails.filter((mail: Mail) => subject === undefined || mail.subject === subject);
}

/** The token in the newest mail to an address that holds one. */
export async function mailedToken(email: string): Promise<string> {
  for (const { text } of await mailsTo(email)) {
    const token = /\/token\/([0-9a-f]{32})\b/.exec(text)?.[1];
    if (token) return token;
  }
  throw new Error(`no token was mailed to ${email}`);
}

/** An approved sign-up and its token. */
export async function anApprovedSignUp(): Promise<SignUp & { token: string }> {
  const task = await aSignUp();
  const { status, text } = await approve(task.id);
  if (status !== 200) throw new Error(`not approved: ${status} ${text}`);
  return { ...task, token: await mailedToken(task.email) };
}

/** A new user by way of a sign-up: project administrator of his own project. */
export async function aSignedUpUser(): Promise<SignUp & { password: string }> {
  const task = await anApprovedSignUp();
  await submit(task.token, "a-password");
  return { ...task, password: "a-password" };
}

export const usersNamed = (name: string) => rows("select * from users where name_key = ?", name.toLowerCase());
export const history = (id: string) =>
  rows("select step, outcome, actor, note from task_events where task_id = ? order by seq", id);

/** Moves the end of the waiting time of a task into the past, in its object and in the copy. */
export const overdue = (id: string): Promise<void> =>
  rewritten(id, "'$.pendingUntil', 1", (task) => ({ ...task, pendingUntil: 1 }));

/** Lets the access that a waiting task orders end in the past, in its object and in the copy. */
export const endedBefore = (id: string, end: string): Promise<void> =>
  rewritten(id, `'$.actions[0].data.expires_at', '${end}'`, (task) => ({
    ...task,
    actions: task.actions.map((each) => ({ ...each, data: { ...each.data, expires_at: end } })),
  }));

async function rewritten(id: string, members: string, change: (task: Task) => Task): Promise<void> {
  await rows(`update tasks set body = json_set(body, ${members}) where id = ? returning id`, id);
  await rows("update tasks set pending_until = body ->> '$.pendingUntil' where id = ? returning id", id);
  await runInDurableObject(env.TASKS.getByName(id), (_object, { storage }) => {
    const kept = storage.kv.get<Kept>("kept");
    if (kept?.task) storage.kv.put("kept", { ...kept, task: change(kept.task) });
  });
}
