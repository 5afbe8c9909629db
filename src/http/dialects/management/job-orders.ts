import type { JobOrder, NewFleetTask } from "../../../core/fleet/jobs.ts";
import { invalid } from "../../../core/refusal.ts";
import * as field from "./fields.ts";

const TARGETS_MAX = 100;
const STEPS_MAX = 50;
const ACTIONS_MAX = 50;
const TASKS_MAX = 1000;
const ARGUMENTS_BYTES_MAX = 16_384;

/** What a job is to do, its fields in the order of the contract (5.2, 5.8). */
export function orderIn(body: { [field in keyof JobOrder]?: unknown }): JobOrder {
  const name = field.plain(body.name, "name");
  const datacenter = field.optional(body.datacenter, datacenterIn) ?? null;
  const targets = targetsIn(body.targets);
  const steps = field.list(body.tasks, "tasks", STEPS_MAX);
  if (targets.length * steps.length > TASKS_MAX) invalid("tasks", "too_many");
  return { name, datacenter, targets, tasks: steps.map((step, at) => taskIn(step, `tasks[${at}]`)) };
}

const datacenterIn = (value: unknown): string => (field.isPlain(value) ? value : invalid("datacenter", "format"));

function targetsIn(value: unknown): string[] {
  const targets = field.list(value, "targets", TARGETS_MAX);
  const areNames = targets.every(field.isPlain) && new Set(targets).size === targets.length;
  return areNames ? targets : invalid("targets", "format");
}

function taskIn(value: unknown, at: string): NewFleetTask {
  const task = field.object(value, at);
  const name = field.plain(task["name"], `${at}.name`);
  const actions = field.list(task["actions"], `${at}.actions`, ACTIONS_MAX);
  return { name, actions: actions.map((action, index) => actionIn(action, `${at}.actions[${index}]`)) };
}

function actionIn(value: unknown, at: string): NewFleetTask["actions"][number] {
  const action = field.object(value, at);
  const processor = field.plain(action["processor"], `${at}.processor`);
  const given = field.optional(action["arguments"], (value) =>
    field.smallObject(value, `${at}.arguments`, ARGUMENTS_BYTES_MAX),
  );
  return { processor, ...(given && { arguments: given }) };
}
