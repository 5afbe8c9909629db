import { describe, expect, it } from "vitest";
import { groupPage } from "../../src/core/group-overview.ts";
import { adminCore, coreOf, costOf, refusalOf } from "../support/cores.ts";
import { aUser, rows, unique } from "../support/http.ts";
import { aMember, aProject } from "../support/projects.ts";

describe("the list of groups", () => {
  it("tells how many are in each", async () => {
    const name = unique("group");
    const id = await aProject(name);
    await aMember(id, "member");
    await aMember(id);
    const core = await adminCore();
    expect(await groupPage(core, name, 1, 50)).toEqual({
      rows: [expect.objectContaining({ name, members: 2 })],
      total: 1,
      lastPage: 1,
    });
    expect(core.db.trips()).toBe(1);
  });

  it("goes on page by page, in the order of names, and reads no other", async () => {
    const prefix = unique("page");
    await rows(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 70) insert into groups (id, name, created_at, modified_at)
        select ?1 || i, ?1 || printf('%05d', i), 1, 1 from n returning id`,
      prefix,
    );
    const first = await groupPage(await adminCore(), prefix, 1, 50);
    const second = await groupPage(await adminCore(), prefix, 2, 50);
    expect([first.rows.length, second.rows.length, second.lastPage]).toEqual([50, 20, 2]);
    const names = [...first.rows, ...second.rows].map(({ name }) => name);
    expect(names).toEqual([...new Set(names)].sort());
    const { rowsRead, plans } = await costOf(await adminCore(), (core) => groupPage(core, prefix, 1, 50));
    expect(plans).not.toMatch(/SCAN (groups|memberships)/);
    expect(rowsRead).toBeLessThan(160);
  });

  it("is for administrators only", async () => {
    expect(await refusalOf(groupPage(await coreOf((await aUser()).token), "", 1, 50))).toEqual({
      kind: "forbidden",
      needs: "admin",
    });
  });
});
