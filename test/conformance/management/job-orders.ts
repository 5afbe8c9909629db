import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { order, showTask, statuses, steps, tasksOf } from "../../support/fleet.ts";
import { asAdmin, call, rows, unique } from "../../support/http.ts";
import { expectOk, expectRefusal } from "./support.ts";

const action = { processor: "unix.user" };
const step = { name: "open", actions: [action] };
const good = { name: "grant", targets: ["vpn-1", "vpn-2"], tasks: [step, step] };
const many = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));
const BAD_NAMES = [5, true, [], {}, "a\u0000", "a\nb", "\u0085", "n".repeat(257), "\ud800"];
/** A body that differs from a good one in a step, or in an action. */
const withStep = (changed: unknown, at = 0) => ({ ...good, tasks: good.tasks.with(at, changed as never) });
const withAction = (changed: unknown, at = 0) =>
  withStep({ ...step, actions: many(3, () => action).with(at, changed as never) }, 1);

const sizeOfDatabase = async () => (await env.DB.prepare("select 1").run()).meta.size_after;

describe("POST /job", () => {
  it("gives the id of a job with a task for every target and step, ids ascending target by target", async () => {
    const answer = await order({ ...good, datacenter: "ams1" });
    const { job_id } = answer.body;
    expectOk(answer, { job_id });
    const ids = await tasksOf(job_id);
    expect(ids).toEqual([0, 1, 2, 3].map((at) => Number(ids[0]) + at));
    const { body } = await call("GET", `/task?job_id=${job_id}`, await asAdmin());
    const made = body.tasks.map(({ target, status }: Record<string, string>) => [target, status]);
    expect(made).toEqual(["vpn-2", "vpn-2", "vpn-1", "vpn-1"].map((target) => [target, "PENDING"]));
  });

  it("keeps the order of targets and steps as it was given", async () => {
    const { job_id } = (await order({ ...good, targets: ["z", "a", "10", "9"], tasks: steps("y", "b") })).body;
    const { body } = await call("GET", `/task?job_id=${job_id}`, await asAdmin());
    const made = body.tasks.reverse().map(({ target, name }: Record<string, string>) => `${target} ${name}`);
    expect(made).toEqual(["z y", "z b", "a y", "a b", "10 y", "10 b", "9 y", "9 b"]);
  });

  it("keeps names and arguments as they were, and nothing else of an action or a step", async () => {
    const given = { n: [1.5, -0.25, null, true, {}], "é€😀": "\u0000\ud800", __proto__x: { a: 1 } };
    const tasks = [{ name: "é€😀'\"", actions: [{ processor: "p", arguments: given, more: 1 }, action], more: 1 }];
    const { job_id } = (await order({ name: "'", targets: ["\u2028 '\"\\"], tasks })).body;
    const [id = 0] = await tasksOf(job_id);
    const { body } = await showTask(id);
    expect([body.target, body.name]).toEqual(["\u2028 '\"\\", "é€😀'\""]);
    expect(body.actions).toEqual([{ processor: "p", arguments: given }, action]);
  });

  it("takes datacenter and arguments that are null for absent", async () => {
    const tasks = [{ name: "open", actions: [{ processor: "p", arguments: null }] }];
    const { job_id } = (await order({ ...good, datacenter: null, tasks })).body;
    const [id = 0] = await tasksOf(job_id);
    expect((await showTask(id)).body.actions).toEqual([{ processor: "p" }]);
    expect((await call("GET", `/job/${job_id}`, await asAdmin())).body.datacenter).toBeNull();
  });

  it("takes a thousand tasks, and not one step more", async () => {
    const targets = many(100, (at) => `host-${at}`);
    const { job_id } = (await order({ ...good, targets, tasks: many(10, () => step) })).body;
    expect((await statuses(job_id)).flat()).toHaveLength(1000);
    expectRefusal(await order({ ...good, targets, tasks: many(11, () => step) }), 400, "Too many tasks");
    expect((await order({ ...good, targets: many(20, String), tasks: many(50, () => step) })).status).toBe(200);
    expectRefusal(await order({ ...good, targets: many(21, String), tasks: many(50, () => 5) }), 400, "Too many tasks");
  });

  it("takes a body of nearly 256 KiB for a hundred targets, and keeps what is to be done once", async () => {
    const fat = { processor: "p", arguments: { a: "x".repeat(16_384 - '{"a":""}'.length) } };
    const tasks = [{ name: "fat", actions: many(15, () => fat) }];
    const before = await sizeOfDatabase();
    const { job_id } = (await order({ ...good, targets: many(100, String), tasks })).body;
    expect((await sizeOfDatabase()) - before).toBeLessThan(2 ** 20);
    const ids = await tasksOf(job_id);
    expect((await showTask(ids[99] ?? 0)).body.actions).toEqual(tasks[0]?.actions);
  });

  it("makes nothing where it refuses", async () => {
    const name = unique("job");
    await order({ ...good, name, tasks: [step, { name: "open" }] });
    expect(await rows("select id from jobs where name = ?", name)).toEqual([]);
  });

  it("leaves an event of it in the audit trail, without what is to be done", async () => {
    const name = unique("job");
    const { job_id } = (await order({ ...good, name })).body;
    const sql = "select event, actor, details from audit_events where event = 'job.create' and subject = ?";
    const [event] = await rows(sql, String(job_id));
    expect(event.actor).toBe("admin");
    expect(JSON.parse(event.details)).toEqual({ name, datacenter: null, targets: 2, tasks: 2 });
  });
});

describe("the fields of POST /job", () => {
  it.each([undefined, null, ""])("are missed when they are %j, in order", async (none) => {
    const nothing = { name: none, datacenter: 5, targets: none, tasks: none };
    expectRefusal(await order(nothing), 400, "Missing name");
    expectRefusal(await order({ ...nothing, name: "n" }), 400, "Invalid datacenter");
    expectRefusal(await order({ ...nothing, name: "n", datacenter: undefined }), 400, "Missing targets");
    expectRefusal(await order({ ...good, tasks: none }), 400, "Missing tasks");
    expectRefusal(await order(withStep({ ...step, name: none })), 400, "Missing tasks[0].name");
    expectRefusal(await order(withStep({ ...step, actions: none }, 1)), 400, "Missing tasks[1].actions");
    expectRefusal(await order(withAction({ processor: none }, 2)), 400, "Missing tasks[1].actions[2].processor");
  });

  it.each(BAD_NAMES.map((name) => [name]))("refuse %j where a name has to be", async (bad) => {
    expectRefusal(await order({ ...good, name: bad }), 400, "Invalid name");
    expectRefusal(await order({ ...good, datacenter: bad }), 400, "Invalid datacenter");
    expectRefusal(await order({ ...good, targets: ["a", bad] }), 400, "Invalid targets");
    expectRefusal(await order(withStep({ ...step, name: bad }, 1)), 400, "Invalid tasks[1].name");
    expectRefusal(await order(withAction({ processor: bad }, 1)), 400, "Invalid tasks[1].actions[1].processor");
  });

  it("refuse an empty datacenter", async () => {
    expectRefusal(await order({ ...good, datacenter: "" }), 400, "Invalid datacenter");
  });

  it.each([[[]], ["a"], [5], [{}], [[""]], [[null]], [["a", "a"]], [many(101, String)]])(
    "refuse %j as targets",
    async (targets) => {
      expectRefusal(await order({ ...good, targets, tasks: 5 }), 400, "Invalid targets");
    },
  );

  it.each([[[]], ["a"], [5], [{}], [true], [many(51, () => step)]])("refuse %j as tasks", async (tasks) => {
    expectRefusal(await order({ ...good, tasks }), 400, "Invalid tasks");
  });

  it.each([[null], [5], ["a"], [[]], [""], [true]])("refuse %j as a step or an action", async (entry) => {
    expectRefusal(await order(withStep(entry, 1)), 400, "Invalid tasks[1]");
    expectRefusal(await order(withAction(entry, 2)), 400, "Invalid tasks[1].actions[2]");
  });

  it.each([[[]], ["a"], [5], [{}], [many(51, () => action)]])("refuse %j as actions", async (actions) => {
    expectRefusal(await order(withStep({ ...step, actions }, 1)), 400, "Invalid tasks[1].actions");
  });

  it.each([[[]], ["a"], [""], [5], [true], [{ a: "x".repeat(16_384) }], [{ a: "€".repeat(5460) }]])(
    "refuse %j as arguments",
    async (given) => {
      const bad = { ...action, arguments: given };
      expectRefusal(await order(withAction(bad)), 400, "Invalid tasks[1].actions[0].arguments");
    },
  );

  it("name the first that is bad", async () => {
    const bad = { name: 5, actions: 5 };
    expectRefusal(
      await order({ ...good, tasks: [{ ...step, actions: [5] }, bad] }),
      400,
      "Invalid tasks[0].actions[0]",
    );
    expectRefusal(await order({ ...good, tasks: [step, bad, 5] }), 400, "Invalid tasks[1].name");
    const actions = [{ arguments: 5 }, 5];
    expectRefusal(await order(withStep({ ...step, actions })), 400, "Missing tasks[0].actions[0].processor");
  });

  it("may be as long as 256 characters, and 50 steps of 50 actions", async () => {
    const name = "😀".repeat(256);
    const full = { name, actions: many(50, () => ({ processor: "p" })) };
    expect((await order({ name, datacenter: name, targets: [name], tasks: many(50, () => full) })).status).toBe(200);
  });
});
