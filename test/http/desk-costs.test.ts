import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import { app } from "../../src/http/app.ts";
import { SEEDS } from "../support/counts.ts";
import { cookieOf } from "../support/desk.ts";
import { adminToken, rows } from "../support/http.ts";
import { meteredD1 } from "../support/meter.ts";
import { aSignUp } from "../support/tasks.ts";

/** How many rows of D1 are read for a page as the administrator sees it. */
async function rowsFor(path: string): Promise<number> {
  const { binding, rowsRead } = meteredD1();
  const context = createExecutionContext();
  const request = new Request(`http://ostiary.test${path}`, { headers: cookieOf(await adminToken()) });
  const { status } = await app.fetch(request, { ...env, DB: binding }, context);
  expect(status).toBe(200);
  await waitOnExecutionContext(context);
  return rowsRead();
}

const LISTED = 5_000;

/** Many of everything; of tasks those that are done. */
beforeAll(async () => {
  await adminToken();
  const { id } = await aSignUp();
  await rows(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?2)
      insert into tasks (id, type, revision, sameness, open, address, requester, approved, completed, cancelled, created_at,
        approved_at, completed_at, pending_until, body)
      select hex(randomblob(16)), type, 9, '', 0, '', '{}', 1, 1, 0, 1700000000000 + i * 900, 1, 1, pending_until, body
      from tasks, n where id = ?1 returning seq`,
    id,
    LISTED,
  );
  for (const seed of SEEDS) if (!/^insert into tasks/.test(seed)) await env.DB.prepare(seed).bind(0, LISTED).run();
});

it.each([
  "/console/tasks",
  "/console/tasks?type=signup&who=no",
  "/console/tasks?state=all",
  "/console/notifications",
  "/console/notifications?all=1",
  "/console/audit",
  "/console/users",
  "/console/groups",
])("%s is read from few rows of many", async (path) => {
  expect(await rowsFor(path)).toBeLessThan(1_500);
});

it.each(["/me/access", "/console/users/admin"])(
  "%s lists nothing of what an administrator has: everything",
  async (path) => {
    await rows(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000) insert into controllers (id, name, type, created_at)
      select ?1 || i, ?1 || i, 'manual', 1 from n returning id`,
      path,
    );
    expect(await rowsFor(path)).toBeLessThan(100);
  },
);
