import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { openDb } from "../../../src/storage/db.ts";
import { type UserFilter, type UserRun, userRun } from "../../../src/storage/user-pages.ts";
import { adminToken, rows, unique } from "../../support/http.ts";
import { list, namesIn } from "./support.ts";

const SIZE = 100_000;
const PAGE_ROWS_MAX = 2500;
const FILTERS: [string, UserFilter][] = [
  ["", {}],
  ["role=ADMIN", { role: "ADMIN" }],
  ["role=USER", { role: "USER" }],
  ["state=inactive", { state: "inactive" }],
  ["role=USER&state=active", { role: "USER", state: "active" }],
];

const prefix = unique("mass");

/** One in 50 is ADMIN, one in 7 inactive; a stretch as long as three blocks is deleted again. */
async function seed(): Promise<void> {
  // The administrator is made on an empty table only.
  await adminToken();
  const batch = 10_000;
  for (let from = 0; from < SIZE; from += batch) {
    await env.DB.prepare(
      `INSERT INTO users (id, name, name_key, role, state, source, created_at, modified_at)
       WITH RECURSIVE n(i) AS (SELECT CAST(?1 AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1 + ?2)
       SELECT lower(hex(randomblob(16))), ?3 || i, ?3 || i, iif(i % 50 = 0, 'ADMIN', 'USER'),
         iif(i % 7 = 0, 'inactive', 'active'), 'local', ?4, ?4 FROM n`,
    )
      .bind(from, batch, `${prefix}-`, Date.now())
      .run();
  }
  const [{ seq }] = await rows("SELECT seq FROM users WHERE name = ?", `${prefix}-${SIZE / 2}`);
  await rows("DELETE FROM users WHERE seq BETWEEN ? AND ?", seq, seq + 3072);
}

/** A run of users and the rows that D1 read for it. */
async function measured(filter: UserFilter, run: UserRun) {
  let read = 0;
  const session = env.DB.withSession("first-primary");
  const metered = {
    prepare: (query: string) => session.prepare(query),
    async batch(statements: D1PreparedStatement[]) {
      const results = await session.batch(statements);
      for (const { meta } of results) read += meta.rows_read;
      return results;
    },
    getBookmark: () => session.getBookmark(),
  };
  const binding = { withSession: () => metered } as unknown as D1Database;
  return { ...(await userRun(openDb(binding), filter, run)), read };
}

const conditions = ({ role, state }: UserFilter) =>
  `${role ? `role = '${role}'` : "true"} AND ${state ? `state = '${state}'` : "true"}`;

describe("a list of a hundred thousand users", () => {
  beforeAll(seed);

  it.each(FILTERS)("has exact counts: %s", async (query, filter) => {
    const [{ n }] = await rows(`SELECT count(*) AS n FROM users WHERE ${conditions(filter)}`);
    const { body } = await list(`${query}&perPage=100`);
    expect([body.totalCount, body.lastPage]).toEqual([n, Math.ceil(n / 100)]);
  });

  it.each(FILTERS)("has the right users at every depth: %s", async (query, filter) => {
    const { lastPage } = (await list(`${query}&perPage=100`)).body;
    for (const page of [1, 2, Math.floor(lastPage / 2), lastPage - 1, lastPage]) {
      const wanted = await rows(
        `SELECT name FROM users WHERE ${conditions(filter)} ORDER BY seq LIMIT 100 OFFSET ?`,
        (page - 1) * 100,
      );
      const answer = await list(`${query}&perPage=100&page=${page}`);
      expect(namesIn(answer)).toEqual(wanted.map(({ name }) => name));
      expect("nextCursor" in answer.body).toBe(page < lastPage);
    }
    expect((await list(`${query}&perPage=100&page=${lastPage + 1}`)).status).toBe(404);
  });

  it.each(FILTERS)("reads a page by number from at most 2,500 rows at any depth: %s", async (_, filter) => {
    const { total } = await measured(filter, { offset: 0, length: 1 });
    for (const share of [0, 0.25, 0.49, 0.5, 0.51, 0.75, 0.999]) {
      const { read, rows: found } = await measured(filter, { offset: Math.floor(total * share), length: 100 });
      expect(found.length).toBeGreaterThan(0);
      expect(read).toBeGreaterThanOrEqual(found.length);
      expect(read).toBeLessThanOrEqual(PAGE_ROWS_MAX);
    }
  });

  it.each(FILTERS)("reads a page past the end from no more rows: %s", async (_, filter) => {
    for (const offset of [SIZE * 2, Number.MAX_SAFE_INTEGER]) {
      expect((await measured(filter, { offset, length: 100 })).read).toBeLessThanOrEqual(PAGE_ROWS_MAX);
    }
  });

  it.each(FILTERS)("reads an answer by cursor from perPage + 10 rows at any depth: %s", async (_, filter) => {
    const [{ last }] = await rows("SELECT max(seq) AS last FROM users");
    for (const share of [0, 0.25, 0.5, 0.75, 0.99]) {
      for (const length of [1, 20, 100]) {
        const { read, rows: found } = await measured(filter, { after: Math.floor(last * share), length });
        expect(read).toBeGreaterThanOrEqual(found.length);
        expect(read).toBeLessThanOrEqual(length + 10);
      }
    }
  });

  it("reads no more than the matching names for a list by name", async () => {
    const matching = (await list(`name=${prefix}-9999`)).body.totalCount;
    expect(matching).toBe(11);
    const { read } = await measured({ prefix: `${prefix}-9999` }, { offset: 0, length: 20 });
    expect(read).toBeLessThanOrEqual(5 * matching);
  });

  it("gives by number and by cursor the same users in the same order", async () => {
    for (const page of [1, 400, 987]) {
      const { nextCursor } = (await list(`perPage=100&page=${page}`)).body;
      const [byNumber, byCursor] = await Promise.all([
        list(`perPage=100&page=${page + 1}`),
        list(`cursor=${nextCursor}&perPage=100`),
      ]);
      expect(byCursor.body.items).toEqual(byNumber.body.items);
    }
  });
});
