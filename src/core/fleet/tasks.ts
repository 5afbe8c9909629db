import { commit, type Statement } from "../../storage/db.ts";
import { closeSteps, completeJob, failJob, killPending, openNextStep, startJobs } from "../../storage/fleet-steps.ts";
import {
  type FleetTaskRow,
  fleetTasksPage,
  fleetTaskWithId,
  leaseTasks,
  type Reported,
  reportOn,
} from "../../storage/fleet-tasks.ts";
import { workerExists } from "../../storage/workers.ts";
import { audited } from "../audit.ts";
import type { Core } from "../context.ts";
import { refuse } from "../refusal.ts";
import { type AsRead, asRead, REPORTABLE, type Report } from "./leases.ts";
import { runOf } from "./pages.ts";
import { unknownWorker } from "./workers.ts";

export type FleetTask = AsRead<FleetTaskRow>;

/**
 * Gives a worker up to `max` tasks to begin with, oldest first (management contract, 5.7). Refuses `not_found`. The caller has
 * been held to his permission, here and below.
 */
export async function leaseTo(core: Core, workerId: number, max: number): Promise<FleetTask[]> {
  const { db, now } = core;
  const at = now();
  const lease = { workerId, at, expiresAt: leaseEnd(core, at) };
  const [[worker], leased] = await commit(
    db,
    workerExists(db, workerId),
    leaseTasks(db, lease, max),
    audited(core, "worker.lease", String(workerId), { ifChanged: true }),
    startJobs(db, lease),
  );
  if (!worker) unknownWorker(String(workerId));
  return leased.sort((one, other) => one.id - other.id);
}

/** What a worker reports of a task. */
export interface TaskReport {
  workerId: number;
  status: Report;
  /** Why it failed. */
  message: string | undefined;
}

/**
 * Takes the report of the worker that holds a task, with all that follows for the job, and gives the task as it is now
 * (management contract, 5.13). Refuses `not_found` for the task, then the worker; `blocked` by the status, then the holder.
 */
export async function report(core: Core, id: number, { workerId, status, message }: TaskReport): Promise<FleetTask> {
  const { db, now } = core;
  const at = now();
  const [[before], [worker], [reported]] = await commit(
    db,
    fleetTaskWithId(db, id),
    workerExists(db, workerId),
    reportOn(db, { id, workerId, at }, REPORTABLE[status], changeBy(core, status, message, at)),
    ...consequences(core, status, id, at),
  );
  if (reported) return reported;
  if (!before) return unknownTask(id);
  if (!worker) return unknownWorker(String(workerId));
  const { status: present } = asRead(before, at);
  const name = String(id);
  return REPORTABLE[status].some((from) => from === present)
    ? refuse({ kind: "blocked", because: "not_holder", name, asked: String(workerId) })
    : refuse({ kind: "blocked", because: "task_status", name, present, asked: status });
}

function changeBy(core: Core, status: Report, message: string | undefined, at: number): Partial<Reported> {
  if (status === "RUNNING") return { status, leaseExpiresAt: leaseEnd(core, at) };
  const errorMessage = status === "FAILED" ? (message ?? null) : null;
  return { status, ready: false, leaseExpiresAt: null, stoppedAt: at, errorMessage };
}

/** What follows right after a report; that a task runs is a sign of life, too frequent for the audit trail. */
function consequences(core: Core, status: Report, id: number, at: number): Statement[] {
  const { db } = core;
  const noted = (event: "fleet_task.finish" | "fleet_task.fail") =>
    audited(core, event, String(id), { ifChanged: true });
  switch (status) {
    case "RUNNING":
      return [];
    case "FINISHED":
      return [noted("fleet_task.finish"), openNextStep(db, id), completeJob(db, id, at)];
    case "FAILED":
      return [noted("fleet_task.fail"), failJob(db, id, at), killPending(db, id, at), closeSteps(db, id)];
  }
}

const leaseEnd = ({ settings }: Core, at: number): number => at + settings.WORKER_LEASE_SECONDS * 1000;

/** A page of tasks, of one job or of all, newest first. */
export async function fleetTasksOnPage({ db, now }: Core, jobId: number | undefined, page: number) {
  const rows = await fleetTasksPage(db, jobId, runOf(page));
  const at = now();
  return rows.map((row) => asRead(row, at));
}

/** A task as it reads now. Refuses `not_found`. */
export async function findFleetTask({ db, now }: Core, id: number): Promise<FleetTask> {
  const [row] = await fleetTaskWithId(db, id);
  return row ? asRead(row, now()) : unknownTask(id);
}

const unknownTask = (id: number): never => refuse({ kind: "not_found", what: "fleet_task", name: String(id) });
