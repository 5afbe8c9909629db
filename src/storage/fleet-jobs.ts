import { sql } from "drizzle-orm";
import type { Condition, Db } from "./db.ts";
import { fleetTasks, jobs } from "./schema.ts";

export interface NewJob {
  /** Random; what is inserted with it finds it by this. */
  key: string;
  name: string;
  createdAt: number;
}

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
  return db.query.insert(fleetTasks).select(sql`
    select null, jobs.id, target.value, task.key, task.value ->> '$.name', 'PENDING', task.key = 0,
      task.value -> '$.actions', null, null, null, jobs.created_at, jobs.created_at, null
    from jobs, json_each(${JSON.stringify(targets)}) as target, json_each(${JSON.stringify(tasks)}) as task
    where jobs.key = ${key}
    order by target.key, task.key`);
}
