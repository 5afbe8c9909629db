import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { faultyD1, losesAfter } from "../../support/faults.ts";
import {
  aJob,
  aWorker,
  finish,
  job,
  lease,
  leased,
  leasedIds,
  letRunOut,
  register,
  task,
  tasksOf,
} from "../../support/fleet.ts";
import { asAdmin, call, rows, unique } from "../../support/http.ts";
import { callWith, expectOk, expectRefusal } from "./support.ts";

describe("POST /worker/{id}/lease", () => {
  it("gives a task, now STARTING, with a lease of a minute", async () => {
    const worker = await aWorker();
    const job_id = await aJob([worker.target]);
    const before = await task((await tasksOf(job_id))[0] ?? 0);
    await rows("update fleet_tasks set created_at = 5, updated_at = 5 where id = ? returning id", before.id);
    const answer = await lease(worker.id, { max: 1 });
    const [given] = answer.body.tasks;
    expectOk(answer, {
      tasks: [
        {
          ...before,
          status: "STARTING",
          created_at: 5,
          updated_at: given.updated_at,
          lease_expires_at: given.updated_at + 60_000,
        },
      ],
    });
    expect(Math.abs(Date.now() - given.updated_at)).toBeLessThan(30_000);
    expect(await task(given.id)).toEqual(given);
  });

  it("lasts as long as the deployment says", async () => {
    const worker = await aWorker();
    await aJob([worker.target]);
    const settings = { WORKER_LEASE_SECONDS: "7" };
    const { body } = await callWith(settings, "POST", `/worker/${worker.id}/lease`, await asAdmin(), { max: 1 });
    expect(body.tasks[0].lease_expires_at - body.tasks[0].updated_at).toBe(7000);
  });

  it("gives at most so many as were asked for, the oldest first", async () => {
    const worker = await aWorker();
    const ids: number[] = [];
    for (let times = 0; times < 12; times += 1) ids.push(...(await tasksOf(await aJob([worker.target]))));
    expect(await leasedIds(worker, 1)).toEqual(ids.slice(0, 1));
    expect(await leasedIds(worker, 10)).toEqual(ids.slice(1, 11));
    expect(await leasedIds(worker, 10)).toEqual(ids.slice(11));
    expectOk(await lease(worker.id), { tasks: [] });
  });

  it("gives nothing where nothing is to be done", async () => {
    expectOk(await lease((await aWorker()).id), { tasks: [] });
  });

  it("makes a job RUNNING with its first task, and moves its updated_at then only", async () => {
    const [one, other] = [await aWorker(), await aWorker()];
    const id = await aJob([one.target, other.target]);
    await rows("update jobs set created_at = 5, updated_at = 5 where id = ? returning id", id);
    const [given] = await leased(one);
    expect(await job(id)).toMatchObject({ status: "RUNNING", created_at: 5, updated_at: given.updated_at });
    await rows("update jobs set updated_at = 6 where id = ? returning id", id);
    await leased(other);
    expect((await job(id)).updated_at).toBe(6);
  });

  it("leaves jobs PENDING of which nothing was given", async () => {
    const worker = await aWorker();
    const [first, second] = [await aJob([worker.target]), await aJob([worker.target])];
    await leased(worker, 1);
    expect([(await job(first)).status, (await job(second)).status]).toEqual(["RUNNING", "PENDING"]);
  });

  it("gives the tasks of its own target only, to the letter", async () => {
    const worker = await aWorker();
    await aJob([worker.target.toUpperCase(), `${worker.target} `, unique("other")]);
    expect(await leased(worker)).toEqual([]);
  });

  it("gives the tasks of jobs without a datacenter or with the worker's", async () => {
    const worker = await aWorker({ datacenter: "ams1" });
    await aJob([worker.target], ["a"], { datacenter: "ams2" });
    const mine = [await aJob([worker.target]), await aJob([worker.target], ["a"], { datacenter: "ams1" })];
    expect((await leased(worker)).map(({ job_id }: { job_id: number }) => job_id)).toEqual(mine);
    await register({ ...worker, datacenter: "ams2" });
    expect(await leased(worker)).toHaveLength(1);
  });

  it("gives the tasks of a job for one kind of agent to that kind only", async () => {
    const [access, other] = [await aWorker({ framework: "access" }), await aWorker()];
    const id = await aJob([access.target]);
    await rows("update fleet_tasks set target = ? where job_id = ? returning id", other.target, id);
    await rows("update jobs set framework = 'access' where id = ? returning id", id);
    expect(await leased(other)).toEqual([]);
    const agent = await aWorker({ target: other.target, framework: "access" });
    expect(await leased(agent)).toHaveLength(1);
  });

  it("gives a lost task again, to the same worker or another", async () => {
    const worker = await aWorker();
    const rival = await aWorker({ target: worker.target, framework: "rival" });
    await aJob([worker.target]);
    const [id = 0] = await leasedIds(worker);
    expect(await leasedIds(rival)).toEqual([]);
    await letRunOut(id);
    expect(await leasedIds(rival)).toEqual([id]);
    await letRunOut(id);
    expect(await leasedIds(rival)).toEqual([id]);
    expect((await task(id)).status).toBe("STARTING");
  });

  it("gives a deleted worker's tasks once their leases have run out", async () => {
    const worker = await aWorker();
    await aJob([worker.target]);
    const [id = 0] = await leasedIds(worker);
    await call("DELETE", `/worker/${worker.id}`, await asAdmin());
    expect((await task(id)).status).toBe("STARTING");
    const anew = await aWorker(worker);
    expect(await leasedIds(anew)).toEqual([]);
    await letRunOut(id);
    expect(await leasedIds(anew)).toEqual([id]);
  });

  it("gives each task to one of twenty workers who ask at once", async () => {
    const { target } = await aWorker();
    const rivals = await Promise.all(
      Array.from({ length: 20 }, (_, at) => aWorker({ target, framework: `kind-${at}` })),
    );
    const jobs = await Promise.all(Array.from({ length: 15 }, () => aJob([target])));
    const all = (await Promise.all(jobs.map(tasksOf))).flat();
    const given = (await Promise.all(rivals.map((rival) => leasedIds(rival, 2)))).flat();
    expect(given).toHaveLength(15);
    expect(new Set(given)).toEqual(new Set(all));
  });

  it("gives one task to one of twenty requests of the same worker", async () => {
    const worker = await aWorker();
    await aJob([worker.target]);
    const given = await Promise.all(Array.from({ length: 20 }, () => leasedIds(worker)));
    expect(given.flat()).toHaveLength(1);
  });

  it("holds what it gave though the answer was lost, until the lease is over", async () => {
    const worker = await aWorker();
    const id = await aJob([worker.target]);
    const DB = { withSession: () => faultyD1(env.DB, losesAfter(1)).withSession("first-primary") };
    const path = `/worker/${worker.id}/lease`;
    expect((await callWith({ DB }, "POST", path, await asAdmin(), { max: 1 })).status).toBe(503);
    expect((await job(id)).status).toBe("RUNNING");
    expect(await leasedIds(worker)).toEqual([]);
    const [lost = 0] = await tasksOf(id);
    await letRunOut(lost);
    expect(await leasedIds(worker)).toEqual([lost]);
    expect((await finish(lost, worker)).status).toBe("FINISHED");
  });

  it.each([undefined, null, ""])("misses a max that is %j", async (max) => {
    expectRefusal(await lease(1, { max }), 400, "Missing max");
  });

  it.each([[0], [11], [-1], [1.5], ["2"], [true], [[]], [{}], [1e300]])("refuses %j as max", async (max) => {
    expectRefusal(await lease("x", { max }), 400, "Invalid max");
  });

  it.each(["0", "01", "x", "%zz", "999999999999999", "9999999999999999"])("does not know %s", async (id) => {
    expectRefusal(await lease(id), 404, "Unknown worker");
  });

  it("leaves an event of it in the audit trail where something was given", async () => {
    const worker = await aWorker();
    const events = () =>
      rows("select 1 from audit_events where event = 'worker.lease' and subject = ?", String(worker.id));
    await leased(worker);
    expect(await events()).toHaveLength(0);
    await aJob([worker.target]);
    await leased(worker);
    expect(await events()).toHaveLength(1);
  });
});
