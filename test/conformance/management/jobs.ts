import { describe, expect, it } from "vitest";
import { aJob, aWorker, finish, job, leasedIds, letRunOut, order, showJob, steps, tell } from "../../support/fleet.ts";
import { asAdmin, call, unique } from "../../support/http.ts";
import { expectOk, expectRefusal } from "./support.ts";

const list = async (query = "") => (await call("GET", `/job${query}`, await asAdmin())).body.jobs;
const idsOf = (jobs: { id: number }[]) => jobs.map(({ id }) => id);

describe("GET /job/{id}", () => {
  it("shows a job, its targets and their tasks in order, with these keys", async () => {
    const targets = [unique("vpn"), unique("api")];
    const { job_id } = (await order({ name: "grant", datacenter: "ams1", targets, tasks: steps("a", "b") })).body;
    const shown = await job(job_id);
    const first = shown.targets[0].tasks[0].id;
    const tasks = (at: number) => [first + at, first + at + 1].map((id) => ({ id, status: "PENDING" }));
    expectOk(await showJob(job_id), {
      id: job_id,
      name: "grant",
      status: "PENDING",
      datacenter: "ams1",
      targets: [
        { target: targets[0], tasks: tasks(0) },
        { target: targets[1], tasks: tasks(2) },
      ],
      created_at: shown.created_at,
      updated_at: shown.created_at,
    });
    expect(Object.keys(shown)).toEqual(["id", "name", "status", "datacenter", "targets", "created_at", "updated_at"]);
    expect(String(shown.created_at)).toMatch(/^\d{13}$/);
  });

  it("shows a datacenter that was not named as null", async () => {
    expect((await job(await aJob(["x"]))).datacenter).toBeNull();
  });

  it("tells when a completed job stopped", async () => {
    const worker = await aWorker();
    const id = await aJob([worker.target]);
    const [task = 0] = await leasedIds(worker);
    const { updated_at } = await finish(task, worker);
    const shown = await job(id);
    expect(shown).toMatchObject({ status: "COMPLETED", updated_at, stopped_at: updated_at });
  });

  it("shows a task whose lease is over as LOST", async () => {
    const worker = await aWorker();
    const id = await aJob([worker.target]);
    const [task = 0] = await leasedIds(worker);
    await letRunOut(task);
    expect((await job(id)).targets).toEqual([{ target: worker.target, tasks: [{ id: task, status: "LOST" }] }]);
  });

  it.each(["0", "01", "+1", "1.0", "x", "%20", "%zz", "9".repeat(15), "9".repeat(16)])(
    "does not know %s",
    async (id) => {
      expectRefusal(await showJob(id), 404, `Unknown Job ID ${id}`);
    },
  );

  it("names 64 characters of what it does not know", async () => {
    expectRefusal(await showJob("x".repeat(65)), 404, `Unknown Job ID ${"x".repeat(64)}`);
  });
});

describe("GET /job", () => {
  it("lists jobs without targets, the newest first", async () => {
    const ids = [await aJob(["x"]), await aJob(["x"], ["a"], { datacenter: "ams1" })];
    const [newest, before] = await list();
    expect([newest.id, before.id]).toEqual([ids[1], ids[0]]);
    expect(Object.keys(newest)).toEqual(["id", "name", "status", "datacenter", "created_at", "updated_at"]);
    expect([newest.datacenter, before.datacenter]).toEqual(["ams1", null]);
  });

  it("gives twenty a page, every job once, and nothing beyond the last page", async () => {
    for (let times = 0; times < 21; times += 1) await aJob(["x"]);
    const [first, second] = [idsOf(await list()), idsOf(await list("?page=2"))];
    expect([first.length, second.length > 0]).toEqual([20, true]);
    expect(first).toEqual(idsOf(await list("?page=1")));
    expect(first).toEqual(idsOf(await list("?page=000000001")));
    expect(Math.min(...first)).toBe((second[0] ?? 0) + 1);
    expect(await list("?page=999999999")).toEqual([]);
  });

  it("filters by each status", async () => {
    const worker = await aWorker();
    const ids: Record<string, number> = {};
    for (const status of ["COMPLETED", "FAILED", "RUNNING", "PENDING"]) {
      ids[status] = await aJob([worker.target]);
      const [task = 0] = status === "PENDING" ? [] : await leasedIds(worker, 1);
      if (status === "COMPLETED") await finish(task, worker);
      if (status === "FAILED") await tell(task, worker, "FAILED");
    }
    for (const [status, id] of Object.entries(ids)) {
      const jobs = await list(`?status=${status}`);
      expect(new Set(jobs.map((each: { status: string }) => each.status))).toEqual(new Set([status]));
      expect(jobs[0].id).toBe(id);
      expect((await list(`?status=${status}&page=999999`)).length).toBe(0);
    }
    const [failed] = await list("?status=FAILED");
    expect(failed.stopped_at).toBe(failed.updated_at);
  });

  it.each(["pending", "", "LOST", "RUNNING ", "RUNNING,FAILED"])("knows no status %j", async (status) => {
    const answer = await call("GET", `/job?${new URLSearchParams({ status })}`, await asAdmin());
    expectRefusal(answer, 400, "Invalid status");
  });
});
