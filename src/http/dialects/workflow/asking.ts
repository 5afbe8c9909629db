import type { Context } from "hono";
import * as z from "zod";
import { isAdmin } from "../../../core/actor.ts";
import type { Core } from "../../../core/context.ts";
import { answerBefore, type KeptAnswer, keepable, keyFrom } from "../../../core/idempotency.ts";
import { type Identity, identityOf } from "../../../core/projects.ts";
import { Refused, refuse } from "../../../core/refusal.ts";
import { callerWith } from "../../../core/tasks/reach.ts";
import { isAnswered, requestTask } from "../../../core/tasks/requests.ts";
import type { JsonObject, Task, TaskType } from "../../../core/tasks/task.ts";
import { isId } from "../../../core/values.ts";
import { readBody } from "../../body.ts";
import type { Dialect, Served } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json, takes } from "../../shape.ts";
import { anybody } from "./callers.ts";
import { formIn } from "./input.ts";
import * as shape from "./shapes.ts";

/** A call that asks for a task (contract, sections 7 and 11). */
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
  /** How the task is asked for, where it takes more than its type and input. */
  request?(core: Core, input: JsonObject, asker: Identity | null, keep?: Keep): Promise<Task | undefined>;
  /** What it says instead of "task created". */
  says?: string;
  /** Tells everybody the task, and where it is. */
  tellsTask?: true;
}

export type Keep = (taskId: string) => KeptAnswer;

interface Answer {
  body: z.output<typeof shape.createdShape>;
  location?: string;
}

const keyed = z.object({
  "Idempotency-Key": z
    .string()
    .optional()
    .meta({ description: "Kept for 24 hours: the same request again gets the same answer" }),
});

/** Serves a call under all of its paths. */
export function asks(workflow: Dialect, asking: Asking): void {
  for (const [method, path] of asking.at) {
    const route = createRoute({
      method,
      path,
      summary: asking.summary,
      ...anybody(),
      request: { headers: keyed, ...takes(asking.body) },
      responses: { 202: json(shape.createdShape, "It is asked for"), ...shape.refusals(400, 401, 403, 404, 409) },
    });
    workflow.serve(route, async (c) => {
      const { body, location } = await answer(c, asking);
      if (location !== undefined) c.header("Location", location);
      return c.json(body, 202);
    });
  }
}

/** What all these calls share: who asks, then what he sent, then the task, then the one answer. */
async function answer(c: Context<Served>, asking: Asking): Promise<Answer> {
  const { core } = c.var;
  const asker = asking.who === "everybody" ? await identityOf(core) : await callerWith(core, asking.who);
  const userId = c.req.param("user_id") ?? "";
  if (userId !== "" && !isId(userId)) refuse({ kind: "not_found", what: "user" });
  const key = keyFrom(c.req.header("Idempotency-Key"));
  const body = await readBody(c);
  const { method, path } = c.req;
  const repeat = key && (await keepable(core, key, { method, path, body: body.present ? body.value : undefined }));
  const before = repeat && (await answerBefore<Answer>(core, repeat));
  if (before) return before;
  const input = defined(asking.input(formIn(body), asker, userId));
  const keep = repeat && ((taskId: string) => repeat.keeping(answerWith(core, asking, taskId)));
  const task = await taskFor(core, asking, input, asker, keep || undefined);
  if (task !== "answered meanwhile") return answerWith(core, asking, task?.id);
  return (repeat && (await answerBefore<Answer>(core, repeat))) || refuse({ kind: "blocked", because: "key_in_use" });
}

function answerWith({ actor }: Core, { says = "task created", tellsTask }: Asking, taskId: string | undefined): Answer {
  const isTold = taskId !== undefined && (tellsTask || isAdmin(actor));
  const body = { notes: [says], ...(isTold && { task: taskId }) };
  return { body, ...(tellsTask && { location: `/v1/tasks/${taskId}` }) };
}

async function taskFor(
  core: Core,
  { type, request = (on, input, asker, keep) => requestTask(on, type, input, asker, { keep }) }: Asking,
  input: JsonObject,
  asker: Identity | null,
  keep: Keep | undefined,
): Promise<Task | "answered meanwhile" | undefined> {
  try {
    return await request(core, input, asker, keep);
  } catch (error) {
    if (error instanceof Refused && isAnswered(error.refusal)) return "answered meanwhile";
    throw error;
  }
}

function defined(form: { [field: string]: JsonObject[string] | undefined }): JsonObject {
  const entries = Object.entries(form).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
  return Object.fromEntries(entries);
}
