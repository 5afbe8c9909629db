import { describe, expect, it } from "vitest";
import { bearer, call, unique } from "../../support/http.ts";
import {
  aName,
  aPerson,
  BODY_BYTES_MAX,
  expectIssue,
  find,
  logIn,
  NOBODY,
  patch,
  remove,
  said,
  statuses,
  userPath,
} from "./support.ts";

const STALE = said("An issue in the payload was discovered: version: is stale");

describe("PATCH /user/{name}", () => {
  it("changes what the document's example changes", async () => {
    const name = await aName({ role: "ADMIN" });
    const { status, body } = await patch(name, { lastLoginTime: "2019-07-29T12:43:27-05:00", version: 0 });
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(["creationTime", "lastLoginTime", "name", "role", "version"]);
    expect(body).toMatchObject({ lastLoginTime: "2019-07-29T12:43:27-05:00", name, role: "ADMIN", version: 1 });
    expect((await find(name)).body).toEqual(body);
  });

  it.each([
    ["2019-07-29T12:43:27-05:00", "2019-07-29T12:43:27-05:00"],
    ["2019-07-29T12:43:27Z", "2019-07-29T12:43:27+00:00"],
    ["2019-07-29T12:43:27.999Z", "2019-07-29T12:43:27+00:00"],
    ["2019-07-29T12:43+05:45", "2019-07-29T12:43:00+05:45"],
    ["2024-02-29T23:59:59+23:59", "2024-02-29T23:59:59+23:59"],
    ["1970-01-01T00:00:00+12:00", "1970-01-01T00:00:00+12:00"],
    ["9999-12-31T23:59:59-23:59", "9999-12-31T23:59:59-23:59"],
    ["2999-01-01T00:00:00-00:30", "2999-01-01T00:00:00-00:30"],
  ])("shows the time %s as %s ever after", async (lastLoginTime, shown) => {
    const name = await aName();
    expect((await patch(name, { version: 0, lastLoginTime })).body.lastLoginTime).toBe(shown);
    expect((await find(name)).body.lastLoginTime).toBe(shown);
  });

  it.each([
    null,
    1_564_400_607,
    "",
    "2019-07-29",
    "2019-07-29T12:43:27",
    "2019-07-29 12:43:27Z",
    "2019-07-29T12:43:27z",
    "2019-07-29T12Z",
    "2019-07-29T12:43:27+0500",
    "2019-07-29T12:43:27+24:00",
    "2019-07-29T12:43:27+05:60",
    "2019-07-29T24:00:00Z",
    "2019-07-29T12:60:00Z",
    "2019-07-29T12:43:60Z",
    "2019-07-29T12:43:27.Z",
    "2019-02-29T12:00:00Z",
    "2019-04-31T12:00:00Z",
    "2019-00-01T12:00:00Z",
    "2019-13-01T12:00:00Z",
    "2019-01-00T12:00:00Z",
    "1969-12-31T23:59:59Z",
    "10000-01-01T00:00:00Z",
    "-2019-01-01T00:00:00Z",
    " 2019-07-29T12:43:27Z",
    "2019-07-29T12:43:27Z ",
    "now",
  ])("refuses the time %j", async (lastLoginTime) => {
    const name = await aName();
    expectIssue(await patch(name, { version: 0, lastLoginTime }), "lastLoginTime");
    expect((await find(name)).body).not.toHaveProperty("lastLoginTime");
  });

  it("sets, changes and takes away an e-mail address", async () => {
    const name = await aName();
    for (const [version, email] of [`${name}@example.org`, `${name}@example.com`, null].entries()) {
      expect((await patch(name, { version, email })).body.version).toBe(version + 1);
      expect((await find(name, "view=full")).body.email).toBe(email ?? undefined);
    }
  });

  it.each([5, "", "nobody", "a@b", "a b@example.org", "ä@example.org", `${"a".repeat(243)}@example.org`, ["a@b.c"]])(
    "refuses the e-mail address %j",
    async (email) => expectIssue(await patch(await aName(), { version: 0, email }), "email"),
  );

  it("refuses the address of another living user in any letter case, but not one's own", async () => {
    const email = `${unique("shared")}@example.org`;
    const [owner, name] = [await aName({ email }), await aName()];
    expectIssue(await patch(name, { version: 0, email: email.toUpperCase() }), "email");
    expect((await patch(owner, { version: 0, email: email.toUpperCase() })).status).toBe(200);
    await remove(owner);
    expect((await patch(name, { version: 0, email })).body.version).toBe(1);
  });

  it("gives one address to one of ten users who ask for it at once", async () => {
    const email = `${unique("wanted")}@example.org`;
    const names = await Promise.all(Array.from({ length: 10 }, () => aName()));
    const answers = await Promise.all(names.map((name) => patch(name, { version: 0, email })));
    expect(statuses(answers)).toEqual([200, ...Array.from({ length: 9 }, () => 400)]);
  });

  it("raises the version by one, also when nothing differs or only the version was sent", async () => {
    const name = await aName();
    expect((await patch(name, { version: 0 })).body.version).toBe(1);
    expect((await patch(name, { version: 1, role: "USER", email: null })).body.version).toBe(2);
    expect((await find(name)).body.version).toBe(2);
  });

  it("answers in the full view", async () => {
    const { name, headers } = await aPerson();
    const full = (await call("PATCH", `${userPath(name)}?view=full&page=0`, headers, { version: 0 })).body;
    expect(Object.keys(full)).toEqual(["creationTime", "lastLoginTime", "name", "role", "state", "version"]);
  });

  it("accepts unchangeable members as they were read", async () => {
    const name = await aName();
    const { body: read } = await find(name, "view=full");
    expect((await patch(name, read)).body).toMatchObject({ name, version: 1, creationTime: read.creationTime });
  });

  it.each<[string, (name: string) => unknown]>([
    ["name", () => unique("renamed")],
    ["name", (name) => name.toUpperCase()],
    ["name", () => null],
    ["creationTime", () => "2001-01-01T00:00:00+00:00"],
    ["creationTime", () => null],
    ["creationTime", () => 0],
    ["state", () => "inactive"],
    ["state", () => null],
  ])("refuses another %s", async (member, value) => {
    const name = await aName();
    expectIssue(await patch(name, { version: 0, [member]: value(name) }), member);
    expect((await find(name, "view=full")).body).toMatchObject({ name, state: "active", version: 0 });
  });

  it.each(["password", "id", "__proto__", "constructor", "Version", "enabled"])(
    "refuses the member %s",
    async (member) => {
      const name = await aName({ password: "a-password" });
      expectIssue(await patch(name, `{"version":0,"${member}":"x"}`), member);
      expect((await find(name)).body.version).toBe(0);
      expect((await logIn(name, "a-password")).status).toBe(200);
    },
  );

  it.each(['"0"', "1.5", "-1", "true", "null", "9007199254740992", "1e400", "[]", "{}"])(
    "refuses the version %s",
    async (version) => expectIssue(await patch(await aName(), `{"version":${version}}`), "version"),
  );

  it("takes 0.0 for version 0, and the last of duplicate members", async () => {
    expect((await patch(await aName(), '{"version":0.0}')).status).toBe(200);
    expect((await patch(await aName(), '{"version":"x","version":0}')).status).toBe(200);
  });

  it("refuses a stale version, however often, and one that is not reached yet", async () => {
    const name = await aName();
    expect((await patch(name, { role: "ADMIN", version: 0 })).status).toBe(200);
    for (const version of [0, 0, 2, 9_007_199_254_740_991]) {
      const { status, body } = await patch(name, { role: "ADMIN", version });
      expect([status, body]).toEqual([400, STALE]);
    }
    expect((await find(name)).body.version).toBe(1);
  });

  it("needs a version", async () => {
    expectIssue(await patch(await aName(), { role: "USER" }), "version");
    expectIssue(await patch(await aName(), {}), "version");
  });

  it.each(["admin", "MOD", "", null, 1, true, ["USER"]])("refuses the role %j", async (role) => {
    expectIssue(await patch(await aName(), { version: 0, role }), "role");
  });

  it("changes nothing at all when one member is wrong", async () => {
    const name = await aName();
    const before = (await find(name, "view=full")).text;
    const good = { version: 0, role: "ADMIN", email: `${name}@example.org`, lastLoginTime: "2019-01-01T00:00:00Z" };
    for (const wrong of [{ lastLoginTime: "soon" }, { email: 5 }, { role: "x" }, { extra: 1 }, { version: 9 }]) {
      expect((await patch(name, { ...good, ...wrong })).status).toBe(400);
    }
    expect((await find(name, "view=full")).text).toBe(before);
  });

  it("names every member that is wrong", async () => {
    const answer = await patch(await aName(), { version: -1, role: "x", extra: 1 });
    for (const member of ["version", "role", "extra"]) expectIssue(answer, member);
    expect(answer.body.message.split("; ")).toHaveLength(3);
  });

  it("checks existence, view, size, form, members, role, version in this order", async () => {
    const [{ name, headers }, large] = [await aPerson(), "x".repeat(BODY_BYTES_MAX + 1)];
    const nobody = unique("nobody");
    const as = (path: string, body: unknown) => call("PATCH", path, headers, body);
    expect((await patch(nobody, large)).body).toEqual(NOBODY);
    expect((await as(userPath(nobody), large)).status).toBe(401);
    expect((await as(`${userPath(name)}?view=x`, large)).body).toEqual(said("Invalid view value"));
    expect((await as(userPath(name), large)).body).toEqual(said("Payload too large"));
    expectIssue(await as(userPath(name), { role: "ADMIN", version: 9, extra: 1 }), "extra");
    expectIssue(await as(userPath(name), { role: "ADMIN" }), "version");
    expectIssue(await as(userPath(name), { role: "ADMIN", version: 9, name: "x" }), "name");
    expect((await as(userPath(name), { role: "ADMIN", version: 9 })).status).toBe(401);
    expect((await as(userPath(name), { role: "USER", version: 9 })).body).toEqual(STALE);
    expect((await find(name)).body.version).toBe(0);
  });

  it("lets exactly one of twenty concurrent patches of a version through", async () => {
    const name = await aName();
    const patches = Array.from({ length: 20 }, (_, at) =>
      patch(name, { version: 0, lastLoginTime: `2030-01-01T00:00:${String(at + 10)}+00:00` }),
    );
    const answers = await Promise.all(patches);
    const through = answers.filter(({ status }) => status === 200);
    expect(through).toHaveLength(1);
    expect(answers.filter(({ status }) => status !== 200).map(({ body }) => body)).toEqual(
      Array.from({ length: 19 }, () => STALE),
    );
    expect((await find(name)).body).toEqual(through[0]?.body);
  });

  it("leaves what a log-in means to a token already held", async () => {
    const { name, token } = await aPerson();
    await patch(name, { version: 0, lastLoginTime: "2099-01-01T00:00:00+00:00" });
    const { body } = await call("GET", userPath(name), bearer(token));
    expect(body).toMatchObject({ version: 1, lastLoginTime: "2099-01-01T00:00:00+00:00" });
  });
});
