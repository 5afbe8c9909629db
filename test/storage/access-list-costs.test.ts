import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { seal } from "../../src/core/sealing.ts";
import { settingsOf } from "../../src/core/settings.ts";
import { app } from "../../src/http/app.ts";
import { ask, basic, someone } from "../support/access-users.ts";
import { servedWith } from "../support/deployment.ts";
import { faultyD1, slowsBy } from "../support/faults.ts";
import { ADMIN, type Answer, adminToken, answered, asBearer, call, rows } from "../support/http.ts";
import { meteredD1 } from "../support/meter.ts";
import { stopTime, useRealTime } from "../support/time.ts";

const REGISTRY = 12;

/** Users from one number to another, each with `login` on three of the controllers and `write` on two models of each. */
async function seed(from: number, to: number): Promise<void> {
  await adminToken();
  await rows(
    `insert or ignore into controllers (id, name, type, created_at)
     with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < ?)
     select 'c' || i, 'controller-' || i, 'google', 1 from n`,
    REGISTRY,
  );
  await rows(
    `insert or ignore into models (id, controller_id, name, created_at)
     select id || 'm' || j, id, 'model-' || j, 1 from controllers, (select 0 as j union all select 1)`,
  );
  await rows(
    `insert into users (id, name, name_key, role, state, source, created_at, modified_at)
     with recursive n(i) as (select ?1 union all select i + 1 from n where i + 1 < ?2)
     select 'u' || i, 'mass-' || i, 'mass-' || i, 'USER', 'active', 'local', 1, 1 from n`,
    from,
    to,
  );
  const users = "(select id, cast(substr(id, 2) as integer) as i from users where name like 'mass-%') u";
  const those = `${users}, (select 0 as j union all select 1 union all select 2) where i >= ? and i < ?`;
  await rows(
    `insert into controller_grants (user_id, controller_id, access) select id, 'c' || ((i + j) % ${REGISTRY}), 'login' from ${those}`,
    from,
    to,
  );
  await rows(
    `insert into model_grants (user_id, model_id, access)
     select g.user_id, m.id, 'write' from controller_grants g join models m on m.controller_id = g.controller_id
     where cast(substr(g.user_id, 2) as integer) >= ? and cast(substr(g.user_id, 2) as integer) < ?`,
    from,
    to,
  );
}

/** Asks the Worker, and counts statements and rows of D1. */
async function cost(method: string, path: string, headers: Record<string, string>) {
  const { binding, rowsRead, statements } = meteredD1();
  const request = new Request(`http://ostiary.test${path}`, { method, headers });
  const answer = await answered(
    await app.fetch(request, { ...env, SNAPSHOT_SECONDS: "0", DB: binding } as Env, createExecutionContext()),
  );
  return { answer, statements: statements(), read: rowsRead() };
}

const namesIn = ({ body }: Answer) => body.map(({ name }: { name: string }) => name);

describe("a list of a thousand users, each on three controllers with two models", () => {
  it("takes three statements, few rows and less than a mebibyte", async () => {
    await seed(0, 1000);
    const believed = basic(ADMIN.username, ADMIN.password);
    await call("HEAD", "/users", believed);
    for (const headers of [await asBearer(), believed]) {
      const { answer, statements, read } = await cost("GET", "/users", headers);
      expect(namesIn(answer)).toEqual((await rows("select name from users order by seq")).map(({ name }) => name));
      expect(answer.body).toHaveLength(1001);
      expect(answer.body[500].controllers.map(({ models }: { models: unknown[] }) => models.length)).toEqual([2, 2, 2]);
      expect(statements).toBeLessThanOrEqual(3);
      expect(read).toBeLessThan(40_000);
      expect(new TextEncoder().encode(answer.text).byteLength).toBeLessThan(2 ** 20);
    }
  });

  it("reads a page of it from few rows at any depth, and himself from fewer", async () => {
    for (const page of [1, 50, 100]) {
      const { answer, statements, read } = await cost("GET", `/users?page=${page}&perPage=10`, await asBearer());
      expect([answer.body.length, statements]).toEqual([10, 3]);
      expect(read).toBeLessThan(2500);
    }
    const { headers } = await someone();
    const { statements, read } = await cost("GET", "/users", headers);
    expect(statements).toBe(3);
    expect(read).toBeLessThan(30);
  });
});

describe("a list of several portions", () => {
  it("is whole, and its first portion is all that a HEAD reads", async () => {
    await seed(1000, 4000);
    const { answer, statements } = await cost("GET", "/users", await asBearer());
    expect(namesIn(answer)).toEqual((await rows("select name from users order by seq")).map(({ name }) => name));
    expect(statements).toBe(3 + 3);
    expect((await cost("HEAD", "/users", await asBearer())).statements).toBe(3);
    const { body } = await ask("GET", "/users?page=3&perPage=1000");
    expect(body.map(({ name }: { name: string }) => name)).toEqual(namesIn(answer).slice(2000, 3000));
  });

  it("breaks off when a later one cannot be read, and is never taken for whole", async () => {
    const headers = await asBearer();
    const lost = new Error("D1_ERROR: Network connection lost.");
    const DB = faultyD1(env.DB, (work, nth) => (nth > 3 ? Promise.reject(lost) : work()), true);
    const request = new Request("http://ostiary.test/users", { headers });
    const response = await app.fetch(request, { ...env, DB } as Env, createExecutionContext());
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it("may take long as a whole: each portion has its own time", async () => {
    const headers = await asBearer();
    const DB = faultyD1(env.DB, slowsBy(3_500), true);
    stopTime();
    const { status, body } = await servedWith({ DB })("GET", "/users", headers);
    useRealTime();
    expect([status, body.length]).toEqual([200, (await rows("select count(*) as n from users"))[0].n]);
  });

  it("is told after a removal, too", async () => {
    const { name } = await someone();
    const { body } = await ask("DELETE", `/users/${name}`);
    expect(body.map((each: { name: string }) => each.name)).toEqual(
      (await rows("select name from users order by seq")).map((each) => each.name),
    );
  });
});

describe("users who hold very much", () => {
  it("are shown with all of it, in portions that fit", async () => {
    const text = "x".repeat(64 * 1024);
    const sealed = await seal(settingsOf(env), text);
    const people = [await someone(), await someone()];
    for (const { id } of people) {
      await rows(
        `insert into cloud_credentials (user_id, name, type, sealed, added_at)
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 100) select ?, 'c' || i, 'jsonfile', ?, 1 from n`,
        id,
        sealed,
      );
      await rows(
        `insert into ssh_keys (user_id, fingerprint, key, type, bits, comment, added_at)
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 100)
         select ?, i, printf('%04d', i) || replace(printf('%.8000c', 'x'), 'x', 'k'), 'x', 1, '', 1 from n`,
        id,
      );
    }
    for (const { name, headers } of people) {
      const { body } = await call("GET", `/users/${name}`, headers);
      expect([body.credentials.length, body.ssh_keys.length]).toEqual([100, 100]);
      expect(body.credentials.every(({ key }: { key: { file: string } }) => key.file === text)).toBe(true);
    }
    const { answer, statements } = await cost("GET", "/users", await asBearer());
    // The last two are not read together.
    expect(statements).toBe(3 + 3 + 1);
    const shown = answer.body.slice(-2);
    expect(shown.map(({ credentials }: { credentials: unknown[] }) => credentials.length)).toEqual([100, 100]);
    expect(namesIn(answer)).toEqual((await rows("select name from users order by seq")).map(({ name }) => name));
  });
});
