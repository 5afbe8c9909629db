import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { Core } from "../../src/core/context.ts";
import { groupOverview } from "../../src/core/group-overview.ts";
import { groupWithMembers } from "../../src/core/groups.ts";
import { peopleOf } from "../../src/core/members.ts";
import { adminCore, costOf } from "../support/cores.ts";
import { SEEDS } from "../support/counts.ts";
import { servedWith } from "../support/deployment.ts";
import { adminToken, bearer, rows, unique, uniqueEmail } from "../support/http.ts";
import { meteredD1 } from "../support/meter.ts";
import { aMember, anInvitation, aProject } from "../support/projects.ts";

const MEMBERS = 1_000;
const name = unique("large");
let id: string;

/** A thousand members with two roles each, who hold a role in the group that everybody is in as well. */
beforeAll(async () => {
  // The first log-in makes the administrator, as long as there is nobody.
  await adminCore();
  id = await aProject(name);
  await env.DB.prepare(SEEDS[0] ?? "")
    .bind(0, MEMBERS)
    .run();
  await rows("insert into memberships (group_id, user_id) select ?, id from users where seq >= 1000 returning seq", id);
  await rows(
    `insert into member_roles (group_id, user_id, role)
      select g.id, u.id, value from groups g, users u, json_each('["member", "pilot"]')
      where g.name in (?, '__default__') and u.seq >= 1000 returning seq`,
    name,
  );
});

describe("a group of a thousand", () => {
  it.each([
    ["the PAS dialect", (core: Core) => groupWithMembers(core, name)],
    ["the PAS dialect, as everybody's", (core: Core) => groupWithMembers(core, "__default__")],
    ["the workflow dialect", (core: Core) => peopleOf(core, id)],
  ])("is read once, not once for each of them: %s", async (_, read) => {
    const core = await adminCore();
    const { members } = await read(core);
    expect(members.length).toBeGreaterThan(MEMBERS / 2);
    expect(members.at(-1)?.roles).toEqual(["member", "pilot"]);
    const { rowsRead } = await costOf(core, read);
    expect(rowsRead).toBeLessThan(10 * MEMBERS);
  });

  it("costs nobody more who asks for something else", async () => {
    const token = await adminToken();
    const { binding, rowsRead } = meteredD1();
    const ask = servedWith({ DB: binding });
    expect((await ask("GET", "/auth/self", bearer(token))).status).toBe(200);
    expect(rowsRead()).toBeLessThan(50);
  });

  it("is shown 25 at a time, each once, in the order of joining, and no other is read", async () => {
    const core = await adminCore();
    const first = await groupOverview(core, name);
    const second = await groupOverview(core, name, first.next ?? 0);
    const names = [first, second].flatMap(({ members }) => members.map(({ user }) => user.name));
    expect(names).toEqual((await peopleOf(core, id)).members.slice(0, 50).map(({ user }) => user.name));
    for (const after of [undefined, second.next ?? 0]) {
      const { rowsRead, trips, plans } = await costOf(core, (own) => groupOverview(own, name, after));
      expect([trips, plans]).toEqual([1, expect.not.stringMatching(/SCAN/)]);
      expect(rowsRead).toBeLessThan(400);
    }
    const [last] = await rows("select max(seq) as seq from memberships where group_id = ?", id);
    expect(await groupOverview(core, name, last.seq - 25)).toMatchObject({ members: { length: 25 }, next: null });
  });
});

it("of a thousand invitations to a project its page reads and shows the first hundred", async () => {
  const called = unique("inviting");
  const project = await aProject(called);
  const moderator = await aMember(project, "project_admin");
  const { id: task } = await anInvitation(moderator.headers, uniqueEmail(), ["member"]);
  await rows(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000)
      insert into tasks (id, type, revision, sameness, open, approved, completed, cancelled, project_id, about_project, address, requester, created_at, pending_until, body)
      select hex(randomblob(16)), type, revision, '', open, approved, completed, cancelled, project_id, about_project, address, requester, created_at, pending_until, body
      from tasks, n where id = ? returning seq`,
    task,
  );
  const core = await adminCore();
  expect((await peopleOf(core, project)).invitations).toHaveLength(1_001);
  const seen = await groupOverview(core, called);
  expect(seen).toMatchObject({ invitations: { length: 100, 0: { task: { id: task } } }, moreInvited: true });
  const { rowsRead } = await costOf(core, (own) => groupOverview(own, called));
  expect(rowsRead).toBeLessThan(400);
});
