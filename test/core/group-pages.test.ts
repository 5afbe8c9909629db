import { describe, expect, it } from "vitest";
import { groupPage } from "../../src/core/group-overview.ts";
import { adminCore, coreOf, costOf, refusalOf } from "../support/cores.ts";
import { aUser, rows, unique } from "../support/http.ts";
import { manyUsers } from "../support/people.ts";
import { aMember, aProject } from "../support/projects.ts";

/** Groups whose names begin so. */
const manyGroups = (prefix: string, length: number) =>
  rows(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?2) insert into groups (id, name, created_at, modified_at)
      select ?1 || i, ?1 || printf('%05d', i), 1, 1 from n returning id`,
    prefix,
    length,
  );

describe("the list of groups", () => {
  it("tells how many are in each", async () => {
    const name = unique("group");
    const id = await aProject(name);
    await aMember(id, "member");
    await aMember(id);
    const core = await adminCore();
    expect(await groupPage(core, { prefix: name })).toEqual({
      groups: [expect.objectContaining({ name, members: { count: 2, more: false } })],
      next: null,
    });
    expect(core.db.trips()).toBe(1);
  });

  it("goes on page by page, each once, in the order of names, and reads no other", async () => {
    const prefix = unique("page");
    await manyGroups(prefix, 120);
    await manyGroups(unique("other"), 1_000);
    const core = await adminCore();
    const first = await groupPage(core, { prefix });
    const second = await groupPage(core, { prefix, after: `${first.next}` });
    const last = await groupPage(core, { prefix, after: `${second.next}` });
    expect([first, second, last].map(({ groups }) => groups.length)).toEqual([50, 50, 20]);
    expect(last.next).toBeNull();
    const names = [first, second, last].flatMap(({ groups }) => groups.map(({ name }) => name));
    expect(names).toEqual([...new Set(names)].sort());
    for (const after of [undefined, `${second.next}`]) {
      const { rowsRead, plans } = await costOf(core, (own) => groupPage(own, { prefix, after }));
      expect(plans).not.toMatch(/SCAN (groups|memberships)|TEMP B-TREE/);
      expect(rowsRead).toBeLessThan(160);
    }
  });

  it("counts members to a hundred, whatever there are", async () => {
    const name = unique("group");
    const id = await aProject(name);
    await manyUsers(id, 1_000);
    await rows(
      "insert into memberships (group_id, user_id) select ?1, id from users where id like ?1 || '_%' returning seq",
      id,
    );
    const core = await adminCore();
    expect((await groupPage(core, { prefix: name })).groups[0]?.members).toEqual({ count: 100, more: true });
    const { rowsRead } = await costOf(core, (own) => groupPage(own, { prefix: name }));
    expect(rowsRead).toBeLessThan(220);
  });

  it("is for administrators only", async () => {
    expect(await refusalOf(groupPage(await coreOf((await aUser()).token), {}))).toEqual({
      kind: "forbidden",
      needs: "admin",
    });
  });
});
