import { sql } from "drizzle-orm";
import {
  type AnySQLiteColumn,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { flag, type JsonObject, json } from "./columns.ts";

/** Agents that carry out work on a system, one of a kind for each. */
export const workers = sqliteTable(
  "workers",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    target: text("target").notNull(),
    framework: text("framework").notNull(),
    datacenter: text("datacenter").notNull(),
    tags: json<JsonObject>("tags").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [uniqueIndex("workers_of_target").on(table.target, table.framework)],
);

/** The same tasks for each of several targets, in lock-step: the next one when the last is finished everywhere. */
export const jobs = sqliteTable(
  "jobs",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    /** Random: what is inserted with the job finds it by this. */
    key: text("key").notNull().unique(),
    name: text("name").notNull(),
    status: text("status", { enum: ["PENDING", "RUNNING", "COMPLETED", "FAILED"] }).notNull(),
    /** Null: workers of any. */
    datacenter: text("datacenter"),
    /** The kind of worker that it is for; null: any. */
    framework: text("framework"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    stoppedAt: integer("stopped_at"),
  },
  (table) => [index("jobs_of_status").on(table.status, table.id)],
);

/** What each target of a job is told to do at a place: kept once, since it may be long and the targets many. */
export const jobSteps = sqliteTable(
  "job_steps",
  {
    jobId: integer("job_id")
      .notNull()
      .references((): AnySQLiteColumn => jobs.id, { onDelete: "cascade" }),
    /** From 0. */
    place: integer("place").notNull(),
    name: text("name").notNull(),
    actions: json<{ processor: string; arguments?: JsonObject }[]>("actions").notNull(),
  },
  (table) => [primaryKey({ columns: [table.jobId, table.place] })],
);

/** A step of a job on one of its targets. */
export const fleetTasks = sqliteTable(
  "fleet_tasks",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    jobId: integer("job_id")
      .notNull()
      .references((): AnySQLiteColumn => jobs.id, { onDelete: "cascade" }),
    target: text("target").notNull(),
    place: integer("place").notNull(),
    /** As it was last told; a task whose lease is over reads LOST. */
    status: text("status", { enum: ["PENDING", "STARTING", "RUNNING", "FINISHED", "FAILED", "KILLED"] }).notNull(),
    /** Whether its turn has come: all tasks of earlier places are finished and its job goes on. */
    ready: flag("ready").notNull(),
    /** Who holds it, or held it last. */
    workerId: integer("worker_id"),
    leaseExpiresAt: integer("lease_expires_at"),
    errorMessage: text("error_message"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    stoppedAt: integer("stopped_at"),
  },
  (table) => [
    index("fleet_tasks_of_job").on(table.jobId),
    index("fleet_tasks_in_step").on(table.jobId, table.place, table.status),
    index("fleet_tasks_ready").on(table.target, table.id).where(sql`${table.ready} = 1`),
    index("fleet_tasks_held").on(table.workerId).where(sql`${table.ready} = 1 and ${table.workerId} is not null`),
  ],
);
