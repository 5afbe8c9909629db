import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { endedGrants } from "../../src/storage/access-grants.ts";
import { peopleOfController, peopleOfModel, selectControllerNames } from "../../src/storage/controllers.ts";
import { openDb } from "../../src/storage/db.ts";
import { groundsOf } from "../../src/storage/grounds.ts";
import { aController, grant } from "../support/access.ts";
import { someone } from "../support/access-users.ts";
import { rows, unique } from "../support/http.ts";
import { meteredD1 } from "../support/meter.ts";

const now = Date.now();

/** How SQLite goes about what some work asks. */
async function plansOf(work: (db: ReturnType<typeof openDb>) => Promise<unknown>): Promise<string> {
  const { binding, plans } = meteredD1();
  await work(openDb(binding));
  return (await plans()).join("\n");
}

/** How many rows some work reads. */
async function readBy(work: (db: ReturnType<typeof openDb>) => Promise<unknown>): Promise<number> {
  const { binding, rowsRead } = meteredD1();
  await work(openDb(binding));
  return rowsRead();
}

describe("what decides about access", () => {
  it("finds the ended grants by their indexes and scans no table", async () => {
    const plans = await plansOf((db) => endedGrants(db, now, 100));
    expect(plans).toMatch(/SEARCH controller_grants USING INDEX controller_grants_ending/);
    expect(plans).toMatch(/SEARCH model_grants USING INDEX model_grants_ending/);
    expect(plans).not.toMatch(/SCAN (?:controller|model|user)|TEMP B-TREE/);
  });

  it.each(["all", "none", { name: "web" }] as const)(
    "reads the grounds of a decision by indexes: models %j",
    async (models) => {
      const [{ name: controller }, { id: callerId, name: user }] = [await aController(), await someone()];
      const plans = await plansOf((db) => groundsOf(db, { controller, models, callerId, user }));
      expect(plans).not.toMatch(/SCAN (?:controller|model|user)/);
    },
  );

  it("reads who has access by indexes, and no other controller", async () => {
    const { id, model } = await aController();
    const plans = await plansOf(async (db) => {
      await peopleOfController(db, id, now);
      await peopleOfModel(db, id, model.id, now);
      await selectControllerNames(db, { userId: id, now });
    });
    expect(plans).not.toMatch(/SCAN (?:controller|model|user)/);
  });

  it("reads as many rows for one who is granted little, however much else there is", async () => {
    const { id, name: controller, model } = await aController();
    const caller = await someone();
    await grant(caller.id, { controller: id }, "login");
    await grant(caller.id, { model: model.id }, "read");
    const question = { controller, models: { name: model.name }, callerId: caller.id, user: unique("x") };
    const works = [
      (db: ReturnType<typeof openDb>) => groundsOf(db, question),
      (db: ReturnType<typeof openDb>) => selectControllerNames(db, { userId: caller.id, now }),
      (db: ReturnType<typeof openDb>) => peopleOfModel(db, id, model.id, now),
    ];
    const before = await Promise.all(works.map(readBy));
    const others = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 300)";
    const other = await someone();
    await env.DB.batch([
      env.DB.prepare(
        `${others} insert into controllers (id, name, type, created_at) select 'plan-' || i, 'plan-' || i, 'manual', 1 from n`,
      ),
      env.DB.prepare(
        `${others} insert into models (id, controller_id, name, created_at) select 'plan-' || i, ?, 'plan-' || i, 1 from n`,
      ).bind(id),
      env.DB.prepare(
        `${others} insert into model_grants (user_id, model_id, access) select ?, 'plan-' || i, 'read' from n`,
      ).bind(other.id),
    ]);
    const after = await Promise.all(works.map(readBy));
    // A search that ends within an index reads one entry more than one that ends with it.
    expect(after.map((read, at) => read - (before[at] ?? 0) <= 2)).toEqual([true, true, true]);
    await rows("delete from controllers where id like 'plan-%' returning id");
  });
});
