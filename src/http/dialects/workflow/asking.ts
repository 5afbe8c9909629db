import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { isAdmin } from "../../../core/actor.ts";
import type { Core } from "../../../core/context.ts";
import { type Identity, identityOf } from "../../../core/projects.ts";
import { Refused, refuse } from "../../../core/refusal.ts";
import { callerWith } from "../../../core/tasks/reach.ts";
import { requestTask } from "../../../core/tasks/requests.ts";
import type { JsonObject, Task, TaskType } from "../../../core/tasks/task.ts";
import { isId } from "../../../core/values.ts";
import type { Dialect, Served } from "../../dialect.ts";
import { json, takes, type z } from "../../shape.ts";
import { anybody } from "./callers.ts";
import { formOf } from "./input.ts";
import * as shape from "./shapes.ts";

/** A call that asks for a task (contract, section 7). */
export interface Asking {
  summary: string;
  type: TaskType;
  /** Where it is served; a path may hold `{user_id}`. */
  at: [method: "post" | "put" | "delete", path: string][];
  who: "everybody" | "nothing" | "moderator" | "admin";
  /** Its body, as it is documented. */
  body: z.ZodType;
  /** The input of the task's actions; members that are undefined count as left out. */
  input(form: JsonObject, asker: Identity | null, userId: string): { [field: string]: JsonObject[string] | undefined };
  /** Says the same whatever comes of it: only what is malformed is refused. */
  silent?: string;
}

/** Serves a call under all of its paths. */
export function asks(workflow: Dialect, asking: Asking): void {
  for (const [method, path] of asking.at) {
    const route = createRoute({
      method,
      path,
      summary: asking.summary,
      ...anybody(),
      request: takes(asking.body),
      responses: { 202: json(shape.createdShape, "It is asked for"), ...shape.refusals(400, 401, 403, 404, 409) },
    });
    workflow.serve(route, async (c) => c.json(await answer(c, asking), 202));
  }
}

/** What all these calls share: who asks, then what he sent, then the task, then the one answer. */
async function answer(c: Context<Served>, asking: Asking): Promise<z.output<typeof shape.createdShape>> {
  const { core } = c.var;
  const asker = asking.who === "everybody" ? await identityOf(core) : await callerWith(core, asking.who);
  const userId = c.req.param("user_id") ?? "";
  if (userId !== "" && !isId(userId)) refuse({ kind: "not_found", what: "user" });
  const form = await formOf(c);
  const task = await taskFor(core, asking, defined(asking.input(form, asker, userId)), asker);
  return { notes: [asking.silent ?? "task created"], ...(task && isAdmin(core.actor) && { task: task.id }) };
}

async function taskFor(
  core: Core,
  { type, silent }: Asking,
  input: JsonObject,
  asker: Identity | null,
): Promise<Task | undefined> {
  try {
    return await requestTask(core, type, input, asker);
  } catch (error) {
    if (silent !== undefined && error instanceof Refused && error.refusal.kind !== "invalid") return undefined;
    throw error;
  }
}

function defined(form: { [field: string]: JsonObject[string] | undefined }): JsonObject {
  const entries = Object.entries(form).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
  return Object.fromEntries(entries);
}
