import { describe, expect, it } from "vitest";
import { type Answer, asBearer, call, unique } from "../../support/http.ts";
import {
  aName,
  aPerson,
  deactivate,
  expectIssue,
  find,
  list,
  logIn,
  patch,
  register,
  remove,
  said,
  userPath,
} from "./support.ts";

const NO_MATCH = said("If-Match does not match the current ETag");
const NO_LIST = said("If-Match is not a list of entity tags");
const tagOf = ({ headers }: Answer): string => headers.get("etag") ?? "";
const tag = async (name: string): Promise<string> => tagOf(await find(name));
const asked = async (name: string, IfNoneMatch: string, method = "GET") =>
  call(method, userPath(name), { ...(await asBearer()), "If-None-Match": IfNoneMatch });

describe("the ETag of a user", () => {
  it("is strong and the same by GET, HEAD and PATCH", async () => {
    const name = await aName();
    const patched = tagOf(await patch(name, { version: 0 }));
    expect(patched).toMatch(/^"[!#-~]+"$/);
    expect(await tag(name)).toBe(patched);
    expect(tagOf(await call("HEAD", userPath(name), await asBearer()))).toBe(patched);
    expect(await tag(name)).toBe(patched);
  });

  it("differs after every change of what is shown", async () => {
    const { name, headers, password } = await aPerson();
    const tags = [await tag(name)];
    const changes = [
      () => patch(name, { version: 0 }),
      () => patch(name, { version: 1, email: `${name}@example.org` }),
      () => patch(name, { version: 2, lastLoginTime: "2019-01-01T00:00:00Z" }),
      () => patch(name, { version: 3, lastLoginTime: "2019-01-01T01:00:00+01:00" }),
      () => call("POST", "/auth/bump", headers),
      () => patch(name, { version: 4, lastLoginTime: "2019-01-01T00:00:00Z" }),
      () => logIn(name, password),
      () => patch(name, { version: 5, role: "ADMIN" }),
    ];
    for (const change of changes) {
      expect((await change()).status).toBe(200);
      tags.push(await tag(name));
    }
    expect(new Set(tags).size).toBe(changes.length + 1);
  });

  it("differs between a deleted user and a later one of the name", async () => {
    const name = await aName();
    const before = await tag(name);
    await remove(name);
    await register({ name });
    expect(await tag(name)).not.toBe(before);
  });

  it("differs between two users", async () => {
    expect(await tag(await aName())).not.toBe(await tag(await aName()));
  });
});

describe("If-None-Match", () => {
  it("answers 304 without a body when the tag is current", async () => {
    const name = await aName();
    const current = await tag(name);
    for (const value of [current, `W/${current}`, `"x", ${current}`, `W/"a,b",${current},"y"`, "*"]) {
      for (const method of ["GET", "HEAD"]) {
        const { status, text, headers } = await asked(name, value, method);
        expect([value, status, text]).toEqual([value, 304, ""]);
        expect(headers.get("etag")).toBe(current);
        expect(headers.get("vary")).toContain("Authorization");
        expect(headers.get("x-d1-bookmark")).toBeTruthy();
        expect(headers.get("cache-control")).toBe("no-store");
      }
    }
  });

  it("answers in full when the tag is another, or the value no list of tags", async () => {
    const name = await aName();
    const current = await tag(name);
    const bare = current.slice(1, -1);
    for (const value of ['"x"', `"${bare}x"`, bare, `${current} ${current}`, '"', "", ",", `w/${current}`, "**"]) {
      const { status, body } = await asked(name, value);
      expect([value, status, body.name]).toEqual([value, 200, name]);
    }
  });

  it("comes after 401 and 404, and after the view", async () => {
    const name = await aName();
    expect((await asked(unique("nobody"), "*")).status).toBe(404);
    expect((await call("GET", userPath(name), { "If-None-Match": "*" })).status).toBe(401);
    const bad = await call("GET", `${userPath(name)}?view=x`, { ...(await asBearer()), "If-None-Match": "*" });
    expect(bad.status).toBe(400);
  });

  it("answers 200 again after a bump, which leaves the version alone", async () => {
    const { name, headers } = await aPerson();
    await patch(name, { version: 0, lastLoginTime: "2019-01-01T00:00:00Z" });
    const before = await tag(name);
    await call("POST", "/auth/bump", headers);
    expect((await asked(name, before)).body.version).toBe(1);
  });

  it("means nothing to the other calls", async () => {
    const name = await aName();
    const headers = { "If-None-Match": "*" };
    expect((await call("GET", "/user", { ...(await asBearer()), ...headers })).status).toBe(200);
    expect((await patch(name, { version: 0 }, headers)).status).toBe(200);
    expect((await remove(name, undefined, headers)).status).toBe(200);
  });
});

describe("If-Match", () => {
  it("stands in for the version of a PATCH", async () => {
    const name = await aName();
    const current = await tag(name);
    const answer = await patch(name, { role: "ADMIN" }, { "If-Match": `"x", ${current}` });
    expect(answer.body).toMatchObject({ role: "ADMIN", version: 1 });
    const again = await patch(name, { role: "USER" }, { "If-Match": current });
    expect([again.status, again.body]).toEqual([400, NO_MATCH]);
    expect((await patch(name, { role: "USER" }, { "If-Match": tagOf(answer) })).body.version).toBe(2);
  });

  it("means whatever the version as *", async () => {
    const name = await aName();
    for (const version of [1, 2]) {
      expect((await patch(name, {}, { "If-Match": "*" })).body.version).toBe(version);
    }
    expect((await remove(name, undefined, { "If-Match": "*" })).status).toBe(200);
    expect((await remove(name, undefined, { "If-Match": "*" })).status).toBe(404);
  });

  it("never matches a weak or another tag", async () => {
    const name = await aName();
    for (const value of [`W/${await tag(name)}`, '"x"', `"a" , W/${await tag(name)}`]) {
      for (const { status, body } of [
        await patch(name, {}, { "If-Match": value }),
        await remove(name, undefined, { "If-Match": value }),
      ]) {
        expect([status, body]).toEqual([400, NO_MATCH]);
      }
    }
    expect((await find(name)).body.version).toBe(0);
  });

  it.each([",", "x", '"', '"a" "b"', '*, "a"', 'w/"a"', '"a", b', "W/"])("refuses %j as no list", async (value) => {
    const name = await aName();
    for (const { status, body } of [
      await patch(name, { version: 0 }, { "If-Match": value }),
      await remove(name, { version: 0 }, { "If-Match": value }),
    ]) {
      expect([status, body]).toEqual([400, NO_LIST]);
    }
    expect((await find(name)).body.version).toBe(0);
  });

  it("has to hold together with the version", async () => {
    const name = await aName();
    const current = await tag(name);
    expectIssue(await patch(name, { version: 1 }, { "If-Match": current }), "version");
    expectIssue(await remove(name, { version: 1 }, { "If-Match": "*" }), "version");
    expect((await patch(name, { version: 0 }, { "If-Match": '"x"' })).body).toEqual(NO_MATCH);
    expect((await patch(name, { version: 9 }, { "If-Match": '"x"' })).body).toEqual(NO_MATCH);
    expect((await patch(name, { version: 0 }, { "If-Match": current })).status).toBe(200);
  });

  it("is looked at after the members and after a USER's wish for a role", async () => {
    const { name, headers } = await aPerson();
    const asHim = (body: unknown) => call("PATCH", userPath(name), { ...headers, "If-Match": '"x"' }, body);
    expectIssue(await asHim({ extra: 1 }), "extra");
    expect((await asHim({ role: "ADMIN" })).status).toBe(401);
    expect((await asHim({})).body).toEqual(NO_MATCH);
  });

  it("notices a bump", async () => {
    const { name, headers } = await aPerson();
    await patch(name, { version: 0, lastLoginTime: "2019-01-01T00:00:00Z" });
    const before = await tag(name);
    await call("POST", "/auth/bump", headers);
    expect((await patch(name, {}, { "If-Match": before })).body).toEqual(NO_MATCH);
  });

  it("notices another user of the same name", async () => {
    const name = await aName();
    const before = await tag(name);
    await remove(name);
    await register({ name });
    expect((await remove(name, undefined, { "If-Match": before })).body).toEqual(NO_MATCH);
  });

  it("lets exactly one of twenty concurrent patches of a tag through", async () => {
    const name = await aName();
    const headers = { "If-Match": await tag(name) };
    const answers = await Promise.all(Array.from({ length: 20 }, () => patch(name, {}, headers)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status !== 200).map(({ body }) => body)).toEqual(
      Array.from({ length: 19 }, () => NO_MATCH),
    );
    expect((await find(name)).body.version).toBe(1);
  });

  it("lets all of twenty concurrent patches of * through, one version each", async () => {
    const name = await aName();
    const answers = await Promise.all(Array.from({ length: 20 }, () => patch(name, {}, { "If-Match": "*" })));
    const versions = answers.map(({ body }) => body.version).sort((a, b) => a - b);
    expect(versions).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
  });

  it("deletes only what was seen", async () => {
    const name = await aName();
    const current = await tag(name);
    await deactivate(name);
    await patch(name, { version: 0 });
    expect((await remove(name, undefined, { "If-Match": current })).body).toEqual(NO_MATCH);
    expect((await list(`name=${name}`)).body.totalCount).toBe(1);
    expect((await remove(name, undefined, { "If-Match": await tag(name) })).status).toBe(200);
  });
});
