import type { FleetTaskRow } from "../../storage/fleet-tasks.ts";

/** What a worker says of a task that it holds. */
export const REPORTS = ["RUNNING", "FINISHED", "FAILED"] as const;
export type Report = (typeof REPORTS)[number];

/** A task as it reads: what nobody holds any more is LOST, without anything having been written. */
export type AsRead<T> = Omit<T, "status"> & { status: FleetTaskRow["status"] | "LOST" };
type Held = Pick<FleetTaskRow, "status" | "leaseExpiresAt">;

/** The states in which a task can be reported on (management contract, 5.3). */
export const REPORTABLE: Record<Report, FleetTaskRow["status"][]> = {
  RUNNING: ["STARTING", "RUNNING"],
  FINISHED: ["RUNNING"],
  FAILED: ["STARTING", "RUNNING"],
};

/** How a task reads at a time: from the end of its lease on it is LOST, and has none. */
export function asRead<T extends Held>(task: T, now: number): AsRead<T> {
  const isOver = task.leaseExpiresAt !== null && task.leaseExpiresAt <= now;
  return isOver ? { ...task, status: "LOST", leaseExpiresAt: null } : task;
}
