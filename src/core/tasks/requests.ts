import { actionNamed } from "../actions/index.ts";
import { whoIs } from "../audit.ts";
import type { Core } from "../context.ts";
import { logFault } from "../faults.ts";
import type { KeptAnswer } from "../idempotency.ts";
import { type Identity, identityOf, isAdministrator } from "../projects.ts";
import { untilQuiet } from "../quiet.ts";
import { type Issue, type Refusal, Refused, refuse } from "../refusal.ts";
import { newId } from "../secrets.ts";
import { issuesOf } from "../values.ts";
import { kindOf } from "./kinds.ts";
import type { Decidable, Reached } from "./reach.ts";
import type { Asked, Command, Verdict } from "./remote.ts";
import { isRefused, type JsonObject, type Task, type TaskAction, type TaskType } from "./task.ts";

/**
 * Asks for a task of a type with one flat input for all of its actions. `id`: what it shall be called; `keep`: what has to be kept with a task of that id,
 * to be answered again. Refuses `invalid` with the issues of all fields, `conflict` when the same waits already or its answer
 * was kept in between, `blocked` when it is impossible from the beginning, `unavailable`.
 */
export async function requestTask(
  core: Core,
  type: TaskType,
  input: JsonObject,
  identity: Identity | null,
  { id = newId(core.random), keep }: { id?: string; keep?: ((taskId: string) => KeptAnswer) | undefined } = {},
): Promise<Task> {
  const actions = dataOf(core, type, input);
  const seed = { id, type, actions, ...(keep && { keep: keep(id) }) };
  const task = await ask(core, id, { kind: "create", seed, ...asked(core, identity, { id, revision: 0 }) });
  return isRefused(task) ? refuse({ kind: "blocked", because: "impossible" }) : task;
}

/**
 * Asks for a password reset, and tells nobody what came of it, neither by a refusal nor by the time that it takes: only what
 * is malformed is refused (`invalid`), and what was answered in between (`conflict`).
 */
export async function requestReset(
  core: Core,
  input: JsonObject,
  identity: Identity | null,
  options?: Parameters<typeof requestTask>[4],
): Promise<Task | undefined> {
  try {
    return await requestTask(core, "reset_password", input, identity, options);
  } catch (error) {
    if (!(error instanceof Refused) || error.refusal.kind === "invalid" || isAnswered(error.refusal)) throw error;
    return undefined;
  } finally {
    await untilQuiet(core);
  }
}

/** Whether a request was answered while it was asked for, by the same request. */
export const isAnswered = (refusal: Refusal): boolean => refusal.kind === "conflict" && refusal.what === "answer";

function dataOf(
  core: Core,
  type: TaskType,
  input: JsonObject,
  known: Pick<TaskAction, "name" | "data">[] = [],
): { name: string; data: JsonObject }[] {
  const issues = new Map<string, Issue>();
  const actions = kindOf(type).actions.map((name) => {
    const before = known.find((each) => each.name === name)?.data ?? input;
    const result = actionNamed(name).data(core.settings, before).safeParse(input, { reportInput: true });
    for (const issue of result.success ? [] : issuesOf(result.error)) {
      // The first thing wrong with a field is what it is told by.
      if (!issues.has(issue.path)) issues.set(issue.path, issue);
    }
    // A key without a value is no key of JSON.
    const entries = Object.entries(result.data ?? {}).filter(([, value]) => value !== undefined);
    return { name, data: Object.fromEntries(entries) };
  });
  return issues.size > 0 ? refuse({ kind: "invalid", issues: [...issues.values()] }) : actions;
}

/**
 * Gives the caller's vote for a task, which approves it if it was the last one needed; `reason` goes into its history.
 * Refuses `blocked`, saying why, and `unavailable`.
 */
export function approveTask(core: Core, { identity, task, stages }: Decidable, reason?: string): Promise<Task> {
  return ask(core, task.id, { kind: "approve", stages, ...asked(core, identity, task, reason) });
}

/** Cancels a task with a reason, which whoever asked for it is told. Refuses as `approveTask`. */
export function denyTask(core: Core, { identity, task }: Reached, reason: string): Promise<Task> {
  return ask(core, task.id, { kind: "deny", ...asked(core, identity, task, reason) });
}

/** Keys that the service sets: left out they keep their value. */
const SET_BY_SERVICE = ["region", "domain_id", "parent_id", "project_id", "user_id", "remove", "user", "change"];
/** Those of them that only an administrator changes, and those that nobody does. */
const LOCKED = SET_BY_SERVICE.filter((key) => key !== "region");
const FIXED = ["user", "change"];

/** Whether the service set a key of a task's data, so that nobody is asked for it. */
export const isSetByService = (key: string): boolean => SET_BY_SERVICE.includes(key);

/**
 * Replaces the data of all actions of a task that waits and prepares it again (workflow contract, 5.4). Refuses `invalid`
 * with the issues of all fields, `conflict` when the same waits already, and as `approveTask`.
 */
export function updateTask(core: Core, { identity, task }: Reached, form: JsonObject): Promise<Task> {
  const stored = task.actions.flatMap(({ data }) => Object.entries(data));
  const own = stored.filter(([key]) => isSetByService(key));
  const offered = Object.entries(form).filter(([key]) => !(isAdministrator(identity) ? FIXED : LOCKED).includes(key));
  const actions = dataOf(core, task.type, Object.fromEntries([...own, ...offered]), task.actions);
  return ask(core, task.id, { kind: "update", actions, ...asked(core, identity, task) });
}

/** Cancels a task; `reason` goes into its history. Refuses as `approveTask`. */
export function cancelTask(core: Core, { identity, task }: Reached, reason?: string): Promise<Task> {
  return ask(core, task.id, { kind: "cancel", because: "asked", ...asked(core, identity, task, reason) });
}

/** Ends the token of an approved task and mails a fresh one. Refuses as `approveTask`. */
export function reissueToken(core: Core, { identity, task }: Reached): Promise<Task> {
  return ask(core, task.id, { kind: "reissue", ...asked(core, identity, task) });
}

/** Submits a token with its fields, a password as its PHC string. Refuses as `approveTask`. */
export async function submitFields(core: Core, task: Task, digest: string, values: JsonObject): Promise<Task> {
  const identity = await identityOf(core);
  return ask(core, task.id, { kind: "submit", digest, values, ...asked(core, identity, task) });
}

/** Who asks a task for something, and what he had seen of it. */
function asked(
  core: Core,
  identity: Identity | null,
  { id: taskId, revision: seen }: Pick<Task, "id" | "revision">,
  note?: string,
): Asked {
  return { taskId, who: whoIs(core.actor), identity, visit: core.visit, seen, ...(note !== undefined && { note }) };
}

async function ask(core: Core, id: string, command: Command): Promise<Task> {
  const verdict = await core.tasks.step(id, command).catch((error: unknown): Verdict => {
    logFault("a task's object did not answer", error, { request: core.visit.id });
    return { ok: false, refusal: { kind: "unavailable" } };
  });
  return verdict.ok ? verdict.task : refuse(verdict.refusal);
}
