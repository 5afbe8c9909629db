import type { Condition, Statement } from "../../storage/db.ts";
import { insertFleetTasks, insertJobForAgent } from "../../storage/fleet-jobs.ts";
import type { Core } from "../context.ts";
import { newId } from "../secrets.ts";

/** The kind of agent that carries out what the access dialect decides. */
const FRAMEWORK = "access";

/** What changed for somebody on a controller, or on a model of it; names as they are stored, the end as ISO 8601 in UTC. */
export interface AccessChange {
  processor: "access.grant" | "access.revoke";
  arguments: { user: string; controller: string; model?: string; access?: string; expires_at?: string };
}

/**
 * The statements that give the agent of the controller a job of one task (access contract, section 14); they do nothing where
 * no agent is registered, or `only` does not hold. To be committed with the change itself.
 */
export function jobForAgent(
  { db, now, random }: Pick<Core, "db" | "now" | "random">,
  change: AccessChange,
  only?: Condition,
): Statement[] {
  const { controller, model, user } = change.arguments;
  const job = { key: newId(random), name: `${change.processor} ${user}`, createdAt: now() };
  const task = { name: `${change.processor} ${model ?? controller}`, actions: [change] };
  return [
    insertJobForAgent(db, job, { target: controller, framework: FRAMEWORK }, only),
    ...insertFleetTasks(db, job.key, [controller], [task]),
  ];
}
