import { describe, expect, it } from "vitest";
import { aWorker, leased, register } from "../../support/fleet.ts";
import { asAdmin, call, rows, unique } from "../../support/http.ts";
import { expectOk, expectRefusal } from "./support.ts";

const list = async (query: Record<string, string>) =>
  call("GET", `/worker?${new URLSearchParams(query)}`, await asAdmin());
const remove = async (id: number | string) => call("DELETE", `/worker/${id}`, await asAdmin());
const only = async (target: string) => (await list({ target })).body.workers;
const registration = () => ({ target: unique("host"), framework: "accounts", datacenter: "ams1" });

describe("POST /worker", () => {
  it("registers a worker, shown with these keys in this order", async () => {
    const before = Date.now();
    const wanted = { ...registration(), tags: { ring: "blue" } };
    const { status, body } = await register(wanted);
    expect([status, Object.keys(body), Number.isInteger(body.id)]).toEqual([200, ["id"], true]);
    const [worker] = await only(wanted.target);
    expect(worker).toEqual({ id: body.id, ...wanted, created_at: worker.created_at, updated_at: worker.created_at });
    expect(Object.keys(worker)).toEqual([
      "id",
      "target",
      "framework",
      "datacenter",
      "tags",
      "created_at",
      "updated_at",
    ]);
    expect(worker.created_at).toBeGreaterThanOrEqual(before);
    expect(worker.created_at).toBeLessThanOrEqual(Date.now());
  });

  it("refreshes the worker of the same target and framework as a whole", async () => {
    const wanted = { ...registration(), tags: { ring: "blue" } };
    const { id } = (await register(wanted)).body;
    await rows("update workers set created_at = 5, updated_at = 5 where id = ? returning id", id);
    expectOk(await register({ ...wanted, datacenter: "ams2", tags: undefined }), { id });
    const [worker, ...others] = await only(wanted.target);
    expect(worker).toMatchObject({ id, datacenter: "ams2", tags: {}, created_at: 5 });
    expect(worker.updated_at).toBeGreaterThan(5);
    expect(others).toEqual([]);
  });

  it("takes another framework, another target and another letter case for another worker", async () => {
    const one = await aWorker();
    const others = [
      await aWorker({ ...one, framework: "mail" }),
      await aWorker({ ...one, target: one.target.toUpperCase() }),
      await aWorker({ ...one, framework: "Accounts" }),
    ];
    expect(new Set([one, ...others].map(({ id }) => id)).size).toBe(4);
  });

  it("gives ids that follow each other however often a worker is refreshed, and none twice", async () => {
    const first = await aWorker();
    for (let times = 0; times < 5; times += 1) expectOk(await register(first), { id: first.id });
    const second = await aWorker();
    expect(second.id).toBe(first.id + 1);
    await remove(second.id);
    const again = await aWorker(second);
    expect(again.id).toBe(second.id + 1);
  });

  it("makes a worker that was deleted anew", async () => {
    const gone = await aWorker();
    await rows("update workers set created_at = 5 where id = ? returning id", gone.id);
    await remove(gone.id);
    const anew = await aWorker(gone);
    const [worker] = await only(gone.target);
    expect([worker.id, worker.created_at > 5]).toEqual([anew.id, true]);
  });

  it("gives twenty first registrations at once the same id", async () => {
    const wanted = registration();
    const answers = await Promise.all(Array.from({ length: 20 }, () => register(wanted)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
    expect(await only(wanted.target)).toHaveLength(1);
  });

  it.each(["target", "framework", "datacenter"])("misses %s, and then the others in order", async (field) => {
    for (const value of [undefined, null, ""]) {
      const after = { target: "t", framework: "f", datacenter: "d", tags: 5, [field]: value };
      expectRefusal(await register(after), 400, `Missing ${field}`);
    }
    for (const value of [5, true, [], {}, "a\u0000", "a\nb", "\u007f", "\u0085", "n".repeat(257), "\ud800"]) {
      const after = { target: "t", framework: "f", datacenter: "d", tags: 5, [field]: value };
      expectRefusal(await register(after), 400, `Invalid ${field}`);
    }
  });

  it("takes 256 characters of any kind but control characters", async () => {
    for (const name of ["😀".repeat(256), "n".repeat(256), " ", "\u2028", "../%zz?#'\"<&>\\"]) {
      const { id } = await aWorker({ framework: unique("f"), target: name });
      expect((await only(name)).map((worker: { id: number }) => worker.id)).toContain(id);
    }
  });

  it("takes any object of 4096 bytes for tags, and gives it back as it was", async () => {
    const fits = { a: "é€😀", n: [1.5, null, true, {}], "\u0000": "\ud800" };
    const tags = { ...fits, fill: "" };
    tags.fill = "x".repeat(4096 - new TextEncoder().encode(JSON.stringify(tags)).byteLength);
    const { target } = await aWorker({ tags });
    expect((await only(target))[0].tags).toEqual(tags);
    const much = { ...registration(), tags: { ...tags, fill: `${tags.fill}x` } };
    expectRefusal(await register(much), 400, "Invalid tags");
    expectRefusal(await register({ ...registration(), tags: { a: "€".repeat(1364) } }), 400, "Invalid tags");
  });

  it("takes tags that are null for absent, and refuses what is no object", async () => {
    expect((await register({ ...registration(), tags: null })).status).toBe(200);
    for (const tags of [[], "", "x", 5, false]) {
      expectRefusal(await register({ ...registration(), tags }), 400, "Invalid tags");
    }
  });

  it("leaves an event in the audit trail unless it says nothing new", async () => {
    const worker = await aWorker({ tags: { ring: "blue" } });
    // Again, as a sign of life, and with something else to say.
    for (const tags of [{ ring: "blue" }, { ring: "red" }]) await register({ ...worker, tags });
    await remove(worker.id);
    const sql = "select event, actor from audit_events where event like 'worker.%' and subject = ? order by seq";
    const events = ["worker.register", "worker.change", "worker.delete"];
    expect(await rows(sql, String(worker.id))).toEqual(events.map((event) => ({ event, actor: "admin" })));
  });
});

describe("GET /worker", () => {
  it("lists all workers, the oldest first, and no deleted ones", async () => {
    const [one, gone, two] = [await aWorker(), await aWorker(), await aWorker()];
    await remove(gone.id);
    const { body } = await call("GET", "/worker", await asAdmin());
    const ids = body.workers.map(({ id }: { id: number }) => id);
    expect(Object.keys(body)).toEqual(["workers"]);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(ids).toEqual(expect.arrayContaining([one.id, two.id]));
    expect(ids).not.toContain(gone.id);
  });

  it("filters by each of target, framework and datacenter, and by all together", async () => {
    const [target, framework, datacenter] = [unique("t"), unique("f"), unique("d")];
    const all = await aWorker({ target, framework, datacenter });
    const others = [
      await aWorker({ framework, datacenter }),
      await aWorker({ target, datacenter }),
      await aWorker({ target, framework: unique("f") }),
    ];
    const found = async (query: Record<string, string>) =>
      (await list(query)).body.workers.map(({ id }: { id: number }) => id);
    expect(await found({ target })).toEqual([all.id, others[1]?.id, others[2]?.id]);
    expect(await found({ framework })).toEqual([all.id, others[0]?.id]);
    expect(await found({ datacenter })).toEqual([all.id, others[0]?.id, others[1]?.id]);
    expect(await found({ target, framework, datacenter })).toEqual([all.id]);
  });

  it("compares to the letter, and finds nobody by an unknown value", async () => {
    const { target } = await aWorker();
    for (const other of [target.toUpperCase(), target.slice(1), `${target} `, "%", "", "\u0000", "x".repeat(5000)]) {
      expectOk(await list({ target: other }), { workers: [] });
    }
  });
});

describe("DELETE /worker/{id}", () => {
  it("deletes a worker once", async () => {
    const { id } = await aWorker();
    expectOk(await remove(id), { [id]: "deleted" });
    expectRefusal(await remove(id), 404, "Unknown worker");
  });

  it.each(["0", "01", "-1", "1.0", "1e3", "x", "%20", "%zz", "%00", "9".repeat(15), "9".repeat(16), "9".repeat(400)])(
    "does not know %s",
    async (id) => {
      expectRefusal(await remove(id), 404, "Unknown worker");
    },
  );

  it("lets exactly one of ten deletions at once do it", async () => {
    const { id } = await aWorker();
    const answers = await Promise.all(Array.from({ length: 10 }, () => remove(id)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it("ends its leasing at once", async () => {
    const worker = await aWorker();
    await remove(worker.id);
    await expect(leased(worker)).rejects.toThrow("Unknown worker");
  });
});
