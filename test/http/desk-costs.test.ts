import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { app } from "../../src/http/app.ts";
import { cookieOf } from "../support/desk.ts";
import { adminToken, rows } from "../support/http.ts";
import { meteredD1 } from "../support/meter.ts";

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
