import { describe, expect, it } from "vitest";
import { type Agent, aJob, aWorker, leasedIds, letRunOut, report, task, tasksOf, tell } from "../../support/fleet.ts";
import { asAdmin, call, rows } from "../../support/http.ts";
import { callWith, expectOk, expectRefusal } from "./support.ts";

/** A task that a worker holds. */
async function held(): Promise<{ id: number; worker: Agent }> {
  const worker = await aWorker();
  await aJob([worker.target]);
  const [id = 0] = await leasedIds(worker);
  return { id, worker };
}

const events = (id: number) =>
  rows("select event, actor from audit_events where event like 'fleet_task.%' and subject = ?", String(id));

describe("POST /task/{id}/status", () => {
  it("answers with the task as it is now", async () => {
    const { id, worker } = await held();
    for (const status of ["RUNNING", "RUNNING", "FINISHED"]) {
      const answer = await report(id, { worker: worker.id, status });
      expectOk(answer, await task(id));
      expect(answer.body.status).toBe(status);
    }
  });

  it("renews the lease by RUNNING, from now on and as long as the deployment says", async () => {
    const { id, worker } = await held();
    await rows("update fleet_tasks set lease_expires_at = ?, updated_at = 5 where id = ? returning 1", 1e15, id);
    const { updated_at, lease_expires_at } = await tell(id, worker, "RUNNING");
    expect([updated_at > 5, lease_expires_at]).toEqual([true, updated_at + 60_000]);
    const path = `/task/${id}/status`;
    const body = { worker: worker.id, status: "RUNNING" };
    const again = await callWith({ WORKER_LEASE_SECONDS: "1" }, "POST", path, await asAdmin(), body);
    expect(again.body.lease_expires_at).toBe(again.body.updated_at + 1000);
  });

  it("keeps the message of a failure, and of nothing else", async () => {
    const { id, worker } = await held();
    expect((await tell(id, worker, "RUNNING", "so far")).error_message).toBeUndefined();
    const failed = await tell(id, worker, "FAILED", "login exists with another uid");
    expect(failed).toMatchObject({ status: "FAILED", error_message: "login exists with another uid" });
    expect(failed.stopped_at).toBe(failed.updated_at);
    const other = await held();
    await tell(other.id, other.worker, "RUNNING");
    expect((await tell(other.id, other.worker, "FINISHED", "well")).error_message).toBeUndefined();
  });

  it.each([
    ["absent", undefined, undefined],
    ["null", null, undefined],
    ["empty", "", undefined],
    ["of 4096 characters", "😀".repeat(4096), "😀".repeat(4096)],
    ["of several lines", "a\nb\u0000\t'\"", "a\nb\u0000\t'\""],
    ["cut in the middle of a character", "ab\ud83d", "ab\ufffd"],
  ])("takes a message that is %s", async (_, message, kept) => {
    const { id, worker } = await held();
    const { status, body } = await report(id, { worker: worker.id, status: "FAILED", message });
    expect([status, body.error_message]).toEqual([200, kept]);
    expect((await task(id)).error_message).toBe(kept);
  });

  it("leaves an event of an end in the audit trail, none of signs of life, none of what is refused", async () => {
    const { id, worker } = await held();
    await tell(id, worker, "RUNNING");
    await report(id, { worker: worker.id + 1000, status: "FAILED" });
    expect(await events(id)).toEqual([]);
    await tell(id, worker, "FINISHED");
    await report(id, { worker: worker.id, status: "FINISHED" });
    expect(await events(id)).toEqual([{ event: "fleet_task.finish", actor: "admin" }]);
    const other = await held();
    await tell(other.id, other.worker, "FAILED");
    expect(await events(other.id)).toEqual([{ event: "fleet_task.fail", actor: "admin" }]);
  });

  it("misses and refuses worker, status and message in this order", async () => {
    const bad = { worker: 1, status: "DONE", message: 5 };
    for (const none of [undefined, null, ""]) {
      expectRefusal(await report("x", { ...bad, worker: none }), 400, "Missing worker");
      expectRefusal(await report("x", { ...bad, status: none }), 400, "Missing status");
    }
    for (const worker of [0, -1, 1.5, "1", true, [], {}, 2 ** 53, 1e300]) {
      expectRefusal(await report("x", { ...bad, worker }), 400, "Invalid worker");
    }
    for (const status of ["running", "PENDING", "STARTING", "LOST", "KILLED", "DONE", 5, true, [], {}]) {
      expectRefusal(await report("x", { ...bad, status }), 400, "Invalid status");
    }
    for (const message of [5, true, [], {}, "m".repeat(4097), "😀".repeat(4097)]) {
      for (const status of ["RUNNING", "FAILED"]) {
        expectRefusal(await report("x", { worker: 1, status, message }), 400, "Invalid message");
      }
    }
  });

  it.each(["0", "01", "x", "%zz", "999999999999999", "9999999999999999"])("does not know task %s", async (id) => {
    expectRefusal(await report(id, { worker: 2 ** 53 - 1, status: "RUNNING" }), 404, `Unknown Task ID ${id}`);
  });

  it("does not know a worker that never was or is deleted, whatever the status", async () => {
    const { id, worker } = await held();
    expectRefusal(await report(id, { worker: 2 ** 53 - 1, status: "FINISHED" }), 404, "Unknown worker");
    await call("DELETE", `/worker/${worker.id}`, await asAdmin());
    expectRefusal(await report(id, { worker: worker.id, status: "RUNNING" }), 404, "Unknown worker");
    const anew = await aWorker(worker);
    const text = `Task ${id} is not leased by worker ${anew.id}`;
    expectRefusal(await report(id, { worker: anew.id, status: "RUNNING" }), 409, text);
  });

  it("tells the status before it tells who holds the task", async () => {
    const { id } = await held();
    const rival = await aWorker();
    const text = `Task ${id} has status STARTING and cannot become FINISHED`;
    expectRefusal(await report(id, { worker: rival.id, status: "FINISHED" }), 400, text);
    for (const status of ["RUNNING", "FAILED"]) {
      const held = `Task ${id} is not leased by worker ${rival.id}`;
      expectRefusal(await report(id, { worker: rival.id, status }), 409, held);
    }
    expect((await task(id)).status).toBe("STARTING");
  });

  it("takes nothing of a worker that lost the task, also not once another holds it", async () => {
    const { id, worker } = await held();
    await tell(id, worker, "RUNNING");
    await letRunOut(id);
    const rival = await aWorker({ target: worker.target, framework: "rival" });
    expect(await leasedIds(rival)).toEqual([id]);
    const text = `Task ${id} is not leased by worker ${worker.id}`;
    expectRefusal(await report(id, { worker: worker.id, status: "RUNNING" }), 409, text);
    await tell(id, rival, "RUNNING");
    expectRefusal(await report(id, { worker: worker.id, status: "FINISHED" }), 409, text);
    await tell(id, rival, "FINISHED");
    expect(await tasksOf((await task(id)).job_id)).toEqual([id]);
  });

  it("lets exactly one of twenty reports of the end through", async () => {
    const { id, worker } = await held();
    await tell(id, worker, "RUNNING");
    const ends = Array.from({ length: 20 }, (_, at) => (at % 2 ? "FINISHED" : "FAILED"));
    const answers = await Promise.all(ends.map((status) => report(id, { worker: worker.id, status })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await events(id)).toHaveLength(1);
  });
});
