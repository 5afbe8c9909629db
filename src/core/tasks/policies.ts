import * as z from "zod";
import { commit } from "../../storage/db.ts";
import { DEFAULT_GROUP, groupsNamed } from "../../storage/groups.ts";
import { putPolicy, selectApprovers, selectPolicies, selectPolicy } from "../../storage/policies.ts";
import { usersOfNames } from "../../storage/users.ts";
import { mustBeAdmin } from "../actor.ts";
import { audited } from "../audit.ts";
import type { Core } from "../context.ts";
import { invalid, refuse } from "../refusal.ts";
import type { Settings } from "../settings.ts";
import { type Json, nameKey, printed, problem, read } from "../values.ts";
import { type Stage, TASK_TYPES, type TaskPolicy, type TaskType } from "./task.ts";

/** How tasks of a type are approved (workflow contract, 10.1). */
export interface Policy extends TaskPolicy {
  /** Whether tasks whose actions approve themselves may; else they wait for the stages too. */
  autoApprove: boolean;
  /** A task that is not approved this long after its creation reads as cancelled. */
  pendingTtlSeconds: number;
}

const DEFAULT_STAGE = { name: "default", required: 1 };

function defaultPolicy({ ALLOW_SELF_APPROVAL, TASK_PENDING_TTL_SECONDS }: Settings, type: TaskType): Policy {
  const role = type === "request_access" ? "resource_admin" : "admin";
  return {
    autoApprove: true,
    stages: [{ ...DEFAULT_STAGE, approvers: { role } }],
    allowSelfApproval: ALLOW_SELF_APPROVAL,
    pendingTtlSeconds: TASK_PENDING_TTL_SECONDS,
  };
}

/** The policy in force for a type of task, its own or the default. */
export async function policyFor(core: Pick<Core, "db" | "settings">, type: TaskType): Promise<Policy> {
  return policyIn(core, type, await selectPolicy(core.db, type));
}

const policyIn = ({ settings }: Pick<Core, "settings">, type: TaskType, [row]: { body: unknown }[]): Policy => ({
  ...defaultPolicy(settings, type),
  ...(row?.body as Partial<Policy> | undefined),
});

/**
 * The policy of a type of task, for an ADMIN, with the names that its users and groups have now: whoever sends it back means
 * the same. Refuses `not_found`.
 */
export async function findPolicy(core: Core, name: string): Promise<Policy> {
  mustBeAdmin(core);
  const type = taskTypeNamed(name);
  const { db } = core;
  const [rows, groups, users] = await commit(db, selectPolicy(db, type), ...selectApprovers(db, type));
  return withNamesOfNow(policyIn(core, type, rows), groups, users);
}

/** The policies of all types of tasks, for an ADMIN, as `findPolicy` gives them. One round trip. */
export async function findPolicies(core: Core): Promise<[TaskType, Policy][]> {
  mustBeAdmin(core);
  const { db } = core;
  const [rows, groups, users] = await commit(db, selectPolicies(db), ...selectApprovers(db));
  return TASK_TYPES.map((type) => {
    const own = rows.filter(({ taskType }) => taskType === type);
    return [type, withNamesOfNow(policyIn(core, type, own), groups, users)];
  });
}

type Named = { id: string; name: string };

/** A policy whose groups and users are called as they are now; who is gone, as he was. */
function withNamesOfNow(policy: Policy, groups: Named[], users: Named[]): Policy {
  const named = (known: Named[], { id, name: former }: Named): Named => ({
    id,
    name: known.find((each) => each.id === id)?.name ?? former,
  });
  const stages = policy.stages.map((stage): Stage => {
    const { approvers: each } = stage;
    if ("group" in each) return { ...stage, approvers: { group: named(groups, each.group) } };
    if (!("users" in each)) return stage;
    return { ...stage, approvers: { users: each.users.map((user) => named(users, user)) } };
  });
  return { ...policy, stages };
}

export function taskTypeNamed(name: string): TaskType {
  return TASK_TYPES.find((type) => type === name) ?? refuse({ kind: "not_found", what: "task_type", name });
}

const text = z.string().min(1);
const names = z.array(text).min(1).max(100);
const approvers = z.union([
  z.strictObject({ role: text.max(256) }),
  z.strictObject({ group: text.max(256) }),
  z.strictObject({ users: names }),
]);
const stage = z
  .strictObject({ name: text.max(64), approvers, required: z.int().min(1).max(20) })
  .refine(({ approvers: who, required }) => !("users" in who) || required <= new Set(who.users.map(nameKey)).size, {
    error: problem("too_big", "users"),
    path: ["required"],
  });
const stages = z
  .array(stage)
  .min(1)
  .max(10)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, { error: problem("taken") });

/** May be left out; null is of the wrong type like any other value. */
const leftOutOr = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === null ? "" : value), schema).optional();

const rest = z.object({
  auto_approve: leftOutOr(z.boolean()),
  allow_self_approval: leftOutOr(z.boolean()),
  pending_ttl_seconds: leftOutOr(z.int().min(1).max(315_360_000)),
});

const KEYS = ["task_type", "stages", ...Object.keys(rest.shape)];

/**
 * Replaces the policy of a type of task, for an ADMIN; what is left out takes the default. Refuses `invalid`: unknown keys
 * first, then the stages, then groups and users that are not there, then the rest.
 */
export async function replacePolicy(core: Core, type: TaskType, form: { [key: string]: Json }): Promise<Policy> {
  mustBeAdmin(core);
  const unknown = Object.keys(form).filter((key) => !KEYS.includes(key));
  if (unknown.length > 0) refuse({ kind: "invalid", issues: unknown.map((path) => ({ path, problem: "unknown" })) });
  // Whoever sends back what he was shown sends the type too.
  if (form["task_type"] !== undefined && form["task_type"] !== type) {
    invalid("task_type", "choice", printed(form["task_type"]));
  }
  const wanted = read(z.object({ stages }), form).stages;
  const known = await resolved(core, wanted);
  const { auto_approve, allow_self_approval, pending_ttl_seconds } = read(rest, form);
  const given = {
    stages: known,
    ...(auto_approve !== undefined && { autoApprove: auto_approve }),
    ...(allow_self_approval !== undefined && { allowSelfApproval: allow_self_approval }),
    ...(pending_ttl_seconds !== undefined && { pendingTtlSeconds: pending_ttl_seconds }),
  };
  const { db } = core;
  await commit(db, putPolicy(db, type, given), audited(core, "policy.replace", type, { details: given }));
  return { ...defaultPolicy(core.settings, type), ...given };
}

/** Stages whose groups and users are known by their ids. Refuses `invalid` with the first that is not there. */
async function resolved(core: Core, wanted: z.output<typeof stages>): Promise<Stage[]> {
  const who = wanted.map(({ approvers: each }) => each);
  const [groups, users] = await commit(
    core.db,
    groupsNamed(
      core.db,
      who.flatMap((each) => ("group" in each ? [each.group] : [])),
    ),
    usersOfNames(
      core.db,
      who.flatMap((each) => ("users" in each ? each.users : [])),
    ),
  );
  const groupOf = (name: string) =>
    name === DEFAULT_GROUP
      ? { id: DEFAULT_GROUP, name }
      : (groups.find((group) => group.name === name) ?? invalid("stages", "no_group", name));
  const userOf = (name: string) => {
    const user = users.find((each) => each.nameKey === nameKey(name)) ?? invalid("stages", "no_user", name);
    return { id: user.id, name };
  };
  return wanted.map(({ approvers: each, ...stage }) => {
    if ("group" in each) return { ...stage, approvers: { group: { id: groupOf(each.group).id, name: each.group } } };
    return { ...stage, approvers: "users" in each ? { users: each.users.map(userOf) } : each };
  });
}
