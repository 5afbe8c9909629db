import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { openDb } from "../../src/storage/db.ts";
import { type UserFilter, userRun } from "../../src/storage/user-pages.ts";
import { ROWS_COUNTED, ROWS_KEPT, SEEDS, USERS_COUNTED, USERS_KEPT } from "../support/counts.ts";
import { adminToken, rows } from "../support/http.ts";

beforeAll(async () => {
  await adminToken();
});

/** A block may begin at each of these. */
const seqs = fc.oneof(
  fc.integer({ min: 10, max: 400 }),
  fc.constantFrom(4095, 4096, 8191, 262_143, 262_144, 262_145, 524_288),
  fc.integer({ min: 10, max: 3_000_000 }),
);
const roles = fc.constantFrom("ADMIN", "USER");
const states = fc.constantFrom("active", "inactive");

type Change = { seq: number; role: string; state: string; deed: "make" | "delete" | "role" | "state" };
const changes = fc.array(
  fc.record<Change>({
    seq: seqs,
    role: roles,
    state: states,
    deed: fc.constantFrom("make", "make", "delete", "role", "state"),
  }),
  { minLength: 1, maxLength: 60 },
);

/** The administrator has the first `seq` and stays. */
const statementOf = ({ seq, role, state, deed }: Change) => {
  const near = "seq = (select seq from users where seq >= ?1 and seq > 1 order by seq limit 1)";
  const statements = {
    make: `insert into users (seq, id, name, name_key, role, state, source, created_at, modified_at)
      select ?1, 'p-' || ?1, 'p-' || ?1, 'p-' || ?1, ?2, ?3, 'local', 1, 1 where ?1 not in (select seq from users union all select seq from deleted_users)`,
    delete: `delete from users where ${near} and ?2 <> ?3`,
    role: `update users set role = ?2 where ${near} and ?2 <> ?3`,
    state: `update users set state = ?3 where ${near} and ?2 <> ?3`,
  };
  return env.DB.prepare(statements[deed]).bind(seq, role, state);
};

/** As if there had never been any user but the administrator. */
const emptied = () =>
  env.DB.batch(["delete from users where seq > 1", "delete from deleted_users"].map((sql) => env.DB.prepare(sql)));

const FILTERS: UserFilter[] = [{}, { role: "ADMIN" }, { state: "inactive" }, { role: "USER", state: "active" }];

describe("the counts of users", () => {
  it("are those of the table on every level, and lead to every offset, whatever is made, changed and deleted", async () => {
    await fc.assert(
      fc.asyncProperty(changes, fc.nat(), async (list, any) => {
        await emptied();
        await env.DB.batch(list.map(statementOf));
        expect(await rows(USERS_KEPT)).toEqual(await rows(USERS_COUNTED));
        for (const filter of FILTERS) {
          const { role = "", state = "" } = filter;
          const plain = await rows(
            "select seq from users where role like ?1 || '%' and state like ?2 || '%' order by seq",
            role,
            state,
          );
          const offset = any % (plain.length + 2);
          const run = await userRun(openDb(env.DB), filter, { offset, length: 7 });
          expect(run.rows.map(({ seq }) => ({ seq }))).toEqual(plain.slice(offset, offset + 7));
          expect([run.total, run.more]).toEqual([plain.length, plain.length > offset + 7]);
        }
      }),
      { numRuns: 60 },
    );
  });
});

const rowsCounted = async () => (await Promise.all(ROWS_COUNTED.map((query) => rows(query)))).flat();

describe("the counts of the other lists", () => {
  it("are those of the tables on every level, whatever is made, changed and deleted", async () => {
    await emptied();
    for (const seed of SEEDS) await rows(seed, 0, 9000);
    expect(await rows(ROWS_KEPT)).toEqual(await rowsCounted());
    for (const change of [
      "update notifications set acknowledged = not acknowledged where seq % 3 = 0",
      "update notifications set acknowledged = 1 where seq % 5 = 0",
      "update jobs set status = 'FAILED' where id % 5 = 0",
      "delete from users where seq between 2000 and 4000",
      "delete from groups where seq % 11 = 0",
      "delete from tasks where seq between 500 and 1500",
      "delete from notifications where seq between 700 and 900",
      "delete from jobs where id between 1 and 300",
    ])
      await rows(change);
    expect((await rows(ROWS_KEPT)).length).toBeGreaterThan(800);
    expect(await rows(ROWS_KEPT)).toEqual(await rowsCounted());
    expect(await rows(USERS_KEPT)).toEqual(await rows(USERS_COUNTED));
  });
});
