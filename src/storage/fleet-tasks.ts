import { and, desc, eq, getTableColumns, gt, inArray, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { startAtNewest } from "./places.ts";
import { fleetTasks, jobSteps } from "./schema.ts";

type Step = Pick<typeof jobSteps.$inferSelect, "name" | "actions">;
/** A task with what its step tells it to do. */
export type FleetTaskRow = typeof fleetTasks.$inferSelect & Step;

/** A column of a task's step; in the letter, since a statement that returns names no tables. */
const ofStep = <C extends keyof Step>(column: C) =>
  sql<Step[C]>`(select ${sql.raw(column)} from job_steps as step
    where step.job_id = fleet_tasks.job_id and step.place = fleet_tasks.place)`.mapWith(jobSteps[column]);
const withStep = { ...getTableColumns(fleetTasks), name: ofStep("name"), actions: ofStep("actions") };

/** A worker that asks, when it asks, and until when it holds what it is given. */
export interface Lease {
  workerId: number;
  at: number;
  expiresAt: number;
}

/**
 * Gives a worker up to `max` tasks, oldest first, whose turn it is and that nobody holds; gives their rows in no order. One
 * statement chooses and takes, so that no two workers are given the same task.
 */
export function leaseTasks(db: Db, { workerId, at, expiresAt }: Lease, max: number) {
  // `ready = 1` in the letter of the partial index, which no bound value would match.
  return db.query
    .update(fleetTasks)
    .set({ status: "STARTING", workerId, leaseExpiresAt: expiresAt, updatedAt: at })
    .where(
      sql`id in (
        select task.id from workers as worker
        join fleet_tasks as task on task.target = worker.target and task.ready = 1
        join jobs as job on job.id = task.job_id
        where worker.id = ${workerId}
          and (task.status = 'PENDING' or task.lease_expires_at <= ${at})
          and (job.datacenter is null or job.datacenter = worker.datacenter)
          and (job.framework is null or job.framework = worker.framework)
        order by task.id limit ${max})`,
    )
    .returning(withStep);
}

/** What a task becomes by a report. */
export type Reported = Pick<FleetTaskRow, "status" | "ready" | "leaseExpiresAt" | "stoppedAt" | "errorMessage">;

/** Changes a task that a worker, which is still there, holds at this time in one of these states; gives its row if so. */
export function reportOn(
  db: Db,
  { id, workerId, at }: { id: number; workerId: number; at: number },
  from: FleetTaskRow["status"][],
  change: Partial<Reported>,
) {
  return db.query
    .update(fleetTasks)
    .set({ ...change, updatedAt: at })
    .where(
      and(
        eq(fleetTasks.id, id),
        eq(fleetTasks.workerId, workerId),
        inArray(fleetTasks.status, from),
        gt(fleetTasks.leaseExpiresAt, at),
        sql`exists (select 1 from workers where id = ${workerId})`,
      ),
    )
    .returning(withStep);
}

/** The task of an id: one row or none. */
export function fleetTaskWithId(db: Db, id: number) {
  return db.query.select(withStep).from(fleetTasks).where(eq(fleetTasks.id, id));
}

/** A run of tasks, of one job (it has a thousand at most) or of all, newest first. */
export function fleetTasksPage(
  db: Db,
  jobId: number | undefined,
  { offset, length }: { offset: number; length: number },
) {
  const { from, where, skip } =
    jobId === undefined
      ? startAtNewest(db, "fleet_tasks", offset, fleetTasks.id)
      : { from: db.query, where: eq(fleetTasks.jobId, jobId), skip: offset };
  return from
    .select(withStep)
    .from(fleetTasks)
    .where(where)
    .orderBy(desc(fleetTasks.id))
    .limit(length)
    .offset(skip)
    .all();
}
