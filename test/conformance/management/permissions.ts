import { describe, expect, it } from "vitest";
import { asAdmin, call, rows, tokenFor, unique, xAuth } from "../../support/http.ts";
import { asLastAdministrators } from "./last-administrators.ts";
import {
  added,
  aHolder,
  expectOk,
  expectRefusal,
  grant,
  granted,
  permissionsOf,
  remove,
  revoke,
  roleOf,
  setRole,
} from "./support.ts";

const CALLS = [
  ["PUT", grant],
  ["DELETE", revoke],
] as const;

const already = (permission: string) => `User already has permission ${permission}`;
const lacking = (permission: string) => `User does not have permission ${permission}`;
const PROTECTED = "This administrator cannot be removed";

describe("PUT and DELETE /user/permission", () => {
  it("grants and takes, and answers with name and permission", async () => {
    const name = await added();
    const shape = `{"username":"${name}","permission":"herqles.job.create"}`;
    expect((await grant(name, "herqles.job.create")).text).toBe(shape);
    expect(await permissionsOf(name)).toEqual(["herqles.job.create"]);
    expect((await revoke(name, "herqles.job.create")).text).toBe(shape);
    expect(await permissionsOf(name)).toEqual([]);
  });

  it("finds the user in any letter case and gives the stored spelling", async () => {
    const name = await added(unique("Mixed"));
    for (const deed of [grant, revoke]) {
      expectOk(await deed(name.toUpperCase(), "billing.read"), { username: name, permission: "billing.read" });
    }
  });

  it("stores any well-formed permission, in the order of granting", async () => {
    const name = await added();
    const segments = Array.from({ length: 16 }, (_, at) => `s${at}`).join(".");
    const all = ["zeta", "0-_A.*", segments, "p".repeat(256), "*.*", "__proto__", "Zeta"];
    await granted(name, ...all);
    expect(await permissionsOf(name)).toEqual(all);
    expect(await roleOf(name)).toBe("USER");
  });

  it.each([
    ["the same", "herqles.user.add", "herqles.user.add"],
    ["a prefix", "herqles.user", "herqles.user.add"],
    ["a wildcard", "herqles.*.get", "herqles.job.get"],
    ["a wildcard and a prefix", "*.*", "herqles.job.get"],
  ])("does not grant what %s allows already", async (_, stored, wanted) => {
    const name = await added();
    await granted(name, stored);
    expectRefusal(await grant(name, wanted), 409, already(wanted));
    expect(await permissionsOf(name)).toEqual([stored]);
  });

  it("appends a broader permission and keeps the narrower ones", async () => {
    const name = await added();
    await granted(name, "herqles.user.add", "herqles.user.get", "herqles.user", "herqles.*", "herqles");
    expect(await permissionsOf(name)).toEqual([
      "herqles.user.add",
      "herqles.user.get",
      "herqles.user",
      "herqles.*",
      "herqles",
    ]);
  });

  it("takes what is stored to the letter and keeps the order of the others", async () => {
    const name = await added();
    await granted(name, "a", "b.c", "d", "e");
    for (const absent of ["b", "b.c.d", "B.c", "a.x", "b.*", "*"]) {
      expectRefusal(await revoke(name, absent), 409, lacking(absent));
    }
    await revoke(name, "b.c");
    expect(await permissionsOf(name)).toEqual(["a", "d", "e"]);
    await granted(name, "b.c");
    expect(await permissionsOf(name)).toEqual(["a", "d", "e", "b.c"]);
  });

  it("makes an administrator of whoever is granted *, and a user again of whoever loses it", async () => {
    const name = await added();
    await granted(name, "billing", "*");
    expect([await roleOf(name), await permissionsOf(name)]).toEqual(["ADMIN", ["billing", "*"]]);
    expectRefusal(await grant(name, "anything.else"), 409, already("anything.else"));
    expectRefusal(await grant(name, "*"), 409, already("*"));
    expectOk(await revoke(name, "*"), { username: name, permission: "*" });
    expect([await roleOf(name), await permissionsOf(name)]).toEqual(["USER", ["billing"]]);
  });

  it("counts an administrator of another dialect as holder of everything, with nothing stored", async () => {
    const name = await added();
    await setRole(name, "ADMIN");
    for (const permission of ["*", "herqles.user.add", "billing"]) {
      expectRefusal(await grant(name, permission), 409, already(permission));
    }
    expectRefusal(await revoke(name, "*"), 409, lacking("*"));
    expect([await roleOf(name), await permissionsOf(name)]).toEqual(["ADMIN", []]);
  });

  it("takes a stored * with the role that another dialect takes", async () => {
    const name = await added();
    await granted(name, "billing", "*");
    await setRole(name, "USER");
    expect(await permissionsOf(name)).toEqual(["billing"]);
  });

  it("takes other permissions of an administrator", async () => {
    const name = await added();
    await granted(name, "billing", "*");
    expectOk(await revoke(name, "billing"), { username: name, permission: "billing" });
    expect([await roleOf(name), await permissionsOf(name)]).toEqual(["ADMIN", ["*"]]);
  });

  it("never takes * from the bootstrap administrator", async () => {
    await rows("INSERT INTO permissions (user_id, permission) SELECT id, '*' FROM users WHERE bootstrap");
    try {
      const other = await aHolder("*");
      for (const headers of [await asAdmin(), other.headers]) {
        expectRefusal(await revoke("admin", "*", headers), 403, PROTECTED);
      }
      expect([await roleOf("admin"), await permissionsOf("admin")]).toEqual(["ADMIN", ["*"]]);
    } finally {
      await rows("DELETE FROM permissions WHERE user_id = (SELECT id FROM users WHERE bootstrap)");
    }
  });

  it("never takes * from the last active administrator", async () => {
    const { name, headers } = await aHolder("*");
    await asLastAdministrators([name], async () => {
      expectRefusal(await revoke(name, "*", headers), 403, PROTECTED);
    });
    expect([await roleOf(name), await permissionsOf(name)]).toEqual(["ADMIN", ["*"]]);
  });

  it("leaves one of two administrators who take * from each other at once", async () => {
    const [one, other] = [await aHolder("*"), await aHolder("*")];
    await asLastAdministrators([one.name, other.name], async () => {
      const answers = await Promise.all([revoke(other.name, "*", one.headers), revoke(one.name, "*", other.headers)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
      expect(await rows("SELECT name FROM users WHERE role = 'ADMIN' AND state = 'active'")).toHaveLength(1);
    });
  });

  it("lets an administrator give up * while there is another", async () => {
    const { name, headers } = await aHolder("*");
    expectOk(await revoke(name, "*", headers), { username: name, permission: "*" });
    expectRefusal(await call("GET", "/user/admin", headers), 403, "Invalid permissions");
  });

  it.each(CALLS)("%s needs a permission of its own", async (method, deed) => {
    const name = await added();
    const own = method === "PUT" ? "herqles.user.permission.add" : "herqles.user.permission.delete";
    const other = method === "PUT" ? "herqles.user.permission.delete" : "herqles.user.permission.add";
    const lesser = await aHolder(other, "herqles.user.get", "a");
    expectRefusal(await deed(name, "a", lesser.headers), 403, "Invalid user permissions");
    const holder = await aHolder(own, "a");
    if (method === "DELETE") await granted(name, "a");
    expectOk(await deed(name, "a", holder.headers), { username: name, permission: "a" });
  });

  it.each(CALLS)("%s refuses a body in the order of its fields", async (method) => {
    const refused = async (body: unknown, message: string) =>
      expectRefusal(await call(method, "/user/permission", await asAdmin(), body), 400, message);
    await refused({}, "Missing username");
    for (const username of [null, ""]) await refused({ username, permission: 5 }, "Missing username");
    for (const username of [5, true, [], {}]) await refused({ username }, "Invalid username");
    for (const permission of [undefined, null, ""]) await refused({ username: "u", permission }, "Missing permission");
  });

  it.each(CALLS)("%s refuses what is no permission before it looks for the user", async (_, deed) => {
    const seventeen = Array(17).fill("s").join(".");
    const bad = [5, true, [], {}, ".", "a.", ".a", "a..b", "a b", "a/b", "é", "**", "a*", "*a.b", "a\n", "a:b"];
    for (const permission of [...bad, seventeen, "p".repeat(257), "\ud800"]) {
      expectRefusal(await deed(unique("nobody"), permission), 400, "Invalid permission");
    }
  });

  it.each(CALLS)("%s does not know a user who is not there", async (_, deed) => {
    const gone = await added();
    await remove(gone);
    for (const name of [unique("nobody"), gone, "a b", "..", "token"]) {
      expectRefusal(await deed(name, "billing"), 404, "User does not exist");
    }
  });

  it("grants one permission once when asked twelve times at once", async () => {
    for (const permission of ["billing.read", "*"]) {
      const name = await added();
      const answers = await Promise.all(Array.from({ length: 12 }, () => grant(name, permission)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(11).fill(409)]);
      for (const answer of answers.filter(({ status }) => status === 409)) {
        expectRefusal(answer, 409, already(permission));
      }
      expect(await permissionsOf(name)).toEqual([permission]);
    }
  });

  it("takes one permission once when asked twelve times at once", async () => {
    for (const permission of ["billing.read", "*"]) {
      const name = await added();
      await granted(name, permission);
      const answers = await Promise.all(Array.from({ length: 12 }, () => revoke(name, permission)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(11).fill(409)]);
      expect([await roleOf(name), await permissionsOf(name)]).toEqual(["USER", []]);
    }
  });

  it("keeps role and * together when both are asked for at once", async () => {
    const name = await added();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, at) => (at % 2 ? grant(name, "*") : revoke(name, "*"))),
    );
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect(await roleOf(name)).toBe((await permissionsOf(name)).includes("*") ? "ADMIN" : "USER");
  });

  it("serves a name of 256 characters beyond the basic plane like any other", async () => {
    const name = unique("n") + "😀".repeat(256 - unique("n").length);
    await added(name);
    expectOk(await grant(name, "billing"), { username: name, permission: "billing" });
    expectOk(await revoke(name, "billing"), { username: name, permission: "billing" });
    const headers = xAuth(await tokenFor(name, "a-password"));
    const body = { username: name, password: "second" };
    expectOk(await call("PUT", "/user/password", headers, body), { username: name });
  });
});
