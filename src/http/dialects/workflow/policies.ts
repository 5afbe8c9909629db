import * as z from "zod";
import { mustBeAdmin } from "../../../core/actor.ts";
import { findPolicy, type Policy, replacePolicy, taskTypeNamed } from "../../../core/tasks/policies.ts";
import type { Stage } from "../../../core/tasks/task.ts";
import type { Dialect } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json, takes } from "../../shape.ts";
import { anybody } from "./callers.ts";
import { formOf } from "./input.ts";
import * as shape from "./shapes.ts";

const named = z.object({ task_type: z.string() });

const approversShape = z.union([
  z.object({ role: z.string() }),
  z.object({ group: z.string() }),
  z.object({ users: z.array(z.string()) }),
]);
const stageShape = z.object({ name: z.string(), approvers: approversShape, required: z.int() });
const policyShape = z
  .object({
    task_type: z.string(),
    auto_approve: z.boolean(),
    stages: z.array(stageShape),
    allow_self_approval: z.boolean(),
    pending_ttl_seconds: z.int(),
  })
  .meta({
    example: {
      task_type: "signup",
      auto_approve: true,
      stages: [{ name: "default", approvers: { role: "admin" }, required: 1 }],
      allow_self_approval: false,
      pending_ttl_seconds: 2_592_000,
    },
  });

const show = createRoute({
  method: "get",
  path: "/v1/policies/{task_type}",
  summary: "Show how tasks of a type are approved",
  ...anybody(),
  request: { params: named },
  responses: { 200: json(policyShape, "The policy"), ...shape.refusals(401, 403, 404) },
});

const replace = createRoute({
  method: "put",
  path: "/v1/policies/{task_type}",
  summary: "Say how tasks of a type are approved",
  ...anybody(),
  request: {
    params: named,
    ...takes(
      policyShape
        .omit({ task_type: true })
        .partial()
        .required({ stages: true })
        .meta({
          example: {
            stages: [
              { name: "moderators", approvers: { role: "project_mod" }, required: 1 },
              { name: "the desk", approvers: { role: "admin" }, required: 2 },
            ],
            allow_self_approval: false,
          },
        }),
    ),
  },
  responses: { 200: json(policyShape, "The policy as stored"), ...shape.refusals(400, 401, 403, 404) },
});

export function policies(workflow: Dialect): void {
  workflow.serve(show, async (c) => {
    const name = c.req.param("task_type");
    return c.json(showPolicy(name, await findPolicy(c.var.core, name)), 200);
  });

  workflow.serve(replace, async (c) => {
    const { core } = c.var;
    mustBeAdmin(core);
    const type = taskTypeNamed(c.req.param("task_type"));
    return c.json(showPolicy(type, await replacePolicy(core, type, await formOf(c))), 200);
  });
}

function showPolicy(type: string, policy: Policy): z.output<typeof policyShape> {
  return {
    task_type: type,
    auto_approve: policy.autoApprove,
    stages: policy.stages.map(({ name, approvers, required }) => ({
      name,
      approvers: showApprovers(approvers),
      required,
    })),
    allow_self_approval: policy.allowSelfApproval,
    pending_ttl_seconds: policy.pendingTtlSeconds,
  };
}

function showApprovers(approvers: Stage["approvers"]): z.output<typeof approversShape> {
  if ("users" in approvers) return { users: approvers.users.map(({ name }) => name) };
  return "group" in approvers ? { group: approvers.group.name } : { role: approvers.role };
}
