import type { Context } from "hono";
import type { Task } from "../../../core/tasks/task.ts";
import { json } from "../../shape.ts";
import { messageShape } from "./shapes.ts";

const headers = { Location: { description: "The task that it is done by", schema: { type: "string" as const } } };

/** The documented answer to what a task does. */
export const handledShape = { ...json(messageShape, "It is done, or waits for its approval"), headers };

/** Answers that a task does what was asked for, and where it is (contract, section 13). */
export function handled(c: Context, { id }: Task) {
  c.header("Location", `/v1/tasks/${id}`);
  // The document says "handeled".
  return c.json("Process being handeled", 202);
}
