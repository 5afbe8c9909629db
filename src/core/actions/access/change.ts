import type { z } from "zod";
import type { Core } from "../../context.ts";
import type { OfTask, Plan } from "../action.ts";

/** One thing that a task of the type `request_access` can change, planned like an action. */
export interface Change<D extends object = never> {
  /** Its data, as the task shows it. */
  data: z.ZodType<D>;
  prepare(core: Core, data: D, task: OfTask): Promise<Plan>;
  approve(core: Core, data: D, task: OfTask): Promise<Plan>;
}
