import { faultOf } from "../storage/fault.ts";

/** Whether an error says that a store could not be reached, which is nobody's mistake and may pass. */
export const isUnreachable = (error: unknown): boolean => faultOf(error)?.kind === "unreachable";

/**
 * Writes a fault to the log: its kind, where it came from and what it was about, never its message, which may hold anything.
 */
export function logFault(message: string, error: unknown, about: Record<string, unknown>): void {
  const { name, stack = "" } = error instanceof Error ? error : { name: typeof error };
  const fault = faultOf(error);
  const frames = fault ? [] : stack.split("\n").filter((line) => /^\s+at /.test(line));
  console.error(JSON.stringify({ level: "error", message, ...about, error: name, ...(fault && { fault }), frames }));
}
