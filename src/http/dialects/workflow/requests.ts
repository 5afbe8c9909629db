import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { isAdmin, mustBeAdmin } from "../../../core/actor.ts";
import type { Core } from "../../../core/context.ts";
import { Refused } from "../../../core/refusal.ts";
import { requestTask } from "../../../core/tasks/requests.ts";
import type { Task } from "../../../core/tasks/task.ts";
import type { Dialect } from "../../dialect.ts";
import { json, takes, z } from "../../shape.ts";
import { anybody } from "./callers.ts";
import { formOf } from "./input.ts";
import * as shape from "./shapes.ts";

const signUpBody = z.object({
  email: z.string(),
  project_name: z.string(),
  setup_network: z.boolean().optional(),
  username: z.string().optional(),
});

const resetBody = z.object({
  email: z.string(),
  username: z.string().optional(),
  domain_name: z.string().optional(),
});

const signUp = (path: string) =>
  createRoute({
    method: "post",
    path,
    summary: "Ask for a project of one's own",
    ...anybody(),
    request: takes(signUpBody),
    responses: { 202: json(shape.createdShape, "It is asked for"), ...shape.refusals(400, 409) },
  });

const resetPassword = (path: string, codes: (400 | 401 | 403)[] = [400]) =>
  createRoute({
    method: "post",
    path,
    summary: "Ask for a password reset",
    ...anybody(),
    request: takes(resetBody),
    responses: {
      202: json(shape.createdShape, "Asked for, whether or not there is such a user"),
      ...shape.refusals(...codes),
    },
  });

export function requests(workflow: Dialect): void {
  for (const path of ["/v1/openstack/sign-up", "/v1/actions/CreateProject"]) {
    workflow.serve(signUp(path), async (c) => {
      const { email, project_name, setup_network, username } = await formOf(c);
      // Region, domain and parent are the service's to set.
      const form = defined({ email, project_name, setup_network, username });
      const task = await requestTask(c.var.core, "signup", form);
      return c.json(created(c.var.core, "task created", task), 202);
    });
  }

  for (const path of ["/v1/openstack/users/password-reset", "/v1/actions/ResetPassword"]) {
    workflow.serve(resetPassword(path), async (c) => c.json(await reset(c), 202));
  }

  workflow.serve(resetPassword("/v1/openstack/users/password-set", [400, 401, 403]), async (c) => {
    mustBeAdmin(c.var.core);
    return c.json(await reset(c), 202);
  });
}

/** Tells nobody whether there is such a user: only what is malformed is refused (contract, 7.3). */
async function reset(c: Context): Promise<z.output<typeof shape.createdShape>> {
  const { email, username, domain_name } = await formOf(c);
  const { core } = c.var as { core: Core };
  const asked = requestTask(core, "reset_password", defined({ email, username, domain_name }));
  const task = await asked.catch((error: unknown) => {
    if (error instanceof Refused && error.refusal.kind !== "invalid") return undefined;
    throw error;
  });
  return created(core, "If user with email exists, reset token will be issued.", task);
}

const created = (core: Core, note: string, task: Task | undefined) => ({
  notes: [note],
  ...(task && isAdmin(core.actor) && { task: task.id }),
});

const defined = <T extends object>(form: T) =>
  Object.fromEntries(Object.entries(form).filter(([, value]) => value !== undefined));
