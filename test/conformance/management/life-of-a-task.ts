import { describe, expect, it } from "vitest";
import {
  type Agent,
  aJob,
  aWorker,
  finish,
  job,
  leased,
  leasedIds,
  letRunOut,
  report,
  statuses,
  task,
  tasksOf,
  tell,
} from "../../support/fleet.ts";
import { rows } from "../../support/http.ts";
import { expectRefusal } from "./support.ts";

type Status = "PENDING" | "STARTING" | "RUNNING" | "LOST" | "FINISHED" | "FAILED" | "KILLED";

/** What a task becomes by each report; nothing: it is refused. */
const LIFE: Record<Status, Partial<Record<"RUNNING" | "FINISHED" | "FAILED", Status>>> = {
  PENDING: {},
  STARTING: { RUNNING: "RUNNING", FAILED: "FAILED" },
  RUNNING: { RUNNING: "RUNNING", FINISHED: "FINISHED", FAILED: "FAILED" },
  LOST: {},
  FINISHED: {},
  FAILED: {},
  KILLED: {},
};

/** Brings a task of a fresh worker into a state, the way it gets there. */
async function taskThatIs(status: Status): Promise<{ id: number; worker: Agent }> {
  const worker = await aWorker();
  const jobId = await aJob([worker.target], ["a", "b"]);
  const [first = 0, second = 0] = await tasksOf(jobId);
  if (status === "PENDING") return { id: first, worker };
  await leased(worker);
  if (status === "KILLED") {
    await tell(first, worker, "FAILED");
    return { id: second, worker };
  }
  if (["RUNNING", "FINISHED"].includes(status)) await tell(first, worker, "RUNNING");
  if (["FINISHED", "FAILED"].includes(status)) await tell(first, worker, status);
  if (status === "LOST") await letRunOut(first);
  return { id: first, worker };
}

const CASES = (Object.keys(LIFE) as Status[]).flatMap((present) =>
  (["RUNNING", "FINISHED", "FAILED"] as const).map((asked) => [present, asked] as const),
);

describe("a task that is", () => {
  it.each(CASES)("%s answers a report of %s by the table", async (present, asked) => {
    const { id, worker } = await taskThatIs(present);
    const before = await task(id);
    expect(before.status).toBe(present);
    const answer = await report(id, { worker: worker.id, status: asked });
    const becomes = LIFE[present][asked];
    if (becomes) {
      expect([answer.status, answer.body.status]).toEqual([200, becomes]);
    } else {
      expectRefusal(answer, 400, `Task ${id} has status ${present} and cannot become ${asked}`);
      expect(await task(id)).toEqual(before);
    }
  });

  it.each(["STARTING", "RUNNING"] as const)("%s reads LOST from the end of its lease on, untouched", async (held) => {
    const { id, worker } = await taskThatIs(held);
    await rows("update fleet_tasks set updated_at = 5 where id = ? returning id", id);
    await letRunOut(id);
    expect(await task(id)).toMatchObject({ status: "LOST", updated_at: 5 });
    expect((await task(id)).lease_expires_at).toBeUndefined();
    const [again] = await leased(worker);
    expect(again).toMatchObject({ id, status: "STARTING" });
    expect(again.updated_at).toBeGreaterThan(5);
  });
});

describe("a job", () => {
  it("goes in lock-step: a step begins when the one before is finished on every target", async () => {
    const [one, two] = [await aWorker(), await aWorker()];
    const id = await aJob([one.target, two.target], ["a", "b", "c"]);
    const [a1 = 0, b1 = 0, c1 = 0, a2 = 0, b2 = 0, c2 = 0] = await tasksOf(id);
    expect(await leasedIds(one)).toEqual([a1]);
    await finish(a1, one);
    expect(await leasedIds(one)).toEqual([]);
    expect(await leasedIds(two)).toEqual([a2]);
    await tell(a2, two, "RUNNING");
    expect(await leasedIds(one)).toEqual([]);
    await tell(a2, two, "FINISHED");
    expect([await leasedIds(one), await leasedIds(two)]).toEqual([[b1], [b2]]);
    await Promise.all([finish(b1, one), finish(b2, two)]);
    expect([await leasedIds(one), await leasedIds(two)]).toEqual([[c1], [c2]]);
    expect((await job(id)).status).toBe("RUNNING");
    await finish(c1, one);
    expect((await job(id)).status).toBe("RUNNING");
    await finish(c2, two);
    expect(await job(id)).toMatchObject({ status: "COMPLETED" });
    expect(await statuses(id)).toEqual(Array(2).fill(Array(3).fill("FINISHED")));
  });

  it("goes on when a lost task is finished by another", async () => {
    const one = await aWorker();
    const id = await aJob([one.target], ["a", "b"]);
    const [first = 0] = await leasedIds(one);
    await letRunOut(first);
    const rival = await aWorker({ target: one.target, framework: "rival" });
    await leased(rival);
    await finish(first, rival);
    expect(await leasedIds(one)).toEqual([(await tasksOf(id))[1]]);
  });

  it("goes on when the last tasks of a step are reported at once", async () => {
    const workers = await Promise.all(Array.from({ length: 8 }, () => aWorker()));
    const id = await aJob(
      workers.map(({ target }) => target),
      ["a", "b", "c"],
    );
    for (let step = 0; step < 3; step += 1) {
      const given = await Promise.all(workers.map((worker) => leasedIds(worker)));
      expect(given.every((ids) => ids.length === 1)).toBe(true);
      await Promise.all(given.map(([task = 0], at) => finish(task, workers[at] as Agent)));
    }
    expect((await job(id)).status).toBe("COMPLETED");
  });

  it("fails with its first failed task, and all that waits is killed in the same step", async () => {
    const [one, two] = [await aWorker(), await aWorker()];
    const id = await aJob([one.target, two.target, "nobody"], ["a", "b"]);
    const [a1 = 0, b1 = 0, a2 = 0] = await tasksOf(id);
    await Promise.all([leased(one), leased(two)]);
    await tell(a2, two, "RUNNING");
    const failed = await tell(a1, one, "FAILED", "no");
    const at = failed.updated_at;
    expect(await job(id)).toMatchObject({ status: "FAILED", updated_at: at, stopped_at: at });
    expect(await statuses(id)).toEqual([
      ["FAILED", "KILLED"],
      ["RUNNING", "KILLED"],
      ["KILLED", "KILLED"],
    ]);
    expect(await task(b1)).toMatchObject({ status: "KILLED", updated_at: at, stopped_at: at });
  });

  it.each(["FINISHED", "FAILED"])("stays FAILED as it was when a task still held is %s", async (end) => {
    const [one, two] = [await aWorker(), await aWorker()];
    const id = await aJob([one.target, two.target], ["a", "b"]);
    const [a1 = 0, , a2 = 0] = await tasksOf(id);
    await Promise.all([leased(one), leased(two)]);
    await tell(a1, one, "FAILED");
    const { updated_at, stopped_at } = await job(id);
    await tell(a2, two, "RUNNING");
    await tell(a2, two, end);
    expect(await job(id)).toMatchObject({ status: "FAILED", updated_at, stopped_at });
    expect(await statuses(id)).toEqual([
      ["FAILED", "KILLED"],
      [end, "KILLED"],
    ]);
    expect([await leasedIds(one), await leasedIds(two)]).toEqual([[], []]);
  });

  it("that failed leaves what is lost LOST for good", async () => {
    const [one, two] = [await aWorker(), await aWorker()];
    const id = await aJob([one.target, two.target]);
    const [a1 = 0, a2 = 0] = await tasksOf(id);
    await Promise.all([leased(one), leased(two)]);
    await tell(a1, one, "FAILED");
    await letRunOut(a2);
    expect(await leasedIds(two)).toEqual([]);
    expect((await task(a2)).status).toBe("LOST");
    expect((await job(id)).status).toBe("FAILED");
  });

  it("that failed by a task lost before and leased no more stays so", async () => {
    const [one, two] = [await aWorker(), await aWorker()];
    const id = await aJob([one.target, two.target]);
    const [a1 = 0, a2 = 0] = await tasksOf(id);
    await Promise.all([leased(one), leased(two)]);
    await letRunOut(a2);
    await tell(a1, one, "FAILED");
    expect(await leasedIds(two)).toEqual([]);
    expect(await statuses(id)).toEqual([["FAILED"], ["LOST"]]);
  });

  it("does not hold up another", async () => {
    const [one, absent] = [await aWorker(), "nobody"];
    const stuck = await aJob([one.target, absent], ["a", "b"]);
    const [a1 = 0] = await leasedIds(one);
    await finish(a1, one);
    const other = await aJob([one.target]);
    expect(await leasedIds(one)).toEqual(await tasksOf(other));
    expect((await job(stuck)).status).toBe("RUNNING");
  });
});
