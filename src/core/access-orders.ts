import type { Core } from "./context.ts";
import type { Identity } from "./projects.ts";
import { requestTask } from "./tasks/requests.ts";
import type { Task } from "./tasks/task.ts";

/** A change that the access dialect answers with 202 (access contract, section 13), as its task shows it. */
export type Order = { user: string } & (
  | { change: "controller_access"; controller: string; access: string; expires_at?: string }
  /** `fingerprint`: null when the string was no key. */
  | { change: "ssh_key_add"; fingerprint: string }
  | { change: "ssh_key_remove"; fingerprint: string | null }
  | { change: "credential_add"; name: string; type: string }
  | { change: "credential_remove"; name: string }
);

/**
 * Has a change carried out by a task, at once unless a policy wants it approved; gives the task. The caller has been
 * held to his right. Refuses as `requestTask`. `id`: what the task shall be called.
 */
export function order(core: Core, wanted: Order, asker: Identity | null, id: string): Promise<Task> {
  return requestTask(core, "request_access", { ...wanted }, asker, { id });
}
