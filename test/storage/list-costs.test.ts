import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { app } from "../../src/http/app.ts";
import { asAdmin, call, rows } from "../support/http.ts";
import { meteredD1 } from "../support/meter.ts";

const SIZE = 100_000;
const PAGE_ROWS_MAX = 60;

const BODY = JSON.stringify({
  actions: [],
  notes: [],
  requester: null,
  approvedBy: null,
  approvedAt: null,
  completedAt: null,
  cancelledAt: null,
  createdAt: 0,
});

/** Tasks that several share a time, and a notification each; one in a hundred is acknowledged. */
async function seed(): Promise<void> {
  await rows(
    `insert into tasks (id, type, revision, sameness, open, address, requester, approved_by, action_notes, task_notes,
       approved, completed, cancelled, created_at, pending_until, body)
     with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < ?1)
     select printf('%032x', i * 7919 % 1000003), 'signup', 1, '', 0, '203.0.113.9', '{}', '{}', '{"A":[]}', '[]',
       i % 3 = 0, i % 6 = 0, i % 5 = 0, 1700000000000 + i / 4, 4000000000000, json_set(?2, '$.id', printf('%032x', i * 7919 % 1000003)) from n`,
    SIZE,
    BODY,
  );
  await rows(
    `insert into notifications (id, task_id, notes, error, acknowledged, created_at)
     select id, id, '{"notes":[]}', seq % 2, seq % 100 = 0, created_at from tasks`,
  );
}

/** Asks the Worker, and counts the rows that D1 read for the answer. */
async function cost(path: string) {
  const { binding, rowsRead } = meteredD1();
  const context = createExecutionContext();
  const request = new Request(`http://ostiary.test${path}`, { headers: await asAdmin() });
  const response = await app.fetch(request, { ...env, DB: binding }, context);
  await waitOnExecutionContext(context);
  return { status: response.status, text: await response.text(), read: rowsRead() };
}

beforeAll(seed);

describe("a page of a hundred thousand", () => {
  it.each([
    "/v1/tasks?tasks_per_page=20",
    "/v1/tasks?tasks_per_page=20&filters={}",
    "/v1/notifications?notifications_per_page=20",
    '/v1/notifications?notifications_per_page=20&filters={"acknowledged":{}}',
  ])("is read from few rows: %s", async (path) => {
    const { status, read } = await cost(path);
    expect(status).toBe(200);
    expect(read).toBeGreaterThan(20);
    expect(read).toBeLessThanOrEqual(PAGE_ROWS_MAX);
  });

  it("knows how many there are", async () => {
    const pages = async (path: string) => (await call("GET", path, await asAdmin())).body.pages;
    expect(await pages("/v1/tasks?tasks_per_page=20")).toBe(SIZE / 20);
    expect(await pages("/v1/notifications?notifications_per_page=20")).toBe((SIZE * 0.99) / 20);
    expect(await pages('/v1/notifications?notifications_per_page=20&filters={"acknowledged":{}}')).toBe(SIZE / 20);
  });
});

describe("a search among a hundred thousand", () => {
  const list = async (query: string) => (await call("GET", `/v1/tasks?${query}`, await asAdmin())).body;
  const filters = (conditions: unknown) => `filters=${encodeURIComponent(JSON.stringify(conditions))}`;

  it("by a pattern gives pages in the order of the list", async () => {
    const conditions = filters({ uuid: { regex: "^0*[1-9a-f].{3}7$" } });
    const wanted = await rows(
      `select id from tasks where id glob '???????????????????????????[1-9a-f]???7' and ltrim(id, '0') = substr(id, 28)
       order by created_at desc, id`,
    );
    expect(wanted.length).toBeGreaterThan(1000);
    const found: string[] = [];
    for (let page = 1; found.length < wanted.length; page += 1) {
      const { tasks, has_more } = await list(`${conditions}&tasks_per_page=1000&page=${page}`);
      found.push(...tasks.map(({ uuid }: { uuid: string }) => uuid));
      expect(has_more).toBe(found.length < wanted.length);
    }
    expect(found).toEqual(wanted.map(({ id }) => id));
    expect((await list(conditions)).tasks.map(({ uuid }: { uuid: string }) => uuid)).toEqual(found);
  });

  it("is refused when it would take too many steps", async () => {
    const { errors } = await list(filters({ uuid: { regex: ".{900}x" } }));
    expect(errors).toEqual(["Invalid value for filter 'uuid__regex'."]);
    expect(
      (await list(filters({ uuid: { regex: ".{900}x" }, cancelled: { exact: true }, ip_address: { exact: "none" } })))
        .tasks,
    ).toEqual([]);
  });
});
