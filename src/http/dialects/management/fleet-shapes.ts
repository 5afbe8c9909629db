import * as z from "zod";
import type { Job, TargetTasks } from "../../../core/fleet/jobs.ts";
import type { FleetTask } from "../../../core/fleet/tasks.ts";
import type { Worker } from "../../../core/fleet/workers.ts";
import { field } from "./shapes.ts";

/** A query parameter; what it has to be is checked in the order of the contract. */
export const filter = z.string().optional();

export const workerBody = z.object({ target: field, framework: field, datacenter: field, tags: field }).meta({
  example: { target: "vpn-2", framework: "accounts", datacenter: "ams1", tags: { ring: "blue" } },
});
export const leaseBody = z.object({ max: field }).meta({ example: { max: 2 } });
export const jobBody = z.object({ name: field, datacenter: field, targets: field, tasks: field }).meta({
  example: {
    name: "grant vpn to noor",
    targets: ["vpn-1", "vpn-2"],
    tasks: [{ name: "open account", actions: [{ processor: "unix.user", arguments: { login: "noor" } }] }],
  },
});
export const reportBody = z.object({ worker: field, status: field, message: field }).meta({
  example: { worker: 3, status: "FAILED", message: "login exists with another uid" },
});

const free = z.record(z.string(), z.unknown());
/** Unix milliseconds. */
const time = z.int();
const times = { created_at: time, updated_at: time };

const TIMES = { created_at: 1_795_351_089_505, updated_at: 1_795_351_089_851 };
const TASK = {
  id: 4,
  job_id: 2,
  target: "vpn-2",
  name: "open account",
  status: "RUNNING",
  actions: [{ processor: "unix.user", arguments: { login: "noor" } }],
  ...TIMES,
  lease_expires_at: 1_795_351_149_851,
};
const JOB = { id: 2, name: "grant vpn to noor", status: "RUNNING", datacenter: null, ...TIMES };

export const registeredShape = z.object({ id: z.int() }).meta({ example: { id: 3 } });
export const orderedShape = z.object({ job_id: z.int() }).meta({ example: { job_id: 2 } });
export const workerDeletedShape = z.record(z.string(), z.literal("deleted")).meta({ example: { "3": "deleted" } });
const workerShape = z.object({
  id: z.int(),
  target: z.string(),
  framework: z.string(),
  datacenter: z.string(),
  tags: free,
  ...times,
});
export const workersShape = z.object({ workers: z.array(workerShape) }).meta({
  example: {
    workers: [{ id: 3, target: "vpn-2", framework: "accounts", datacenter: "ams1", tags: { ring: "blue" }, ...TIMES }],
  },
});

export const taskShape = z
  .object({
    id: z.int(),
    job_id: z.int(),
    target: z.string(),
    name: z.string(),
    status: z.string(),
    actions: z.array(z.object({ processor: z.string(), arguments: free.optional() })),
    ...times,
    lease_expires_at: time.optional(),
    stopped_at: time.optional(),
    error_message: z.string().optional(),
  })
  .meta({ example: TASK });
export const tasksShape = z.object({ tasks: z.array(taskShape) }).meta({ example: { tasks: [TASK] } });

const targetShape = z.object({
  target: z.string(),
  tasks: z.array(z.object({ id: z.int(), status: z.string() })),
});
export const jobShape = z
  .object({
    id: z.int(),
    name: z.string(),
    status: z.string(),
    datacenter: z.string().nullable(),
    targets: z.array(targetShape).optional(),
    ...times,
    stopped_at: time.optional(),
  })
  .meta({ example: { ...JOB, targets: [{ target: "vpn-2", tasks: [{ id: 4, status: "RUNNING" }] }] } });
export const jobsShape = z.object({ jobs: z.array(jobShape) }).meta({ example: { jobs: [JOB] } });

export const showWorker = ({ createdAt, updatedAt, ...worker }: Worker): z.output<typeof workerShape> => ({
  ...worker,
  created_at: createdAt,
  updated_at: updatedAt,
});

/** A task as it is shown; a time or message that it does not have is left out. */
export const showTask = (task: FleetTask): z.output<typeof taskShape> => ({
  id: task.id,
  job_id: task.jobId,
  target: task.target,
  name: task.name,
  status: task.status,
  actions: task.actions,
  created_at: task.createdAt,
  updated_at: task.updatedAt,
  ...(task.leaseExpiresAt !== null && { lease_expires_at: task.leaseExpiresAt }),
  ...(task.stoppedAt !== null && { stopped_at: task.stoppedAt }),
  ...(task.errorMessage !== null && { error_message: task.errorMessage }),
});

/** A job as it is shown, with its targets where one job is looked at. */
export const showJob = (job: Job, targets?: TargetTasks[]): z.output<typeof jobShape> => ({
  id: job.id,
  name: job.name,
  status: job.status,
  datacenter: job.datacenter,
  ...(targets && {
    targets: targets.map(({ target, tasks }) => ({ target, tasks: tasks.map(({ id, status }) => ({ id, status })) })),
  }),
  created_at: job.createdAt,
  updated_at: job.updatedAt,
  ...(job.stoppedAt !== null && { stopped_at: job.stoppedAt }),
});
