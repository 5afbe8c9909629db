import type { Report } from "../../src/core/fleet/leases.ts";

/** How long a lease lasts. */
export const LEASE_MS = 60_000;

interface PlainTask {
  job: PlainJob;
  target: string;
  place: number;
  status: string;
  holder: number | undefined;
  until: number;
}

interface PlainJob {
  status: string;
  tasks: PlainTask[];
}

/** The life of jobs and tasks as the contract tells it (management, 5.3): slow, plain, one thing at a time. */
export function plainFleet() {
  const jobs: PlainJob[] = [];

  const asRead = ({ status, until }: PlainTask, now: number): string =>
    ["STARTING", "RUNNING"].includes(status) && until <= now ? "LOST" : status;

  const hasTurn = ({ job, place }: PlainTask): boolean =>
    ["PENDING", "RUNNING"].includes(job.status) &&
    job.tasks.every((other) => other.place >= place || other.status === "FINISHED");

  function order(targets: string[], steps: number): void {
    const job: PlainJob = { status: "PENDING", tasks: [] };
    for (const target of targets) {
      for (let place = 0; place < steps; place += 1) {
        job.tasks.push({ job, target, place, status: "PENDING", holder: undefined, until: 0 });
      }
    }
    jobs.push(job);
  }

  const all = (): PlainTask[] => jobs.flatMap(({ tasks }) => tasks);

  /** The places in `all` of what a worker on a target is given. */
  function lease(worker: number, target: string, max: number, now: number): number[] {
    const given = all()
      .filter((task) => task.target === target && hasTurn(task) && ["PENDING", "LOST"].includes(asRead(task, now)))
      .slice(0, max);
    for (const task of given) {
      Object.assign(task, { status: "STARTING", holder: worker, until: now + LEASE_MS });
      if (task.job.status === "PENDING") task.job.status = "RUNNING";
    }
    return given.map((task) => all().indexOf(task));
  }

  /** What a task is after a report, or why not. */
  function report(task: PlainTask, worker: number, asked: Report, now: number): string {
    const from = asked === "FINISHED" ? ["RUNNING"] : ["STARTING", "RUNNING"];
    if (!from.includes(asRead(task, now))) return "task_status";
    if (task.holder !== worker) return "not_holder";
    task.status = asked;
    task.until = now + LEASE_MS;
    const { job } = task;
    if (job.status === "RUNNING" && job.tasks.every(({ status }) => status === "FINISHED")) job.status = "COMPLETED";
    if (asked === "FAILED" && job.status === "RUNNING") {
      job.status = "FAILED";
      for (const other of job.tasks) if (other.status === "PENDING") other.status = "KILLED";
    }
    return asked;
  }

  const statuses = (now: number) =>
    jobs.map(({ status, tasks }) => [status, ...tasks.map((task) => asRead(task, now))]);

  return { order, all, lease, report, statuses };
}
