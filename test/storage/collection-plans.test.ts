import { describe, expect, it } from "vitest";
import { searchFrom } from "../../src/core/query/search.ts";
import { groupFields, keyFields, userFields } from "../../src/storage/collections/fields.ts";
import { groupsFound, keysFound, usersFound } from "../../src/storage/collections/pages.ts";
import { openDb } from "../../src/storage/db.ts";
import { meteredD1 } from "../support/meter.ts";

const wish = (q?: string, select?: string) => ({ q, select, order_by: undefined, limit: undefined, offset: undefined });

/** How SQLite goes about the statements of a search, and how often D1 was asked. */
async function plansOf(search: (db: ReturnType<typeof openDb>) => Promise<unknown>) {
  const { binding, plans } = meteredD1();
  const db = openDb(binding);
  await search(db);
  return { plans: await plans(), trips: db.trips() };
}

const users = (q?: string, select?: string) => plansOf((db) => usersFound(db, searchFrom(wish(q, select), userFields)));
const groups = (q?: string) => plansOf((db) => groupsFound(db, searchFrom(wish(q), groupFields)));
const keys = (q?: string, owner?: string) => plansOf((db) => keysFound(db, searchFrom(wish(q), keyFields), owner));

describe("a search", () => {
  it("is one round trip with what its links need", async () => {
    for (const { trips } of [await users(), await groups(), await keys(), await users(undefined, "$")])
      expect(trips).toBe(1);
    expect((await users()).plans).toHaveLength(2);
    expect((await users(undefined, "$.id")).plans).toHaveLength(1);
  });

  it("goes from a page to its links, never through all of them", async () => {
    for (const { plans } of [await users(), await groups()]) {
      const [rows = "", ...links] = plans;
      expect(rows).toMatch(/^SCAN (users|groups)$/);
      for (const plan of links) {
        expect(plan).toMatch(
          /^CO-ROUTINE page\nSCAN (users|groups)\nSCAN page\nSEARCH (memberships|users) USING .*INDEX/,
        );
        expect(plan).not.toMatch(/AUTOMATIC/);
      }
    }
  });

  it.each(["username == mira", "username in (mira, tobias)", "email == mira@example.org", "id == 7", "uuid == x"])(
    "of users for %s is by an index",
    async (q) => {
      for (const plan of (await users(q)).plans) expect(plan).not.toMatch(/SCAN users|AUTOMATIC/);
    },
  );

  it.each(["groupname == editors", "groupname in (a, b)", "id < 3"])("of groups for %s is by an index", async (q) => {
    for (const plan of (await groups(q)).plans) expect(plan).not.toMatch(/SCAN groups|AUTOMATIC/);
  });

  it("of API keys is by their owner, unsorted", async () => {
    expect((await keys(undefined, "x")).plans.join()).not.toMatch(/SCAN|TEMP B-TREE/);
    expect((await keys("userid == mira")).plans.join()).not.toMatch(/SCAN api_keys/);
    expect((await keys("apikey_identity == x")).plans.join()).not.toMatch(/SCAN|TEMP B-TREE/);
    expect((await keys()).plans.join()).not.toMatch(/TEMP B-TREE/);
  });
});
