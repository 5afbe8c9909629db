import { env } from "cloudflare:workers";
import { runJob } from "../../src/jobs/index.ts";
import { type Controller, grant } from "./access.ts";
import * as text from "./access-users.ts";
import { is, type Someone, someone } from "./access-users.ts";
import { asBearer, call, type Headers, rows } from "./http.ts";

export const NO_CONTROLLER = [404, "The controller does not exist!"];
export const NO_MODEL = [404, "The model does not exist!"];
export const NO_USER = [404, text.NO_USER];
export const UNAUTHORIZED = [403, text.UNAUTHORIZED];
export const NO_PERMISSION = [403, "You do not have permission to perform this operation!"];
export const INVALID = [400, text.INVALID_DATA];
export const EMPTY = [400, text.EMPTY];
export const LETTERS = [400, text.INVALID_NAME];
export const HANDLED = [202, "Process being handeled"];

/** A user with a level on a controller, and perhaps on its model. */
export async function aCallerOn(controller: Controller, level: string, onModel?: string): Promise<Someone> {
  const caller = await someone();
  await grant(caller.id, { controller: controller.id }, level);
  if (onModel) await grant(caller.id, { model: controller.model.id }, onModel);
  return caller;
}

/** Status and body of an answer; without headers an administrator asks. */
export const asked = async (method: string, path: string, headers?: Headers, body?: unknown) =>
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects of a body.
  is(await call(method, path, headers ?? (await asBearer()), body)) as [number, any];

/** Puts an agent in charge of a controller. */
export async function anAgentFor(controller: string): Promise<void> {
  await rows(
    `insert into workers (target, framework, datacenter, tags, created_at, updated_at)
     values (?, 'access', 'd1', '{}', 1, 1) returning id`,
    controller,
  );
}

/** What the agent of a controller was told, in order, each a job of one task. */
export async function toldTo(controller: string): Promise<unknown[]> {
  const tasks = await rows(
    `select jobs.datacenter, jobs.framework, jobs.status, fleet_tasks.place, fleet_tasks.ready, actions from fleet_tasks
     join jobs on jobs.id = fleet_tasks.job_id
     join job_steps on job_steps.job_id = jobs.id and job_steps.place = fleet_tasks.place
     where fleet_tasks.target = ? order by fleet_tasks.id`,
    controller,
  );
  return tasks.map(({ actions, ...job }) => {
    const plain = { datacenter: "d1", framework: "access", status: "PENDING", place: 0, ready: 1 };
    if (JSON.stringify(job) !== JSON.stringify(plain)) throw new Error(`odd job: ${JSON.stringify(job)}`);
    const [{ processor, arguments: given }, ...more] = JSON.parse(actions);
    if (more.length > 0) throw new Error("more than one action");
    return [processor, given];
  });
}

/** Runs the jobs of a minute. */
export const minutePasses = (): Promise<void> => runJob("* * * * *", env, () => undefined);

/** Lets every grant of a user on a controller, or a model, that has an end have ended. */
export async function end(userId: string, on: { controller: string } | { model: string }, at = 1): Promise<void> {
  const [table, key, id] =
    "controller" in on ? ["controller_grants", "controller_id", on.controller] : ["model_grants", "model_id", on.model];
  await rows(
    `update ${table} set expires_at = ? where user_id = ? and ${key} = ? and expires_at is not null returning seq`,
    at,
    userId,
    id,
  );
}

/** A policy under which orders wait for an ADMIN. */
export const WAITS = { auto_approve: false, stages: [{ name: "default", approvers: { role: "admin" }, required: 1 }] };
