import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { ownVisit, random } from "../../src/core/context.ts";
import type { Identity } from "../../src/core/projects.ts";
import { digest, newId } from "../../src/core/secrets.ts";
import type { Kept } from "../../src/core/tasks/keeper.ts";
import type { Asked, Command, Verdict } from "../../src/core/tasks/remote.ts";
import { remoteTasks } from "../../src/core/tasks/stubs.ts";
import type { Task } from "../../src/core/tasks/task.ts";
import { breakTask } from "./faults.ts";
import { rows, unique, uniqueEmail } from "./http.ts";

export type Deed = "approve" | "deny" | "cancel" | "update" | "submit" | "reissue";

const PHC = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA";

const somebody = (name: string): Identity => ({
  user_id: newId(random),
  username: name,
  roles: ["admin"],
  project_id: null,
  project_name: null,
  user_domain_id: "default",
  project_domain_id: null,
  authenticated: true,
});

const asked = (taskId: string, seen: number, identity: Identity | null): Asked => ({
  taskId,
  who: { id: identity?.user_id ?? null, name: identity?.username ?? "anonymous", via: "session" },
  identity,
  visit: ownVisit("http://ostiary.test"),
  seen,
});

const dataOf = (email: string, project: string) => [
  { name: "NewProjectWithUserAction", data: { domain_id: "default", email, parent_id: null, project_name: project } },
  { name: "NewProjectDefaultNetworkAction", data: { region: "RegionOne", setup_network: false } },
  { name: "SetProjectQuotaAction", data: {} },
];

export interface Subject {
  id: string;
  email: string;
  project: string;
}

const step = (id: string, command: Command): Promise<Verdict> => remoteTasks(env.TASKS).step(id, command);

/** A sign-up, made by its object alone. */
export async function aTask(): Promise<Subject> {
  const [id, email, project] = [newId(random), uniqueEmail(), unique("project")];
  const seed = { id, type: "signup" as const, actions: dataOf(email, project) };
  const verdict = await step(id, { kind: "create", seed, ...asked(id, 0, null) });
  expect(verdict.ok).toBe(true);
  return { id, email, project };
}

async function taskOf(id: string): Promise<Task> {
  const [row] = await rows("select body from tasks where id = ?", id);
  return JSON.parse(row.body);
}

/** Does something to a task as somebody would who has just looked at it; a crash is an answer too. */
export async function perform(deed: Deed, { id, email, project }: Subject): Promise<Verdict | "crashed"> {
  const { revision } = await taskOf(id);
  const common = asked(id, revision, somebody(deed));
  return step(id, await commandFor()).catch(() => "crashed" as const);

  async function commandFor(): Promise<Command> {
    switch (deed) {
      case "approve":
        return { kind: "approve", stages: [0], ...common };
      case "deny":
        return { kind: "deny", ...common, note: "no" };
      case "cancel":
        return { kind: "cancel", because: "asked", ...common };
      case "update":
        return { kind: "update", actions: dataOf(email, project), ...common };
      case "reissue":
        return { kind: "reissue", ...common };
      case "submit":
        return { kind: "submit", digest: await newestDigest(id), values: { password: PHC }, ...common, identity: null };
    }
  }
}

async function newestDigest(id: string): Promise<string> {
  const [mail] = await rows("select text from mails where task_id = ? and text like '%/token/%' order by seq desc", id);
  return digest(/\/token\/([0-9a-f]{32})/.exec(mail?.text ?? "")?.[1] ?? "");
}

const kept = (id: string) =>
  runInDurableObject(env.TASKS.getByName(id), (_object, { storage }) => storage.kv.get<Kept>("kept"));

/** Takes away the fault and lets the service finish what was begun. */
export async function settled(id: string): Promise<Kept> {
  await breakTask(id, undefined);
  for (let tries = 0; tries < 5; tries += 1) {
    const now = await kept(id);
    if (now && !now.pending) return now;
    await runDurableObjectAlarm(env.TASKS.getByName(id));
  }
  throw new Error("something stays pending");
}

const count = (list: { [key: string]: unknown }[], key: string, ...values: string[]) =>
  list.filter((each) => values.includes(String(each[key]))).length;

/** That a task has one history, that what it says has happened once, and that object and list agree. */
export async function expectOneOutcome({ id, email, project }: Subject): Promise<void> {
  const { task } = await settled(id);
  expect(task).toEqual(await taskOf(id));
  if (!task) throw new Error("no task");
  const ledger = await rows("select revision from task_ledger where task_id = ? order by revision", id);
  expect(ledger.map(({ revision }) => revision)).toEqual(Array.from({ length: task.revision }, (_, at) => at + 1));

  const events = await rows("select step, note from task_events where task_id = ? order by seq", id);
  const approvals = events.filter(({ step: name, note }) => name === "approve" && note !== "re-approval").length;
  const yes = (flag: unknown) => (flag === null ? 0 : 1);
  expect(count(events, "step", "create")).toBe(1);
  expect([approvals, count(events, "step", "vote")]).toEqual([yes(task.approvedAt), yes(task.approvedAt)]);
  expect(count(events, "step", "complete")).toBe(yes(task.completedAt));
  expect(count(events, "step", "cancel", "deny")).toBe(yes(task.cancelledAt));
  expect(task.completedAt !== null && task.cancelledAt !== null).toBe(false);
  expect(count(events, "step", "update") + events.length).toBeGreaterThan(0);

  const users = await rows("select password from users where name_key = ?", email);
  const groups = await rows("select id from groups where name = ?", project);
  expect([users.length, groups.length]).toEqual([yes(task.approvedAt), yes(task.approvedAt)]);
  expect(users.filter(({ password }) => password !== null)).toHaveLength(yes(task.completedAt));

  const mails = await rows("select subject from mails where task_id = ?", id);
  expect(count(mails, "subject", "Signup approved")).toBe(count(events, "step", "token"));
  expect(count(mails, "subject", "Signup completed")).toBe(yes(task.completedAt));
  expect(count(mails, "subject", "Request denied")).toBe(count(events, "step", "deny"));
  const tokens = await rows("select digest from task_tokens where task_id = ? and not ended", id);
  expect(tokens.length).toBe(task.approvedAt !== null && task.completedAt === null ? 1 : 0);
  const audit = await rows("select event from audit_events where subject = ? and event like 'task.%'", id);
  expect(audit).toHaveLength(task.revision);
}
