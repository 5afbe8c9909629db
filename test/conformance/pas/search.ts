import { describe, expect, it } from "vitest";
import { rows, unique } from "../../support/http.ts";
import { aGroup, aKey, anId, ask, asUser, follow, join, ORIGIN, someUsers } from "./asking.ts";

const time = (at: number) => new Date(at).toISOString().replace("Z", "000");
const hrefs = (links: { rel: string; href: string }[] = []) =>
  Object.fromEntries(links.map(({ rel, href }) => [rel, href]));

describe("a search of users", () => {
  it("shows each with the groups in the order of joining, __default__ first", async () => {
    const { creator, users } = await someUsers(2);
    const [second, first] = [await aGroup(unique("later made ü")), await aGroup()];
    for (const [user] of [users]) if (user) await join(first, user);
    for (const [user] of [users]) if (user) await join(second, user);
    const { body, status } = await ask("user/+search", { q: `creator == ${creator}` });
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(["results", "q"]);
    expect(body.q).toEqual({ field: "creator", operator: "==", value: creator });
    expect(body.results).toEqual(
      users.map(({ seq, id, name, createdAt, modifiedAt }, at) => {
        const href = `${ORIGIN}/auth/user/${name}`;
        const groups = ["__default__", ...(at === 0 ? [first.name, second.name] : [])];
        const common = {
          creator,
          created: time(createdAt),
          modified: time(modifiedAt),
          state: "active",
          deleted: null,
        };
        return {
          data: { id: seq, uuid: id, ...common, username: name, email: null, source: "local" },
          links: [
            { rel: "self", href },
            { rel: "update", href, method: "PATCH" },
            { rel: "delete", href, method: "DELETE" },
            { rel: "statemachine", href: `${href}/+statemachine`, method: "POST" },
            { rel: "userid", value: id },
            ...groups.map((group) => ({
              rel: "group",
              name: group,
              href: `${ORIGIN}/auth/group/${encodeURIComponent(group)}`,
            })),
          ],
        };
      }),
    );
  });

  it("answers the contract's example to the letter", async () => {
    const { creator, users } = await someUsers(3);
    const q = `creator == ${creator} and state == active`;
    const { body } = await ask("user/+search", { q, select: "$.username", order_by: "username:desc", limit: 2 });
    const names = users
      .map(({ name }) => name)
      .sort()
      .reverse();
    expect(body).toEqual({
      results: names.slice(0, 2).map((name) => [name]),
      q: {
        operator: "and",
        value: [
          { field: "creator", operator: "==", value: creator },
          { field: "state", operator: "==", value: "active" },
        ],
      },
      links: [
        {
          rel: "next",
          href: `${ORIGIN}/auth/user/+search?q=creator+%3D%3D+${creator}+and+state+%3D%3D+active&select=%24.username&limit=2&order_by=username%3Adesc&offset=2`,
        },
      ],
    });
  });

  it("walks through exactly what it found, forth and back", async () => {
    const { creator, users } = await someUsers(5);
    const q = `creator == '${creator}'`;
    let { body } = await ask("user/+search", { q, select: "username", limit: 2 });
    const seen = [body.results];
    while (hrefs(body.links)["next"]) {
      body = (await follow(hrefs(body.links)["next"] ?? "")).body;
      seen.push(body.results);
    }
    expect(seen).toEqual(
      [users.slice(0, 2), users.slice(2, 4), users.slice(4)].map((page) => page.map(({ name }) => [name])),
    );
    expect(hrefs(body.links)).toEqual({ previous: expect.stringMatching(/limit=2&offset=2$/) });
    const before = (await follow(hrefs(body.links)["previous"] ?? "")).body;
    expect(before.links.map(({ rel }: { rel: string }) => rel)).toEqual(["next", "previous"]);
  });

  it.each([
    [3, 0, 3, {}],
    [2, 0, 2, { next: "limit=2&offset=2" }],
    [2, 1, 2, { previous: "limit=2&offset=0" }],
    [1, 1, 1, { next: "limit=1&offset=2", previous: "limit=1&offset=0" }],
    [2, 9, 0, { previous: "limit=2&offset=7" }],
    [0, 3, 0, { previous: "limit=500&offset=0" }],
    [501, 1, 2, { previous: "limit=500&offset=0" }],
    ["", "", 3, {}],
    ["007", "2147483647", 0, { previous: "limit=7&offset=2147483640" }],
  ])("of three with limit %j and offset %j", async (limit, offset, count, links) => {
    const { creator } = await someUsers(3);
    const { body } = await ask("user/+search", { q: `creator == ${creator}`, limit, offset });
    expect(body.results).toHaveLength(count);
    expect("links" in body).toBe(Object.keys(links).length > 0);
    const shown = Object.entries(hrefs(body.links)).map(([rel, href]) => [rel, href.replace(/^.*&(limit=)/, "$1")]);
    expect(Object.fromEntries(shown)).toEqual(links);
  });

  it("gives at most 500", async () => {
    const creator = anId();
    await rows(
      `insert into users (id, name, name_key, role, state, source, creator, created_at, modified_at)
       with recursive n(i) as (select 1 union all select i + 1 from n where i < 501)
       select lower(hex(randomblob(16))), ?1 || i, ?1 || i, 'USER', 'inactive', '', ?1, 1, 1 from n returning seq`,
      creator,
    );
    for (const limit of ["", 0, 500, 501, 2147483647]) {
      const { body } = await ask("user/+search", { q: `creator == ${creator}`, select: "id", limit });
      expect(body.results).toHaveLength(500);
      expect(hrefs(body.links)["next"]).toMatch(/&limit=500&offset=500$/);
    }
    const whole = await ask("user/+search", { q: `creator == ${creator}` });
    expect(whole.body.results[499].data.source).toBeNull();
  });

  it("takes the first of a repeated parameter, and does not know others", async () => {
    const { creator, users } = await someUsers(1);
    const path = `user/+search?q=creator+%3D%3D+${creator}&q=~&select=username&select=~&nonsense=1`;
    expect((await ask(path)).body.results).toEqual(users.map(({ name }) => [name]));
  });

  it.each(["", " ", "\t"])("takes %j as no query", async (q) => {
    const { status, body } = await ask("user/+search", { q, limit: 1, select: "id" });
    expect([status, body.q, body.results]).toEqual([200, null, [[1]]]);
  });
});

describe("a search of groups and API keys", () => {
  it("shows the active members of a group in the order of joining", async () => {
    const [{ users }, group] = [await someUsers(3), await aGroup(unique("press & media"))];
    const [first, idle, last] = users;
    if (!first || !idle || !last) throw new Error("three");
    for (const user of [last, idle, first]) await join(group, user);
    await rows("update users set state = 'inactive' where id = ? returning seq", idle.id);
    const { body } = await ask("group/+search", { q: `groupname == "${group.name}"` });
    const href = `${ORIGIN}/auth/group/${encodeURIComponent(group.name)}`;
    const at = "2026-03-05T09:20:01.004000";
    const common = { creator: "", created: at, modified: at, state: null, deleted: null };
    expect(body.results).toEqual([
      {
        data: { id: group.seq, uuid: group.id, ...common, parent: "media", groupname: group.name },
        links: [
          { rel: "self", href },
          { rel: "update", href, method: "PATCH" },
          { rel: "delete", href, method: "DELETE" },
          ...[last, first].map(({ name }) => ({ rel: "member", href: `${ORIGIN}/auth/user/${name}` })),
        ],
      },
    ]);
    const everybody = await ask("group/+search", { q: "groupname == __default__" });
    const members = everybody.body.results[0].links
      .slice(3)
      .map(({ href }: { href: string }) => href.split("/").at(-1));
    const active = await rows("select name from users where state = 'active' order by seq");
    expect(members).toEqual(active.map(({ name }) => encodeURIComponent(name)));
  });

  it("shows a user his own keys whatever he asks, an administrator all", async () => {
    const { creator, users } = await someUsers(2);
    const [mine, other] = users;
    if (!mine || !other) throw new Error("two");
    const [key, foreign] = [await aKey(mine, { label: "nightly export" }), await aKey(other)];
    const search = async (q: string, who?: typeof mine) => {
      const answer = await ask("apikey/+search", { q, select: "uuid" }, who && (await asUser(who)));
      return answer.body.results.flat();
    };
    expect(await search("", mine)).toEqual([key.id]);
    expect(await search(`userid == ${other.name} or id > 0`, mine)).toEqual([key.id]);
    expect(await search(`uuid in (${key.id}, ${foreign.id})`)).toEqual([key.id, foreign.id]);
    expect(await search(`userid == ${mine.id}`)).toEqual([key.id]);
    expect(await search(`userid in (${mine.name}, ${other.id})`)).toEqual([key.id, foreign.id]);
    expect(await search(`creator in (${mine.id}, ${other.id}) and userid != ${mine.name}`)).toEqual([foreign.id]);
    expect(creator).toBeTruthy();
    const { body } = await ask("apikey/+search", {}, await asUser(mine));
    const href = `${ORIGIN}/auth/apikey/${key.id}`;
    const at = "2026-03-05T09:31:40.120000";
    const common = { creator: mine.id, created: at, modified: at, state: null, deleted: null };
    const own = { userid: mine.name, label: "nightly export", apikey_identity: key.identity };
    expect(body).toEqual({
      results: [
        {
          data: {
            id: key.seq,
            uuid: key.id,
            ...common,
            ...own,
            expires_at: null,
            scopes: ["pas:read"],
            last_used_on: null,
          },
          links: [
            { rel: "self", href },
            { rel: "delete", href, method: "DELETE" },
          ],
        },
      ],
      q: null,
    });
  });

  it("takes a value that is a uuid and a name as the uuid", async () => {
    const { users } = await someUsers(1);
    const [meant] = users;
    if (!meant) throw new Error("one");
    await rows(
      "update users set name = ?1, name_key = ?1 where id = ?2 returning seq",
      meant.id,
      (await someUsers(1)).users[0]?.id,
    );
    const key = await aKey(meant);
    const { body } = await ask("apikey/+search", { q: `userid == ${meant.id}`, select: "uuid" });
    expect(body.results).toEqual([[key.id]]);
  });
});
