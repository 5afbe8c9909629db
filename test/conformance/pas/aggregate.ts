import { describe, expect, it } from "vitest";
import { aGroup, aKey, anId, ask, asUser, refusal, someUsers, told } from "./asking.ts";

const at = Date.parse;

describe("an aggregation", () => {
  it("answers the contract's example to the letter", async () => {
    const creator = anId();
    for (const day of ["2026-03-01", "2026-02-28", "2026-03-31T23:59:59.999Z"])
      await aGroup(undefined, at(day), creator);
    const group = "y:year(created), m:month(created), n:count(uuid)";
    const { status, text } = await ask("group/+aggregate", { group, q: `creator == ${creator}`, order_by: "n:desc" });
    expect([status, text]).toEqual([200, '[{"y":2026,"m":3,"n":2},{"y":2026,"m":2,"n":1}]']);
    const asked = async (order_by: string) =>
      (await ask("group/+aggregate", { group, q: `creator == ${creator}`, order_by })).body.map(
        ({ m }: { m: number }) => m,
      );
    expect(await asked("")).toEqual([2, 3]);
    expect(await asked("m:desc")).toEqual([3, 2]);
    expect(await asked("uuid")).toEqual([2, 3]);
    expect(await asked("uuid:desc")).toEqual([3, 2]);
    expect(await asked("created:desc")).toEqual([2, 3]);
  });

  it("shows times, dates and texts as items do, and null where there is nothing", async () => {
    const { users } = await someUsers(1);
    for (const user of users) {
      await aKey(user, { label: "b", createdAt: at("2026-03-05T09:31:40.120Z"), expiresAt: at("2030-01-01") });
      await aKey(user, { createdAt: at("2026-03-05") });
      const group =
        "d:date(created),n:count(id),l:count(label),min:min(created),max:max(expires_at),u:max(userid),s:min(state),x:max(deleted)";
      const { body } = await ask("apikey/+aggregate", { group }, await asUser(user));
      expect(body).toEqual([
        {
          d: "2026-03-05",
          n: 2,
          l: 1,
          min: "2026-03-05T00:00:00.000000",
          max: "2030-01-01T00:00:00.000000",
          u: user.name,
          s: null,
          x: null,
        },
      ]);
      const years = await ask("apikey/+aggregate", { group: "y:year(expires_at),n:count(id)" }, await asUser(user));
      expect(years.body).toEqual([
        { y: null, n: 1 },
        { y: 2030, n: 1 },
      ]);
    }
  });

  it("over nothing is one object without grouping keys, none with them", async () => {
    const q = "id == 0";
    const group = "n:count(id),s:sum(id),a:avg(id),l:min(username),h:max(created)";
    expect((await ask("user/+aggregate", { group, q })).body).toEqual([{ n: 0, s: null, a: null, l: null, h: null }]);
    expect((await ask("user/+aggregate", { group: `y:year(created),${group}`, q })).body).toEqual([]);
  });

  it("takes any alias for what it is", async () => {
    const { text } = await ask("user/+aggregate", {
      group: "__proto__:count(deleted),constructor:sum(id)",
      q: "id == 1",
    });
    expect(text).toBe('[{"__proto__":0,"constructor":1}]');
  });

  it("sees a user's own keys alone", async () => {
    const { users } = await someUsers(2);
    for (const user of users) await aKey(user);
    for (const user of users) {
      const { body } = await ask(
        "apikey/+aggregate",
        { group: "n:count(id),u:min(userid)", q: "id > 0" },
        await asUser(user),
      );
      expect(body).toEqual([{ n: 1, u: user.name }]);
    }
  });

  it("has at most 20 entries, and gives at most 500 groups", async () => {
    const entries = (count: number) => Array.from({ length: count }, (_, nth) => `a${nth}:count(id)`).join();
    expect((await ask("user/+aggregate", { group: entries(20) })).status).toBe(200);
    expect((await ask("user/+aggregate", { group: entries(21) })).status).toBe(422);
    const { users } = await someUsers(1);
    for (const user of users) {
      for (let day = 0; day < 501; day += 1) await aKey(user, { createdAt: day * 86_400_000 });
      const { body } = await ask("apikey/+aggregate", { group: "d:date(created),n:count(id)" }, await asUser(user));
      expect([body.length, body[0], body[499].d]).toEqual([500, { d: "1970-01-01", n: 1 }, "1971-05-15"]);
    }
  });

  it.each([
    ...[
      "",
      "n",
      "count(id)",
      "n:count",
      "n:count()",
      "n:count(nope)",
      "n:count(password)",
      "n:total(id)",
      "n:Count(id)",
    ],
    ...[
      "n:sum(created)",
      "n:avg(username)",
      "n:year(id)",
      "n:date(username)",
      "n:count(id),",
      "n:count(id) x",
      " n:count(id)",
    ],
    ...[
      "n:count(id) ,m:count(id)",
      "n:count(id),n:max(id)",
      "n :count(id)",
      "n: count(id)",
      "n:count( id)",
      "n-m:count(id)",
    ],
    ...[
      `${"n".repeat(65)}:count(id)`,
      "n:count(scopes)",
      ",",
      "n:count(id);",
      "n:count(*)",
      "n:count(id),,m:count(id)",
    ],
  ])("is refused: group=%s", async (group) => {
    expect(told(await ask("user/+aggregate", { group }))).toEqual(refusal(`Invalid aggregate query '${group}'`));
  });

  it("tells the first of several things, in the order of the contract", async () => {
    expect(told(await ask("user/+aggregate", { q: "~" }))).toEqual(refusal("Invalid aggregate query ''"));
    const group = "n:count(id)";
    expect(told(await ask("user/+aggregate", { group, q: "~", order_by: "x" }))).toEqual(
      refusal("Invalid search query '~'"),
    );
    for (const order_by of ["x", "username", "n:up", "n:asc:asc"]) {
      expect(told(await ask("user/+aggregate", { group, order_by }))).toEqual(
        refusal(`Invalid order_by '${order_by}'`),
      );
    }
  });
});
