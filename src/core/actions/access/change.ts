import type * as z from "zod";
import type { Whose } from "../../../storage/users.ts";
import type { Core } from "../../context.ts";
import { type OfTask, type Plan, plan } from "../action.ts";

/** One thing that a task of the type `request_access` can change, planned like an action. */
export interface Change<D extends object = never> {
  /** Its data, as the task shows it. */
  data: z.ZodType<D>;
  prepare(core: Core, data: D, task: OfTask): Promise<Plan>;
  approve(core: Core, data: D, task: OfTask): Promise<Plan>;
}

/** A change that is looked at in the same way when it is ordered and when it is approved, which alone writes. */
export function ordered<D extends object>(data: z.ZodType<D>, approve: Change<D>["approve"]): Change {
  const prepare: Change<D>["prepare"] = async (core, wanted, task) => {
    const found = await approve(core, wanted, task);
    return found.valid ? plan.valid([], { made: found.made }) : found;
  };
  // Listed without the type of its data, which the task has checked.
  return { data, prepare, approve } as unknown as Change;
}

/**
 * Whom an order is about: the very user who had the name when it was made, so that a namesake inherits nothing; who orders for
 * himself had it when he was let in.
 */
export function whoseOf({ user }: { user: string }, { made: { user_id: id }, requester }: OfTask): Whose {
  if (id !== undefined) return { id };
  return requester?.username === user ? { id: requester.user_id } : { name: user };
}

export const NOBODY = plan.invalid("The user is gone.");
