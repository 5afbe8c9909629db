import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { openCore, ownVisit } from "../../src/core/context.ts";
import type { Command } from "../../src/core/tasks/remote.ts";
import { openDb } from "../../src/storage/db.ts";
import { aStoredUser, rows, unique } from "../support/http.ts";

/** A feed of its own, what it has told since it was asked last (undefined: anybody), and where sessions were begun. */
async function aFeed() {
  const starts: unknown[] = [];
  const binding = new Proxy(env.DB, {
    get: (target, property) => (start: string) => {
      starts.push(start);
      return Reflect.get(target, property).call(target, start);
    },
  });
  const db = openDb(binding);
  const { feed, catchUp } = db;
  const told: (string | undefined)[] = [];
  feed.onChange((userId) => void told.push(userId));
  await catchUp();
  const news = async () => {
    told.length = 0;
    await catchUp();
    return [...told];
  };
  return { binding, db, feed, told, news, starts };
}

const change = (...ids: (string | null)[]) =>
  rows("insert into user_changes (user_id, at) select value, 1 from json_each(?) returning seq", JSON.stringify(ids));

it("a feed tells of every change once, and of none before it was opened but that anybody may have changed", async () => {
  await change("before");
  const { told, news } = await aFeed();
  expect(told).toEqual([undefined]);
  await change("a", "b");
  expect((await news()).toSorted()).toEqual(["a", "b"]);
  expect(await news()).toEqual([]);
  await change(null);
  expect(await news()).toEqual([undefined]);
});

it("a feed on which too much has happened says that anybody may have changed", async () => {
  const { news } = await aFeed();
  const many = Array.from({ length: 500 }, (_, nth) => `u${nth}`);
  await change(...many.slice(1));
  expect(await news()).toHaveLength(499);
  await change(...many, "one more");
  expect(await news()).toEqual([undefined]);
  expect(await news()).toEqual([]);
});

it.each([
  [
    "of which a part was removed meanwhile",
    (last: number) => rows("delete from user_changes where seq <= ?", last + 1),
  ],
  ["that was restored to an older state", (last: number) => rows("delete from user_changes where seq >= ?", last)],
])("a feed %s says that anybody may have changed", async (_, damage) => {
  const [{ seq }] = await change("last");
  const { news } = await aFeed();
  await change("lost", "kept");
  await damage(seq);
  expect(await news()).toEqual([undefined]);
});

it("a write of which nothing is known keeps a feed from being current until it is read again", async () => {
  const { feed, news } = await aFeed();
  const isCurrent = () => feed.isCurrent(Date.now(), 60_000);
  expect(isCurrent()).toBe(true);
  feed.written();
  expect(isCurrent()).toBe(false);
  await news();
  expect(isCurrent()).toBe(true);
});

it("a step of a task, which writes elsewhere, keeps a feed from being current, also when nobody knows what came of it", async () => {
  const { binding, feed } = await aFeed();
  const getByName = () => ({ step: () => Promise.reject(new Error("Network connection lost.")) });
  const bindings = { ...env, DB: binding, TASKS: { getByName } } as unknown as Env;
  const { tasks } = openCore({ env: bindings, visit: ownVisit(""), later: () => undefined });
  await expect(tasks.step("one", {} as Command)).rejects.toThrow();
  expect(feed.isCurrent(Date.now(), 60_000)).toBe(false);
});

it("who brings a bookmark reads from a copy that is as new as all that is known, or from the primary if he knows more", async () => {
  const { db, feed, starts } = await aFeed();
  const known = feed.bookmark() ?? "";
  const [older, newer] = ["00000000-00000000-00000000-0", `${known}0`];
  for (const bookmark of [older, known, newer]) db.since(bookmark);
  expect(known).toMatch(/^[0-9a-f-]+$/);
  expect(starts.slice(-3)).toEqual([known, known, "first-primary"]);
});

describe("a feed tells whom it concerns", () => {
  const inTwoHours = Date.now() + 7_200_000;
  const SETUP = [
    `insert into groups (id, name, created_at, modified_at) values ('g-?', 'g-?', 1, 1)`,
    `insert into memberships (group_id, user_id) values ('g-?', '?')`,
    `insert into member_roles (group_id, user_id, role) values ('g-?', '?', 'r')`,
    `insert into permissions (user_id, permission) values ('?', 'p')`,
    `insert into sessions (id, digest, user_id, epoch, created_at, expires_at) values ('s-?', 's-?', '?', 0, 1, ${inTwoHours})`,
    `insert into token_families (id, user_id, epoch, created_at, expires_at) values ('f-?', '?', 0, 1, ${inTwoHours})`,
    `insert into api_keys (id, identity, digest, user_id, scopes, created_at) values ('k-?', 'k-?', 'd', '?', '[]', 1)`,
  ];

  it.each<[string, string, "him" | "anybody" | "nobody"]>([
    ["a change of a user", "update users set version = version + 1 where id = '?'", "him"],
    ["a deletion", "delete from users where id = '?'", "him"],
    ["the end of a session", "delete from sessions where id = 's-?'", "him"],
    ["the end of a family", "delete from token_families where id = 'f-?'", "him"],
    ["the end of a key", "delete from api_keys where id = 'k-?'", "him"],
    ["other scopes of a key", `update api_keys set scopes = '["pas"]' where id = 'k-?'`, "him"],
    ["a use of a key", "update api_keys set last_used_at = 1 where id = 'k-?'", "nobody"],
    ["a permission", "insert into permissions (user_id, permission) values ('?', 'q')", "him"],
    ["the loss of a permission", "delete from permissions where user_id = '?'", "him"],
    ["a role in a group", "insert into member_roles (group_id, user_id, role) values ('g-?', '?', 's')", "him"],
    ["the loss of a role", "delete from member_roles where user_id = '?'", "him"],
    ["the end of a group that he is in", "delete from groups where id = 'g-?'", "him"],
    ["another name of a group", "update groups set name = 'h-?' where id = 'g-?'", "anybody"],
    [
      "a log-in",
      "insert into sessions (id, digest, user_id, epoch, created_at, expires_at) values ('t-?', 't-?', '?', 0, 1, 2)",
      "nobody",
    ],
  ])("of %s", async (_, sql, whom) => {
    const { id } = await aStoredUser(unique("told"), "a-password");
    for (const each of SETUP) await rows(each.replaceAll("?", id));
    const { news } = await aFeed();
    await rows(sql.replaceAll("?", id));
    expect([...new Set(await news())]).toEqual({ him: [id], anybody: [undefined], nobody: [] }[whom]);
  });
});
