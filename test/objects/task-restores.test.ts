import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { Kept } from "../../src/core/tasks/keeper.ts";
import { adminToken, rows } from "../support/http.ts";
import {
  anApprovedSignUp,
  approve,
  aSignUp,
  cancel,
  history,
  mailedToken,
  mailsTo,
  overdue,
  show,
  submit,
  usersNamed,
} from "../support/tasks.ts";

/** The tables that steps of a task write to here, what others refer to first. */
const TABLES = ["groups", "users", "tasks", "task_ledger", "task_events", "task_tokens", "task_voters", "mails"];

type Rows = Record<string, unknown>[];

/** The database as it is now, as far as tasks are concerned. */
async function saved(): Promise<Map<string, Rows>> {
  const tables = new Map<string, Rows>();
  for (const table of TABLES) tables.set(table, await rows(`select rowid as row_at, * from ${table}`));
  return tables;
}

/** Takes the database back to what it was. */
async function restore(tables: Map<string, Rows>): Promise<void> {
  for (const [table, before] of tables) {
    const known = JSON.stringify(before.map(({ row_at }) => row_at));
    await rows(`delete from ${table} where rowid not in (select value from json_each(?)) returning rowid`, known);
    for (const { row_at: at, ...row } of before) {
      const [names, values] = [Object.keys(row), Object.values(row)];
      const set = names.map((name) => `"${name}" = ?`);
      const found = await rows(`update ${table} set ${set} where rowid = ? returning rowid`, ...values, at);
      const columns = ["rowid", ...names.map((name) => `"${name}"`)];
      const sql = `insert into ${table} (${columns}) values (${columns.map(() => "?")}) returning rowid`;
      if (found.length === 0) await rows(sql, at, ...values);
    }
  }
}

const objectOf = (id: string) => env.TASKS.getByName(id);
const keptBy = (id: string) =>
  runInDurableObject(objectOf(id), (_object, { storage }) => storage.kv.get<Kept>("kept") ?? null);

beforeAll(async () => void (await adminToken()));

describe("a database that was taken back to before an approval", () => {
  it("has the task wait again, and approved once more it takes effect once", async () => {
    const task = await aSignUp();
    const before = await saved();
    await approve(task.id);
    const first = await mailedToken(task.email);
    await restore(before);
    expect((await show(task.id)).body).toMatchObject({ approved: false, completed: false });
    expect((await approve(task.id)).status).toBe(200);
    const second = await mailedToken(task.email);
    expect((await submit(first)).status).toBe(404);
    expect((await submit(second)).status).toBe(200);
    expect(await usersNamed(task.email)).toHaveLength(1);
    expect((await history(task.id)).map(({ step }) => step)).toEqual([
      "create",
      "vote",
      "approve",
      "token",
      "submit",
      "complete",
    ]);
  });

  it("lets it be cancelled", async () => {
    const task = await aSignUp();
    const before = await saved();
    await approve(task.id);
    await restore(before);
    expect((await cancel(task.id)).status).toBe(200);
    expect((await show(task.id)).body).toMatchObject({ approved: false, cancelled: true });
  });
});

describe("a database that was taken back to before a submission", () => {
  it("takes the token of that time again, and makes the user once", async () => {
    const task = await anApprovedSignUp();
    const before = await saved();
    expect((await submit(task.token)).status).toBe(200);
    await restore(before);
    expect(await usersNamed(task.email)).toMatchObject([{ password: null }]);
    expect((await submit(task.token)).status).toBe(200);
    expect(await usersNamed(task.email)).toHaveLength(1);
  });
});

describe("a database that was taken back to before a task", () => {
  it("does not know it any more, and its object forgets it when it is woken", async () => {
    const before = await saved();
    const task = await aSignUp();
    await overdue(task.id);
    await restore(before);
    expect((await show(task.id)).status).toBe(404);
    await runDurableObjectAlarm(objectOf(task.id));
    expect(await keptBy(task.id)).toBeNull();
    expect((await show(task.id)).status).toBe(404);
    expect(await mailsTo(task.email)).toEqual([]);
  });
});
