import { describe, expect, it } from "vitest";
import { aKey, ask, refusal, someUsers, told } from "./asking.ts";

describe("select", () => {
  it("gives of each item found the array of its matches", async () => {
    const { creator, users } = await someUsers(2);
    const select = async (text: string) =>
      (await ask("user/+search", { q: `creator == ${creator}`, select: text })).body.results;
    const each = (values: (user: (typeof users)[number]) => unknown[]) => users.map(values);
    expect(await select("$.username")).toEqual(each(({ name }) => [name]));
    expect(await select("username")).toEqual(each(({ name }) => [name]));
    expect(await select("$.[email, username]")).toEqual(each(({ name }) => [null, name]));
    expect(await select("$.id,state , deleted")).toEqual(each(({ seq }) => [seq, "active", null]));
    expect(await select("$.password,$.links,$..href")).toEqual([[], []]);
    const [[data]] = await select("$");
    expect(data.username).toBe(users[0]?.name);
    expect(await select("$.*")).toEqual([Object.values(data), expect.anything()]);
  });

  it("goes into the scopes of a key", async () => {
    const { users } = await someUsers(1);
    for (const user of users) {
      const key = await aKey(user);
      const { body } = await ask("apikey/+search", {
        q: `uuid == ${key.id}`,
        select: "$.scopes[0],$.scopes,$.apikey_secret",
      });
      expect(body.results).toEqual([["pas:read", ["pas:read"]]]);
    }
  });

  it.each(["$$", "$.", "[", "a b", ",", "$.username,", " "])("refuses %j", async (select) => {
    for (const name of ["user", "group", "apikey"]) {
      expect(told(await ask(`${name}/+search`, { select }))).toEqual(refusal(`Invalid select '${select}'`));
    }
  });

  it("has at most 1024 characters", async () => {
    expect((await ask("group/+search", { select: "x".repeat(1024) })).status).toBe(200);
    const long = await ask("group/+search", { select: "x".repeat(1025) });
    expect(told(long)).toEqual(refusal(`Invalid select '${"x".repeat(200)}…'`));
  });
});
