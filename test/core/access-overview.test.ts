import { describe, expect, it } from "vitest";
import { controllerOverview, controllerPage, type ListedController } from "../../src/core/access-overview.ts";
import { aController, grant } from "../support/access.ts";
import { type Someone, someone } from "../support/access-users.ts";
import { adminCore, coreOf, costOf, refusalOf } from "../support/cores.ts";
import { aUser, rows, unique } from "../support/http.ts";
import { manyUsers } from "../support/people.ts";

const few = (count: number) => ({ count, more: false });

const coreOfSomeone = ({ headers }: Someone) => coreOf(headers["Authorization"]?.slice("Bearer ".length) ?? "");

/** The controllers whose names begin so, page by page. */
async function all(prefix: string): Promise<ListedController[][]> {
  const pages: ListedController[][] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const { controllers, next } = await controllerPage(await adminCore(), { prefix, after });
    pages.push(controllers);
    after = next;
  }
  return pages;
}

const manyControllers = (prefix: string, length: number) =>
  rows(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?2) insert into controllers (id, name, type, created_at)
      select ?1 || i, ?1 || printf('%05d', i), 'manual', 1 from n returning id`,
    prefix,
    length,
  );

describe("the list of controllers", () => {
  it("tells of each how many models it has, and how many people were granted something that has not ended", async () => {
    const { id, name, model } = await aController();
    const [one, other] = [await someone(), await someone()];
    await grant(one.id, { controller: id }, "login");
    await grant(one.id, { controller: id }, "superuser");
    await grant(other.id, { controller: id }, "login", 1);
    await grant(other.id, { model: model.id }, "read");
    const core = await adminCore();
    const { controllers, next } = await controllerPage(core, { prefix: name.toUpperCase() });
    expect(controllers).toEqual([{ name, type: "manual", region: null, createdAt: 1, models: few(1), people: few(1) }]);
    expect([next, core.db.trips()]).toEqual([null, 1]);
  });

  it("goes on page by page, each once, in the order of names, and reads no other", async () => {
    const prefix = unique("page");
    await manyControllers(prefix, 120);
    const pages = await all(prefix);
    expect(pages.map(({ length }) => length)).toEqual([50, 50, 20]);
    const names = pages.flat().map(({ name }) => name);
    expect(names).toEqual([...new Set(names)].sort());
    await manyControllers(unique("other"), 1_000);
    const { rowsRead, plans } = await costOf(await adminCore(), (core) => controllerPage(core, { prefix }));
    expect(plans).not.toMatch(/SCAN (controllers|models|controller_grants)/);
    expect(rowsRead).toBeLessThan(200);
  });

  it("counts to a hundred, and looks at a thousand of each, whatever there is", async () => {
    const { id, name } = await aController();
    const { id: user } = await someone();
    await rows(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000)
        insert into models (id, controller_id, name, created_at) select ?1 || i, ?1, 'm' || i, 1 from n returning id`,
      id,
    );
    await manyUsers(user, 1500);
    await rows(
      "insert into controller_grants (user_id, controller_id, access) select id, ?2, 'login' from users where id like ?1 || '_%' returning seq",
      user,
      id,
    );
    const { controllers } = await controllerPage(await adminCore(), { prefix: name });
    expect(controllers[0]).toMatchObject({ models: { count: 100, more: true }, people: { count: 100, more: true } });
    const listed = await costOf(await adminCore(), (core) => controllerPage(core, { prefix: name }));
    expect(listed.rowsRead).toBeLessThan(600);
    const overview = await controllerOverview(await adminCore(), name);
    expect(overview.more).toBe(true);
    const { rowsRead, trips } = await costOf(await adminCore(), (core) => controllerOverview(core, name));
    expect(trips).toBe(1);
    expect(rowsRead).toBeLessThan(6_000);
  });
});

describe("a controller", () => {
  it("tells who has what on it and on its models: of several grants the one that counts, of those that have not ended", async () => {
    const { id, name, model } = await aController();
    const later = Date.now() + 60_000;
    const [one, other, admin, out] = [await someone(), await someone(), await someone("ADMIN"), await someone()];
    await grant(one.id, { controller: id }, "login");
    await grant(other.id, { controller: id }, "superuser", 1);
    await grant(other.id, { controller: id }, "add-model", later);
    await grant(one.id, { controller: id }, "superuser");
    await grant(admin.id, { controller: id }, "login");
    await grant(one.id, { model: model.id }, "read");
    await grant(other.id, { model: model.id }, "read");
    await grant(other.id, { model: model.id }, "write", later);
    await grant(out.id, { model: model.id }, "admin");
    await rows(
      "insert into models (id, controller_id, name, created_at) values (?1 || 'a', ?1, 'a', 1) returning id",
      id,
    );
    expect(await controllerOverview(await adminCore(), name.toUpperCase())).toEqual({
      name,
      type: "manual",
      region: null,
      createdAt: 1,
      people: [
        { name: one.name, access: "superuser", expiresAt: null },
        { name: other.name, access: "add-model", expiresAt: later },
      ],
      models: [
        { name: "a", people: [] },
        {
          name: model.name,
          people: [
            { name: one.name, access: "read", expiresAt: null },
            { name: other.name, access: "write", expiresAt: later },
          ],
        },
      ],
      more: false,
    });
  });

  it("is for administrators and superusers, the list for administrators only", async () => {
    const { id, name } = await aController();
    const [ruler, other] = [await someone(), await someone()];
    await grant(ruler.id, { controller: id }, "superuser");
    await grant(ruler.id, { controller: id }, "login");
    await grant(other.id, { controller: id }, "add-model");
    await grant(other.id, { controller: id }, "superuser", 1);
    const own = await coreOfSomeone(ruler);
    expect((await controllerOverview(own, name)).people).toHaveLength(2);
    expect(await refusalOf(controllerPage(own, {}))).toEqual({ kind: "forbidden", needs: "admin" });
    expect(await refusalOf(controllerOverview(await coreOfSomeone(other), name))).toEqual({
      kind: "forbidden",
      needs: "access",
    });
  });

  it("is not there for who has no access to it, as what is not there", async () => {
    const { name } = await aController();
    const own = await coreOf((await aUser()).token);
    for (const [core, asked] of [
      [own, name],
      [await adminCore(), "not-there"],
    ] as const) {
      expect(await refusalOf(controllerOverview(core, asked))).toEqual({
        kind: "not_found",
        what: "controller",
        name: asked,
      });
    }
  });
});
