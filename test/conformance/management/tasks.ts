import { describe, expect, it } from "vitest";
import {
  aJob,
  aWorker,
  finish,
  leased,
  leasedIds,
  letRunOut,
  showTask,
  task,
  tasksOf,
  tell,
} from "../../support/fleet.ts";
import { asAdmin, call, unique } from "../../support/http.ts";
import { expectOk, expectRefusal } from "./support.ts";

const list = async (query = "") => call("GET", `/task${query}`, await asAdmin());
const idsOf = async (query: string): Promise<number[]> =>
  (await list(query)).body.tasks.map(({ id }: { id: number }) => id);
const KEYS = ["id", "job_id", "target", "name", "status", "actions", "created_at", "updated_at"];

describe("GET /task/{id}", () => {
  it("shows a task that waits with these keys", async () => {
    const target = unique("host");
    const job_id = await aJob([target]);
    const [id = 0] = await tasksOf(job_id);
    const shown = await task(id);
    const actions = [{ processor: "do.open account", arguments: { login: "noor" } }];
    const times = { created_at: shown.created_at, updated_at: shown.created_at };
    expectOk(await showTask(id), { id, job_id, target, name: "open account", status: "PENDING", actions, ...times });
    expect(Object.keys(shown)).toEqual(KEYS);
  });

  it("shows the end of a lease while there is one, and the end of the task once there is one", async () => {
    const worker = await aWorker();
    await aJob([worker.target], ["a", "b"]);
    const [first = 0] = await leasedIds(worker);
    expect(Object.keys(await task(first))).toEqual([...KEYS, "lease_expires_at"]);
    await tell(first, worker, "RUNNING");
    expect(Object.keys(await task(first))).toEqual([...KEYS, "lease_expires_at"]);
    await letRunOut(first);
    expect(Object.keys(await task(first))).toEqual(KEYS);
    await leased(worker);
    await finish(first, worker);
    expect(Object.keys(await task(first))).toEqual([...KEYS, "stopped_at"]);
    const [second = 0] = await leasedIds(worker);
    await tell(second, worker, "FAILED", "no");
    expect(Object.keys(await task(second))).toEqual([...KEYS, "stopped_at", "error_message"]);
  });

  it.each(["0", "01", "-1", "1.0", "x", "%20", "%zz", "9".repeat(15), "9".repeat(16)])(
    "does not know %s",
    async (id) => {
      expectRefusal(await showTask(id), 404, `Unknown Task ID ${id}`);
    },
  );

  it("names 64 characters of what it does not know", async () => {
    expectRefusal(await showTask("1".repeat(65)), 404, `Unknown Task ID ${"1".repeat(64)}`);
  });
});

describe("GET /task", () => {
  it("lists the tasks of a job as they are shown one by one, the newest first", async () => {
    const job = await aJob(["x", "y"], ["a", "b"]);
    const ids = (await tasksOf(job)).reverse();
    const { body } = await list(`?job_id=${job}`);
    expect(body).toEqual({ tasks: await Promise.all(ids.map(task)) });
    expect(await idsOf(`?job_id=00${job}`)).toEqual(ids);
  });

  it("lists all tasks without a job, the newest first", async () => {
    const ids = [...(await tasksOf(await aJob(["x"]))), ...(await tasksOf(await aJob(["y"])))];
    expect((await idsOf("")).slice(0, 2)).toEqual(ids.reverse());
  });

  it("gives twenty a page, every task once, and nothing beyond the last page", async () => {
    const job = await aJob(Array.from({ length: 41 }, (_, at) => `host-${at}`));
    const pages = await Promise.all([1, 2, 3, 4, 999_999_999].map((page) => idsOf(`?job_id=${job}&page=${page}`)));
    expect(pages.map((page) => page.length)).toEqual([20, 20, 1, 0, 0]);
    expect(pages.flat()).toEqual((await tasksOf(job)).reverse());
  });

  it("shows a task whose lease is over as LOST, its updated_at unmoved", async () => {
    const worker = await aWorker();
    const job = await aJob([worker.target]);
    const [{ id, updated_at }] = await leased(worker);
    await letRunOut(id);
    const [shown] = (await list(`?job_id=${job}`)).body.tasks;
    expect([shown.status, shown.updated_at, shown.lease_expires_at]).toEqual(["LOST", updated_at, undefined]);
  });

  it.each(["0", "000", "999999999999999"])("finds nothing of the unknown job %s", async (id) => {
    expectOk(await list(`?job_id=${id}`), { tasks: [] });
  });

  it.each(["", "x", "-1", "+1", "1.0", "1e3", "0x1", " 1", "1234567890123456", "١"])("knows no job %j", async (id) => {
    expectRefusal(await list(`?${new URLSearchParams({ job_id: id })}`), 400, "Invalid job_id");
  });
});
