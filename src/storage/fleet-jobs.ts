import { and, asc, desc, eq, sql } from "drizzle-orm";
import { type Condition, commit, type Db } from "./db.ts";
import { startAtNewest } from "./places.ts";
import { fleetTasks, jobSteps, jobs } from "./schema.ts";

export type Job = typeof jobs.$inferSelect;

export interface NewJob {
  /** Random; what is inserted with it finds it by this. */
  key: string;
  name: string;
  createdAt: number;
}

/** Inserts a job for workers of any kind, of one datacenter or (null) of any; gives its id. */
export function insertJob(db: Db, { key, name, createdAt }: NewJob, datacenter: string | null) {
  const times = { createdAt, updatedAt: createdAt };
  return db.query
    .insert(jobs)
    .values({ key, name, datacenter, status: "PENDING", ...times })
    .returning({ id: jobs.id });
}

/** The id of the job of a key, for a statement that comes after its insertion in a batch. */
export const jobIdOf = (key: string) => sql<string>`(select id from jobs where key = ${key})`;

/**
 * Inserts a job for the agent of one kind that works on a target, in the agent's datacenter; none where no such agent is
 * registered, or `only` does not hold.
 */
export function insertJobForAgent(
  db: Db,
  job: NewJob,
  agent: { target: string; framework: string },
  only: Condition = sql`true`,
) {
  return db.query.insert(jobs).select(sql`
    select null, ${job.key}, ${job.name}, 'PENDING', datacenter, framework, ${job.createdAt}, ${job.createdAt}, null
    from workers where target = ${agent.target} and framework = ${agent.framework} and ${only}`);
}

/** One task of a job as it was ordered. */
export interface NewFleetTask {
  name: string;
  actions: { processor: string; arguments?: { [key: string]: unknown } }[];
}

/** Inserts every task for every target of the job of a key, target by target; nothing where there is no such job. */
export function insertFleetTasks(db: Db, key: string, targets: string[], tasks: NewFleetTask[]) {
  const steps = db.query.insert(jobSteps).select(sql`
    select jobs.id, step.key, step.value ->> '$.name', step.value -> '$.actions'
    from jobs, json_each(${JSON.stringify(tasks)}) as step
    where jobs.key = ${key}`);
  const onTargets = db.query.insert(fleetTasks).select(sql`
    select null, jobs.id, target.value, step.place, 'PENDING', step.place = 0,
      null, null, null, jobs.created_at, jobs.created_at, null
    from jobs join job_steps as step on step.job_id = jobs.id, json_each(${JSON.stringify(targets)}) as target
    where jobs.key = ${key}
    order by target.key, step.place`);
  return [steps, onTargets] as const;
}

/** A run of jobs, newest first. */
export function jobsPage(db: Db, status: Job["status"] | undefined, page: { offset: number; length: number }) {
  const { from, where, skip } = startAtNewest(db, status ? `jobs.${status}` : "jobs", page.offset, jobs.id);
  return from
    .select()
    .from(jobs)
    .where(and(status && eq(jobs.status, status), where))
    .orderBy(desc(jobs.id))
    .limit(page.length)
    .offset(skip)
    .all();
}

/** A job, if it is there, and what tells the status of its tasks, in the order of creation: a thousand at most. */
export async function jobWithTasks(db: Db, id: number) {
  const { status, leaseExpiresAt, target } = fleetTasks;
  const tasks = db.query
    .select({ id: fleetTasks.id, target, status, leaseExpiresAt })
    .from(fleetTasks)
    .where(eq(fleetTasks.jobId, id))
    .orderBy(asc(fleetTasks.id));
  const [[job], rows] = await commit(db, db.query.select().from(jobs).where(eq(jobs.id, id)), tasks);
  return job && { job, tasks: rows };
}
