import { commit } from "../../storage/db.ts";
import {
  insertFleetTasks,
  insertJob,
  type Job,
  jobIdOf,
  jobsPage,
  jobWithTasks,
  type NewFleetTask,
} from "../../storage/fleet-jobs.ts";
import { audited } from "../audit.ts";
import type { Core } from "../context.ts";
import { refuse } from "../refusal.ts";
import { newId } from "../secrets.ts";
import { type AsRead, asRead } from "./leases.ts";
import { runOf } from "./pages.ts";
import type { FleetTask } from "./tasks.ts";

export type { Job, NewFleetTask } from "../../storage/fleet-jobs.ts";

/** Statuses of a job, in the order of its life. */
export const JOB_STATUSES = ["PENDING", "RUNNING", "COMPLETED", "FAILED"] as const;

export interface JobOrder {
  name: string;
  /** Null: workers of any. */
  datacenter: string | null;
  targets: string[];
  tasks: NewFleetTask[];
}

/** Makes a job with every task for every target; gives its id. The caller has been held to his permission, here and below. */
export async function createJob(core: Core, { name, datacenter, targets, tasks }: JobOrder): Promise<number> {
  const { db, now, random } = core;
  const job = { key: newId(random), name, createdAt: now() };
  // What a task is told to do may hold secrets.
  const details = { name, datacenter, targets: targets.length, tasks: tasks.length };
  const [[made]] = await commit(
    db,
    insertJob(db, job, datacenter),
    ...insertFleetTasks(db, job.key, targets, tasks),
    audited(core, "job.create", jobIdOf(job.key), { details }),
  );
  return made?.id ?? unknownJob(job.key);
}

/** A page of jobs, newest first. */
export function jobsOnPage({ db }: Core, status: Job["status"] | undefined, page: number): Promise<Job[]> {
  return jobsPage(db, status, runOf(page));
}

/** What a job shows of its tasks, by target. */
export interface TargetTasks {
  target: string;
  tasks: Pick<AsRead<FleetTask>, "id" | "status">[];
}

/** A job, its targets and tasks in the order of creation. Refuses `not_found`. */
export async function findJob({ db, now }: Core, id: number): Promise<{ job: Job; targets: TargetTasks[] }> {
  const { job, tasks } = (await jobWithTasks(db, id)) ?? unknownJob(String(id));
  const at = now();
  const read = Map.groupBy(
    tasks.map((task) => asRead(task, at)),
    ({ target }) => target,
  );
  return { job, targets: [...read].map(([target, own]) => ({ target, tasks: own })) };
}

const unknownJob = (name: string): never => refuse({ kind: "not_found", what: "job", name });
