import type { Core } from "./context.ts";

const STEP_MS = 250;

/**
 * Waits until a whole number of quarters of a second has passed since the request came, so that the time of an answer tells
 * nothing of the work behind it.
 */
export async function untilQuiet({ visit, now }: Pick<Core, "visit" | "now">): Promise<void> {
  await scheduler.wait(STEP_MS - (Math.max(0, now() - visit.arrivedAt) % STEP_MS));
}
