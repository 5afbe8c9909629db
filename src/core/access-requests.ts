import { resourceNamed } from "../storage/access.ts";
import { requested, resourceName } from "./actions/access/requested.ts";
import { mustBeUser } from "./actor.ts";
import type { Core } from "./context.ts";
import type { KeptAnswer } from "./idempotency.ts";
import type { Identity } from "./projects.ts";
import { type Issue, refuse } from "./refusal.ts";
import { requestTask } from "./tasks/requests.ts";
import type { JsonObject, Task } from "./tasks/task.ts";
import { issuesOf } from "./values.ts";

/**
 * Asks for access to a controller, or to a model of it, for the caller (workflow contract, 11.1). Refuses `invalid` with the
 * issues of all fields, a controller or model that is not there among them, and as `requestTask`.
 */
export async function askForAccess(
  core: Core,
  form: JsonObject,
  asker: Identity | null,
  keep?: (taskId: string) => KeptAnswer,
): Promise<Task> {
  const { user } = mustBeUser(core);
  const { controller, model = null, access, reason, duration_seconds = null } = form;
  const change = model === null ? "controller_access" : "model_access";
  const given = { controller, model, access, reason, duration_seconds };
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const input = { ...(present as JsonObject), user: user.name, change };
  const issues = [...issuesIn(input), ...(await absent(core, controller, model))];
  // One that is malformed is not looked for.
  const first = new Map<string, Issue>();
  for (const issue of issues) if (!first.has(issue.path)) first.set(issue.path, issue);
  if (first.size > 0) refuse({ kind: "invalid", issues: [...first.values()] });
  return requestTask(core, "request_access", input, asker, { keep });
}

function issuesIn(input: JsonObject): Issue[] {
  const result = requested.data.safeParse(input, { reportInput: true });
  return result.success ? [] : issuesOf(result.error);
}

async function absent({ db }: Core, controller: unknown, model: unknown): Promise<Issue[]> {
  const wanted = resourceName.safeParse(controller);
  if (!wanted.success) return [];
  const wantedModel = resourceName.safeParse(model);
  const found = await resourceNamed(db, wanted.data, wantedModel.data ?? null);
  if (!found.controller) return [{ path: "controller", problem: "no_controller" }];
  return wantedModel.success && !found.model ? [{ path: "model", problem: "no_model" }] : [];
}
