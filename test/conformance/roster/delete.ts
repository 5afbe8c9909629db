import { describe, expect, it } from "vitest";
import { ADMIN, asAdmin, call, rows, unique } from "../../support/http.ts";
import {
  aName,
  aPerson,
  BODY_BYTES_MAX,
  expectIssue,
  find,
  list,
  logIn,
  NOBODY,
  patch,
  register,
  remove,
  said,
  statuses,
  userPath,
} from "./support.ts";

const DELETED = { message: "Successfully Deleted", success: true };
const PROTECTED = said("This user cannot be deleted");

describe("DELETE /user/{name}", () => {
  it("deletes a user, once", async () => {
    const name = await aName();
    const { status, body } = await remove(name);
    expect([status, body]).toEqual([200, DELETED]);
    for (const again of [await remove(name), await find(name), await patch(name, { version: 0 })]) {
      expect([again.status, again.body]).toEqual([404, NOBODY]);
    }
  });

  it("ends what the user held", async () => {
    const { name, headers, token, password } = await aPerson();
    await call("PUT", "/user/permission", await asAdmin(), { username: name, permission: "herqles.user.get" });
    await remove(name);
    expect((await call("GET", userPath(name), headers)).status).toBe(401);
    expect((await call("GET", userPath(name), { "X-Auth-Token": token })).status).toBe(403);
    expect((await logIn(name, password)).status).toBe(401);
  });

  it("sets the name free for a user who starts afresh", async () => {
    const { name } = await aPerson({ role: "ADMIN" });
    await call("PUT", "/user/permission", await asAdmin(), { username: name, permission: "herqles.job" });
    await patch(name, { version: 0, email: `${name}@example.org` });
    await remove(name);
    expect((await register({ name, email: `${name}@example.org` })).body).toMatchObject({ role: "USER", version: 0 });
    expect((await find(name)).body).not.toHaveProperty("lastLoginTime");
    expect((await call("GET", userPath(name), await asAdmin())).body).toEqual({ username: name, permissions: [] });
  });

  it("leaves a tombstone behind", async () => {
    const name = await aName();
    await remove(name);
    expect(await rows("SELECT name FROM deleted_users WHERE name = ?", name)).toEqual([{ name }]);
  });

  it("compares a version when it is given one", async () => {
    const name = await aName();
    await patch(name, { version: 0 });
    const stale = await remove(name, { version: 0 });
    expect(stale.body).toEqual(said("An issue in the payload was discovered: version: is stale"));
    expect((await remove(name, { version: 1 })).body).toEqual(DELETED);
  });

  it.each(["", "{}"])("needs no version: body %j", async (body) => {
    expect((await remove(await aName(), body)).body).toEqual(DELETED);
  });

  it.each<[unknown, string]>([
    ["{", "body"],
    ["[]", "body"],
    ["null", "body"],
    ["5", "body"],
    ['"x"', "body"],
    [{ name: "x" }, "name"],
    [{ version: 0, force: true }, "force"],
    ['{"__proto__":1}', "__proto__"],
    [{ version: "0" }, "version"],
    [{ version: null }, "version"],
    [{ version: 0.5 }, "version"],
    [{ version: -1 }, "version"],
  ])("refuses the body %j and deletes nobody", async (body, member) => {
    const name = await aName();
    expectIssue(await remove(name, body), member);
    expect((await find(name)).status).toBe(200);
  });

  it("looks for the user before the body, and at the body before protection", async () => {
    expect((await remove(unique("nobody"), "{")).body).toEqual(NOBODY);
    expectIssue(await remove(ADMIN.username, "{"), "body");
    expectIssue(await remove(ADMIN.username, { version: 9_999 }), "version");
    const name = await aName();
    expect((await remove(name, "x".repeat(BODY_BYTES_MAX + 1))).status).toBe(413);
    expect((await find(name)).status).toBe(200);
  });

  it("lets exactly one of twenty deletions at once through", async () => {
    const name = await aName();
    const before = (await list("perPage=1")).body.totalCount;
    const answers = await Promise.all(Array.from({ length: 20 }, () => remove(name)));
    expect(statuses(answers)).toEqual([200, ...Array.from({ length: 19 }, () => 404)]);
    expect((await list("perPage=1")).body.totalCount).toBe(before - 1);
  });

  it("settles patches and a deletion at once: nothing comes after the deletion", async () => {
    const name = await aName();
    const patches = Array.from({ length: 10 }, () => patch(name, { role: "USER" }, { "If-Match": "*" }));
    const [deleted, ...patched] = await Promise.all([remove(name), ...patches]);
    expect(deleted?.status).toBe(200);
    expect(patched.every(({ status }) => status === 200 || status === 404)).toBe(true);
    expect((await find(name)).status).toBe(404);
  });

  it("lets an administrator delete himself", async () => {
    const { name, headers } = await aPerson({ role: "ADMIN" });
    expect((await call("DELETE", userPath(name), headers)).body).toEqual(DELETED);
    expect((await call("GET", "/user", headers)).status).toBe(401);
  });
});

describe("the bootstrap administrator", () => {
  it("cannot be deleted or demoted, by himself or by another", async () => {
    const { headers } = await aPerson({ role: "ADMIN" });
    const { version } = (await find(ADMIN.username)).body;
    for (const answer of [await remove(ADMIN.username), await call("DELETE", userPath(ADMIN.username), headers)]) {
      expect([answer.status, answer.body]).toEqual([400, PROTECTED]);
    }
    expectIssue(await patch(ADMIN.username, { version, role: "USER", email: null }), "role");
    expectIssue(await call("PATCH", userPath(ADMIN.username), headers, { version, role: "USER" }), "role");
    const { body } = await find(ADMIN.username, "view=full");
    expect(body).toMatchObject({ role: "ADMIN", state: "active", version, email: "admin@localhost.localdomain" });
  });

  it("can be patched otherwise", async () => {
    const { version } = (await find(ADMIN.username)).body;
    const { status, body } = await patch(ADMIN.username, { version, role: "ADMIN" });
    expect([status, body.version]).toEqual([200, version + 1]);
  });

  it("is told of a stale version before he is told that he is protected", async () => {
    const answer = await patch(ADMIN.username, { version: 9_999, role: "USER" });
    expectIssue(answer, "version");
    expect(answer.body.message).not.toContain("role:");
  });
});

describe("the last active administrator", () => {
  /** Makes these the only active administrators for the time of a deed. */
  async function alone(names: string[], deed: () => Promise<void>): Promise<void> {
    const others = names.map(() => "?").join();
    await rows("UPDATE users SET bootstrap = 0 WHERE name = ?", ADMIN.username);
    await rows(`UPDATE users SET role = 'USER' WHERE role = 'ADMIN' AND name NOT IN (${others})`, ...names);
    try {
      await deed();
    } finally {
      await rows("UPDATE users SET role = 'ADMIN', bootstrap = 1 WHERE name = ?", ADMIN.username);
    }
  }

  it("cannot be deleted or demoted, an inactive one beside him not counting", async () => {
    const [{ name, headers }, inactive] = await Promise.all([aPerson({ role: "ADMIN" }), aName({ role: "ADMIN" })]);
    await rows("UPDATE users SET state = 'inactive' WHERE name = ?", inactive);
    await alone([name, inactive], async () => {
      const { status, body } = await call("DELETE", userPath(name), headers);
      expect([status, body]).toEqual([400, PROTECTED]);
      expectIssue(await call("PATCH", userPath(name), headers, { version: 0, role: "USER" }), "role");
      const { body: patched } = await call("PATCH", userPath(name), headers, {
        version: 0,
        email: `${name}@example.org`,
      });
      expect(patched).toMatchObject({ role: "ADMIN", version: 1 });
      expect((await call("DELETE", userPath(inactive), headers)).status).toBe(200);
    });
  });

  it("is left over when two administrators delete or demote each other at once", async () => {
    for (const deed of ["DELETE", "PATCH"]) {
      const [one, two] = await Promise.all([aPerson({ role: "ADMIN" }), aPerson({ role: "ADMIN" })]);
      await alone([one.name, two.name], async () => {
        const body = deed === "PATCH" ? { version: 0, role: "USER" } : undefined;
        const answers = await Promise.all([
          call(deed, userPath(two.name), one.headers, body),
          call(deed, userPath(one.name), two.headers, body),
        ]);
        const through = answers.filter(({ status }) => status === 200);
        expect([deed, through.length]).toEqual([deed, 1]);
        expect(answers.every(({ status }) => [200, 400, 401].includes(status))).toBe(true);
        const left = await rows("SELECT count(*) AS n FROM users WHERE role = 'ADMIN' AND state = 'active'");
        expect(left).toEqual([{ n: 1 }]);
      });
    }
  });
});
