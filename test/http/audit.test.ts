import { createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { compactVerify, createLocalJWKSet } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { type Checkpoint, checkChain, type LinkedEvent } from "../../src/core/audit-chain.ts";
import worker from "../../src/index.ts";
import { adminToken, aStoredUser, asAdmin, aUser, bearer, call, rows, unique, xAuth } from "../support/http.ts";
import { anApiKey } from "../support/keys.ts";

const MINUTELY = "* * * * *";
const HOURLY = "17 * * * *";

async function run(cron: string): Promise<void> {
  const context = createExecutionContext();
  await worker.scheduled(createScheduledController({ cron }), env, context);
  await waitOnExecutionContext(context);
}

const stored = (): Promise<LinkedEvent[]> =>
  rows(`select seq, at, actor_id as actorId, actor, via, address, request_id as requestId, event, subject, details, hash
    from audit_events order by seq`);

async function checkpoints(): Promise<Checkpoint[]> {
  const keys = createLocalJWKSet((await call("GET", "/.well-known/jwks.json")).body);
  const signed = await rows("select signed from audit_checkpoints");
  return Promise.all(
    signed.map(async (row) => JSON.parse(new TextDecoder().decode((await compactVerify(row.signed, keys)).payload))),
  );
}

const read = async (query: string) => (await call("GET", `/audit?${query}`, await asAdmin())).body;

/** A user made by the administrator at some address. */
async function registered(address = "192.0.2.7"): Promise<string> {
  const name = unique("audited");
  const headers = { ...bearer(await adminToken()), "CF-Connecting-IP": address };
  await call("POST", "/user", headers, { name });
  return name;
}

const idOf = async (name: string) => (await rows("select id from users where name = ?", name))[0].id as string;

beforeAll(async () => void (await adminToken()));

describe("the log", () => {
  it("says who did what to whom, by which credential, from where, and in which request", async () => {
    const name = unique("audited");
    const headers = { ...bearer(await adminToken()), "CF-Connecting-IP": "192.0.2.7" };
    const { headers: answer } = await call("POST", "/user", headers, { name });
    const { events } = await read(`subject=${await idOf(name)}`);
    expect(events).toEqual([
      {
        seq: expect.any(Number),
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        actor: { id: await idOf("admin"), name: "admin", via: "session" },
        address: "192.0.2.7",
        request: answer.get("x-request-id"),
        event: "user.register",
        subject: await idOf(name),
        details: { name, role: "USER" },
        hash: null,
      },
    ]);
  });

  it("says what was before and after, and no secret", async () => {
    const name = await registered();
    await call("PATCH", `/user/${name}`, bearer(await adminToken()), { version: 0, email: "x@example.org" });
    await call("PUT", "/user/password", xAuth(await adminToken()), { username: name, password: "s3cret-as-s3cret" });
    const { events } = await read(`subject=${await idOf(name)}`);
    expect(events.map(({ event, details }: Record<string, unknown>) => [event, details])).toEqual([
      ["user.password", null],
      ["user.change", { before: { email: null }, after: { email: "x@example.org" } }],
      ["user.register", { name, role: "USER" }],
    ]);
    expect(JSON.stringify(await stored())).not.toContain("s3cret-as-s3cret");
  });

  it("remembers wrong passwords, and nothing of what was typed", async () => {
    const name = await registered();
    await call("PUT", "/user/token", { "CF-Connecting-IP": "192.0.2.9" }, { username: name, password: "mistyped" });
    const [event] = (await read(`subject=${await idOf(name)}&event=session.refused`)).events;
    expect(event).toMatchObject({ actor: { id: null, name: "anonymous" }, address: "192.0.2.9" });
    await call("PUT", "/user/token", {}, { username: "my-password-typed-as-name", password: "x" });
    const text = JSON.stringify(await stored());
    for (const typed of ["mistyped", "my-password-typed-as-name"]) expect(text).not.toContain(typed);
  });

  it("remembers who tried what he may not", async () => {
    const { name, token } = await aUser();
    await call("DELETE", "/user/admin", xAuth(token));
    await call("GET", "/v1/notifications", xAuth(token));
    const { events } = await read(`actor=${name}&event=access.refused`);
    expect(events.map(({ subject, details }: Record<string, unknown>) => [subject, details])).toEqual([
      ["GET /v1/notifications", { wanted: "admin" }],
      ["DELETE /user/{username}", { wanted: "herqles.user.delete" }],
    ]);
  });

  it("can be searched by each of its filters, together too, and read page by page", async () => {
    const { name, token } = await aUser();
    await Promise.all(Array.from({ length: 5 }, () => call("POST", "/auth/bump", bearer(token))));
    const first = await read(`actor=${name}&event=user.bump&limit=3`);
    const second = await read(`actor=${name}&event=user.bump&limit=3&before=${first.next}`);
    expect([first.events.length, second.events.length, second.next]).toEqual([3, 2, null]);
    const seqs = [...first.events, ...second.events].map(({ seq }) => seq);
    expect(seqs).toEqual([...new Set(seqs)].sort((one, other) => other - one));
    const { at } = first.events[0];
    expect((await read(`actor=${name}&since=${at}`)).events.length).toBeGreaterThan(0);
    expect((await read(`actor=${name}&since=2100-01-01T00:00:00Z`)).events).toEqual([]);
    expect((await read(`actor=${name}&until=2020-01-01T00:00:00%2B02:00`)).events).toEqual([]);
    expect((await read(`subject=${unique("nobody")}`)).events).toEqual([]);
  });

  it.each(["limit=0", "limit=501", "limit=x", "before=-1", "since=yesterday", "until=", "who=x", "actor=a&actor=b"])(
    "refuses ?%s",
    async (query) => {
      const { status, headers } = await call("GET", `/audit?${query}`, await asAdmin());
      expect([status, headers.get("content-type")]).toEqual([400, "application/problem+json"]);
    },
  );

  it("is for administrators, and for no API key", async () => {
    const { token } = await aUser();
    expect((await call("GET", "/audit", xAuth(token))).status).toBe(403);
    expect((await call("GET", "/audit")).status).toBe(401);
    expect((await call("GET", "/audit", { "X-API-KEY": await anApiKey("admin") })).status).toBe(401);
  });
});

describe("the chain", () => {
  it("holds all that was written before the job ran, also by many at once and by two jobs at once", async () => {
    await Promise.all(Array.from({ length: 10 }, () => aStoredUser(unique("x"), "a-password")));
    await Promise.all(Array.from({ length: 20 }, () => registered()));
    await Promise.all([run(MINUTELY), run(MINUTELY), registered()]);
    await run(MINUTELY);
    const log = await stored();
    expect(await checkChain(log, [])).toEqual({ events: log.length, unlinked: 0, vouchedUpTo: 0, broken: null });
    await registered();
    expect((await checkChain(await stored(), [])).unlinked).toBe(1);
  });

  it("is signed by the deployment's key, once for each length", async () => {
    await registered();
    await run(MINUTELY);
    await run(HOURLY);
    await run(HOURLY);
    const log = await stored();
    expect((await checkChain(log, await checkpoints())).vouchedUpTo).toBe(log.length);
    expect(await rows("select seq from audit_checkpoints")).toHaveLength(1);
  });

  it("breaks in D1 itself at whatever was changed there", async () => {
    await Promise.all(Array.from({ length: 5 }, () => registered()));
    await run(MINUTELY);
    await run(HOURLY);
    const [{ seq }] = await rows("select max(seq) - 2 as seq from audit_events");
    const broken = async () => (await checkChain(await stored(), await checkpoints())).broken;
    expect(await broken()).toBeNull();
    const [{ actor }] = await rows("update audit_events set actor = actor || 'x' where seq = ? returning actor", seq);
    expect(await broken()).toEqual({ seq, why: "altered" });
    await rows("update audit_events set actor = ? where seq = ? returning seq", actor.slice(0, -1), seq);
    expect(await broken()).toBeNull();
    await rows("delete from audit_events where seq > ? returning seq", seq);
    expect(await broken()).toEqual({ seq: seq + 2, why: "cut" });
  });
});

describe("reading the log", () => {
  it.each([
    ["actor = 'x'", "audit_events_of_actor"],
    ["event = 'x'", "audit_events_of_kind"],
    ["subject = 'x'", "audit_events_of_subject"],
    ["hash is null", "audit_events_unlinked"],
  ])("finds where %s by an index", async (where, index) => {
    const sql = `explain query plan select * from audit_events where ${where} order by seq desc limit 100`;
    const plan = (await rows(sql)).map(({ detail }) => detail).join("; ");
    expect(plan).toContain(index);
    expect(plan).not.toContain("TEMP B-TREE");
  });
});
