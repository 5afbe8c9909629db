import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openCore, ownVisit } from "../../src/core/context.ts";
import { jobForAgent } from "../../src/core/fleet/agents.ts";
import { createJob, findJob, jobsOnPage } from "../../src/core/fleet/jobs.ts";
import { asRead, REPORTS, type Report } from "../../src/core/fleet/leases.ts";
import { leaseTo, report } from "../../src/core/fleet/tasks.ts";
import { registerWorker } from "../../src/core/fleet/workers.ts";
import { Refused } from "../../src/core/refusal.ts";
import { commitAll } from "../../src/storage/db.ts";
import { unique } from "../support/http.ts";
import { LEASE_MS, plainFleet } from "../support/plain-fleet.ts";

/** A core whose clock stands still until it is moved. */
function coreAt(start: number) {
  let clock = start;
  const core = { ...openCore({ env, visit: ownVisit(""), later: () => undefined }), now: () => clock };
  const pass = (ms: number) => {
    clock += ms;
  };
  return { core, pass };
}

type Core = ReturnType<typeof coreAt>["core"];
const actions = [{ processor: "p" }];
const steps = (count: number) => Array.from({ length: count }, (_, at) => ({ name: `step ${at}`, actions }));

type Event =
  | { kind: "order"; targets: number; steps: number }
  | { kind: "lease"; worker: number; max: number }
  /** By whoever holds the task, one of those that are held; or by anybody on any. */
  | { kind: "report"; by: "holder" | "anybody"; worker: number; task: number; status: Report }
  | { kind: "pass"; ms: number };

const worker = fc.integer({ min: 0, max: 2 });
const count = fc.integer({ min: 1, max: 2 });
const orders = fc.record({ kind: fc.constant("order" as const), targets: count, steps: count });
const events: fc.Arbitrary<Event> = fc.oneof(
  { weight: 1, arbitrary: orders },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("lease"), worker, max: fc.constantFrom(1, 2, 10) }) },
  {
    weight: 15,
    arbitrary: fc.record({
      kind: fc.constant("report"),
      by: fc.constantFrom("holder", "holder", "holder", "holder", "anybody"),
      worker,
      task: fc.nat({ max: 7 }),
      // Few that fail, so that jobs are completed.
      status: fc.constantFrom<Report[]>(...Array(6).fill("RUNNING"), ...Array(6).fill("FINISHED"), "FAILED", "FAILED"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("pass"), ms: fc.constantFrom(LEASE_MS / 2, LEASE_MS) }) },
);

/** What was reported, or why it was refused. */
const outcome = (work: Promise<{ status: string }>): Promise<string> =>
  work.then(
    ({ status }) => status,
    (error: unknown) => {
      if (error instanceof Refused && error.refusal.kind === "blocked") return error.refusal.because;
      throw error;
    },
  );

async function statusesOf(core: Core, jobs: number[]): Promise<string[][]> {
  const found = await Promise.all(jobs.map((id) => findJob(core, id)));
  return found.map(({ job, targets }) => [
    job.status,
    ...targets.flatMap(({ tasks }) => tasks.map(({ status }) => status)),
  ]);
}

/** A fleet and its model, which are told the same and have to say the same. */
async function trial() {
  const { core, pass } = coreAt(1_800_000_000_000);
  const model = plainFleet();
  const targets = [unique("a"), unique("b")] as const;
  // Two on the first target, one on the second.
  const homes = [targets[0], targets[0], targets[1]];
  const kinds = homes.map((target, at) => ({ target, framework: `k${at}`, datacenter: "d", tags: {} }));
  const workers = await Promise.all(kinds.map((kind) => registerWorker(core, kind)));
  const jobs: number[] = [];
  const ids: number[] = [];

  async function order({ targets: many, steps: places }: Extract<Event, { kind: "order" }>) {
    if (jobs.length === 2) return;
    const wish = { name: "j", datacenter: null, targets: targets.slice(0, many), tasks: steps(places) };
    const id = await createJob(core, wish);
    const made = await findJob(core, id);
    jobs.push(id);
    ids.push(...made.targets.flatMap(({ tasks }) => tasks.map((task) => task.id)));
    model.order(wish.targets, places);
  }

  async function lease({ worker: who, max }: Extract<Event, { kind: "lease" }>) {
    const given = (await leaseTo(core, workers[who] ?? 0, max)).map(({ id }) => ids.indexOf(id));
    expect(given).toEqual(model.lease(who, homes[who] ?? "", max, core.now()));
  }

  async function tell({ by, worker: anybody, task: nth, status }: Extract<Event, { kind: "report" }>) {
    const all = model.all();
    const held = all.filter((task) => task.status === "STARTING" || task.status === "RUNNING");
    const among = by === "holder" ? held : all;
    const task = among[nth % among.length];
    if (!task) return;
    const who = by === "holder" ? (task.holder ?? 0) : anybody;
    const wish = { workerId: workers[who] ?? 0, status, message: undefined };
    const told = await outcome(report(core, ids[all.indexOf(task)] ?? 0, wish));
    expect(told).toBe(model.report(task, who, status, core.now()));
  }

  /** Lets something happen to both; gives the statuses of all jobs and tasks, which agree. */
  return async (event: Event): Promise<string[]> => {
    if (event.kind === "order") await order(event);
    if (event.kind === "lease") await lease(event);
    if (event.kind === "report") await tell(event);
    if (event.kind === "pass") pass(event.ms);
    const statuses = await statusesOf(core, jobs);
    expect(statuses).toEqual(model.statuses(core.now()));
    return statuses.flat();
  };
}

describe("jobs and their tasks", () => {
  it("live as the plain model does, whatever is leased, reported and let run out in whatever order", async () => {
    const seen = new Set<string>();
    const histories = fc.tuple(orders, fc.array(events, { minLength: 30, maxLength: 50, size: "max" }));
    await fc.assert(
      fc.asyncProperty(histories, async ([first, others]) => {
        const happens = await trial();
        for (const event of [first, ...others]) {
          for (const status of await happens(event)) seen.add(status);
        }
      }),
      { numRuns: 40 },
    );
    // What never came up was not tested.
    const all = ["COMPLETED", "FAILED", "FINISHED", "KILLED", "LOST", "PENDING", "RUNNING", "STARTING"];
    expect([...seen].sort()).toEqual(all);
  }, 300_000);

  it("read LOST from the very end of the lease on, and not before", () => {
    const held = fc.record({ status: fc.constantFrom("STARTING" as const, "RUNNING" as const), end: fc.nat() });
    fc.assert(
      fc.property(held, fc.nat(), ({ status, end }, now) => {
        const task = { id: 1, status, leaseExpiresAt: end };
        expect(asRead(task, now)).toEqual(now < end ? task : { id: 1, status: "LOST", leaseExpiresAt: null });
      }),
    );
    const free = { status: "FINISHED" as const, leaseExpiresAt: null };
    expect(asRead(free, Number.MAX_SAFE_INTEGER)).toBe(free);
  });

  it.each(REPORTS)("are not touched by a report of %s that comes when the lease has just ended", async (status) => {
    const { core, pass } = coreAt(1_800_000_000_000);
    const target = unique("host");
    const id = await registerWorker(core, { target, framework: "k", datacenter: "d", tags: {} });
    const job = await createJob(core, { name: "j", datacenter: null, targets: [target], tasks: steps(2) });
    const [task] = await leaseTo(core, id, 1);
    const wish = { workerId: id, message: undefined };
    pass(LEASE_MS - 1);
    await report(core, task?.id ?? 0, { ...wish, status: "RUNNING" });
    pass(LEASE_MS);
    expect(await outcome(report(core, task?.id ?? 0, { ...wish, status }))).toBe("task_status");
    expect(await statusesOf(core, [job])).toEqual([["RUNNING", "LOST", "PENDING"]]);
  });
});

describe("a job for an agent", () => {
  const change = (controller: string) => ({
    processor: "access.grant" as const,
    arguments: { user: "mira", controller, access: "add-model" },
  });

  it("is made in the agent's datacenter and given to that agent alone", async () => {
    const { core } = coreAt(1_800_000_000_000);
    const target = unique("north");
    const [agent, other] = await Promise.all(
      ["access", "accounts"].map((framework) =>
        registerWorker(core, { target, framework, datacenter: framework, tags: {} }),
      ),
    );
    await registerWorker(core, { target: unique("south"), framework: "access", datacenter: "d", tags: {} });
    await commitAll(core.db, jobForAgent(core, change(target)));
    const [job] = await jobsOnPage(core, "PENDING", 1);
    expect(job).toMatchObject({ name: "access.grant mira", datacenter: "access", framework: "access" });
    expect(await leaseTo(core, other ?? 0, 10)).toEqual([]);
    const [task, ...more] = await leaseTo(core, agent ?? 0, 10);
    expect([task?.jobId, task?.actions, more]).toEqual([job?.id, [change(target)], []]);
  });

  it("is not made where there is no agent", async () => {
    const { core } = coreAt(1_800_000_000_000);
    const target = unique("north");
    await registerWorker(core, { target, framework: "accounts", datacenter: "d", tags: {} });
    const [before] = await jobsOnPage(core, undefined, 1);
    await commitAll(core.db, jobForAgent(core, change(target)));
    expect((await jobsOnPage(core, undefined, 1))[0]?.id).toBe(before?.id);
  });
});
