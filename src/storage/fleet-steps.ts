import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import type { Lease } from "./fleet-tasks.ts";
import { fleetTasks, jobs } from "./schema.ts";

/**
 * What follows from a lease or a report, for the same batch. Each statement is derived from what the tables say, never from
 * what the request knew: run again, or when nothing changed before it, it changes nothing.
 */

const jobOf = (taskId: number) => sql`(select job_id from fleet_tasks where id = ${taskId})`;
const placeOf = (taskId: number) => sql`(select place from fleet_tasks where id = ${taskId})`;

/** Whether every target has finished the place of a task. */
const isStepDone = (taskId: number) => sql`not exists (
  select 1 from fleet_tasks where job_id = ${jobOf(taskId)} and place = ${placeOf(taskId)} and status <> 'FINISHED')`;

/** A job runs once a worker was given one of its tasks. */
export function startJobs(db: Db, { workerId, at }: Lease) {
  return db.query
    .update(jobs)
    .set({ status: "RUNNING", updatedAt: at })
    .where(
      sql`status = 'PENDING' and id in (select job_id from fleet_tasks where ready = 1 and worker_id = ${workerId})`,
    );
}

/** The next place has its turn once that of this task is finished everywhere. */
export function openNextStep(db: Db, taskId: number) {
  return db.query
    .update(fleetTasks)
    .set({ ready: true })
    .where(
      and(sql`job_id = ${jobOf(taskId)} and place = ${placeOf(taskId)} + 1 and status = 'PENDING'`, isStepDone(taskId)),
    );
}

/** A job is completed once the last place is finished everywhere. */
export function completeJob(db: Db, taskId: number, at: number) {
  const isLast = sql`not exists (
    select 1 from fleet_tasks where job_id = ${jobOf(taskId)} and place = ${placeOf(taskId)} + 1)`;
  return stopJob(db, "COMPLETED", taskId, at, and(isStepDone(taskId), isLast));
}

/** A job has failed once one of its tasks has. */
export function failJob(db: Db, taskId: number, at: number) {
  const hasFailed = sql`exists (select 1 from fleet_tasks where id = ${taskId} and status = 'FAILED')`;
  return stopJob(db, "FAILED", taskId, at, hasFailed);
}

function stopJob(db: Db, status: "COMPLETED" | "FAILED", taskId: number, at: number, when: SQL | undefined) {
  return db.query
    .update(jobs)
    .set({ status, updatedAt: at, stoppedAt: at })
    .where(and(eq(jobs.id, jobOf(taskId)), eq(jobs.status, "RUNNING"), when));
}

const inFailedJob = (taskId: number) =>
  sql`job_id = ${jobOf(taskId)} and exists (select 1 from jobs where id = job_id and status = 'FAILED')`;

/** The tasks of a failed job that nobody began are killed. */
export function killPending(db: Db, taskId: number, at: number) {
  return db.query
    .update(fleetTasks)
    .set({ status: "KILLED", updatedAt: at, stoppedAt: at })
    .where(and(inFailedJob(taskId), eq(fleetTasks.status, "PENDING")));
}

/** No task of a failed job has its turn any more, also not one that is lost later. */
export function closeSteps(db: Db, taskId: number) {
  return db.query
    .update(fleetTasks)
    .set({ ready: false })
    .where(and(inFailedJob(taskId), sql`ready <> 0`));
}
