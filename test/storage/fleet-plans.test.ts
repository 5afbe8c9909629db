import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { openDb, type Statement } from "../../src/storage/db.ts";
import { jobsPage, jobWithTasks } from "../../src/storage/fleet-jobs.ts";
import {
  closeSteps,
  completeJob,
  failJob,
  killPending,
  openNextStep,
  startJobs,
} from "../../src/storage/fleet-steps.ts";
import { fleetTasksPage, fleetTaskWithId, leaseTasks, reportOn } from "../../src/storage/fleet-tasks.ts";
import { changeWorker, refreshWorker, workersMatching } from "../../src/storage/workers.ts";
import { meteredD1 } from "../support/meter.ts";

const db = openDb(env.DB);
const lease = { workerId: 1, at: 2, expiresAt: 3 };
const worker = { target: "t", framework: "f", datacenter: "d", tags: {} };
const page = { offset: 0, length: 20 };

/** How SQLite would go about a statement that writes, which is not run. */
async function planOf(statement: Statement): Promise<string> {
  const { sql, params } = (statement as unknown as { toSQL(): { sql: string; params: unknown[] } }).toSQL();
  const explained = env.DB.prepare(`explain query plan ${sql}`).bind(...params);
  const { results } = await explained.all<{ detail: string }>();
  return results.map(({ detail }) => detail).join("\n");
}

/** The same for one that reads, run. */
async function planOfRead(read: (db: ReturnType<typeof openDb>) => Promise<unknown>): Promise<string> {
  const { binding, plans } = meteredD1();
  await read(openDb(binding));
  return (await plans()).join("\n");
}

describe("the fleet's statements", () => {
  it("a lease goes along the ready tasks of the worker's target, unsorted", async () => {
    const plan = await planOf(leaseTasks(db, lease, 10));
    expect(plan).toContain("SEARCH task USING INDEX fleet_tasks_ready (target=?)");
    expect(plan).not.toMatch(/SCAN|TEMP B-TREE|AUTOMATIC/);
  });

  it("what a lease begins is found among what the worker holds, however much waits for its target", async () => {
    const plan = await planOf(startJobs(db, lease));
    expect(plan).toContain("SEARCH fleet_tasks USING INDEX fleet_tasks_held (worker_id=?)");
    expect(plan).not.toMatch(/SCAN|AUTOMATIC/);
  });

  it.each([
    ["a report", () => reportOn(db, { id: 1, workerId: 1, at: 2 }, ["RUNNING"], { status: "RUNNING" })],
    ["the next step", () => openNextStep(db, 1)],
    ["the end of a job", () => completeJob(db, 1, 2)],
    ["the failure of a job", () => failJob(db, 1, 2)],
    ["what is killed", () => killPending(db, 1, 2)],
    ["what is closed", () => closeSteps(db, 1)],
    ["a registration", () => refreshWorker(db, worker, 2)],
    ["a change of one", () => changeWorker(db, worker)],
  ])("%s is found by an index", async (_, statement) => {
    expect(await planOf(statement())).not.toMatch(/SCAN|AUTOMATIC/);
  });

  it.each([
    ["jobs of a status", (to: typeof db) => jobsPage(to, "FAILED", page)],
    ["a job and its tasks", (to: typeof db) => jobWithTasks(to, 1)],
    ["a task and its step", (to: typeof db) => fleetTaskWithId(to, 1)],
    ["tasks of a job", (to: typeof db) => fleetTasksPage(to, 1, page)],
    ["workers of a target", (to: typeof db) => workersMatching(to, { target: "t", framework: "f" })],
  ])("%s are found by an index, unsorted", async (_, read) => {
    expect(await planOfRead(read)).not.toMatch(/SCAN|TEMP B-TREE/);
  });

  it.each([
    ["jobs", (to: typeof db) => jobsPage(to, undefined, page)],
    ["tasks", (to: typeof db) => fleetTasksPage(to, undefined, page)],
    ["workers", (to: typeof db) => workersMatching(to, {})],
  ])("all %s come in the order of their ids, unsorted", async (_, read) => {
    expect(await planOfRead(read)).not.toMatch(/TEMP B-TREE/);
  });
});
