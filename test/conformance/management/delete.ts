import { describe, expect, it } from "vitest";
import { ADMIN, asAdmin, call, rows, tokenFor, unique, xAuth } from "../../support/http.ts";
import { asLastAdministrators } from "./last-administrators.ts";
import {
  added,
  aGroup,
  aHolder,
  deactivate,
  expectOk,
  expectRefusal,
  logIn,
  remove,
  setRole,
  show,
} from "./support.ts";

describe("DELETE /user/{username}", () => {
  it("tells whom it deleted, and that identity and assignment went together", async () => {
    const name = await added();
    const { status, text } = await remove(name);
    expect([status, text]).toEqual([200, `{"username":"${name}","identity":true,"assignment":true}`]);
    expectRefusal(await show(name), 404, "User does not exist");
  });

  it("answers 200 with the name as in the path for whoever is not there", async () => {
    const name = unique("NoBody");
    for (const spelling of [name, name.toUpperCase(), "__proto__", "constructor", "%C3%A9"]) {
      const username = decodeURIComponent(spelling);
      await remove(spelling);
      expectOk(await remove(spelling), { username, identity: false, assignment: false });
    }
  });

  it("answers 200 for a name that nobody can have", async () => {
    for (const name of ["a b", "a/b", "a?b", "n".repeat(300)]) {
      expectOk(await remove(encodeURIComponent(name)), { username: name, identity: false, assignment: false });
    }
  });

  it("answers 200 with the name as in the path for a malformed escape", async () => {
    expectOk(await remove("%zz"), { username: "%zz", identity: false, assignment: false });
  });

  it("deletes only once", async () => {
    const name = await added(unique("Once"));
    expect((await remove(name.toLowerCase())).body).toEqual({ username: name, identity: true, assignment: true });
    const again = name.toLowerCase();
    expectOk(await remove(again), { username: again, identity: false, assignment: false });
  });

  it("ends tokens, permissions and memberships at once", async () => {
    const { name, password, headers } = await aHolder("herqles.user.get");
    await aGroup(name);
    const [user] = await rows("SELECT id FROM users WHERE name = ?", name);
    await remove(name);
    expectRefusal(await call("GET", `/user/${name}`, headers), 403, "Invalid API Token");
    expectRefusal(await logIn(name, password), 401, "Invalid username or password");
    for (const table of ["sessions", "permissions", "memberships"]) {
      expect(await rows(`SELECT * FROM ${table} WHERE user_id = ?`, user.id)).toEqual([]);
    }
  });

  it("deletes an inactive user too", async () => {
    const name = await added();
    await deactivate(name);
    expectOk(await remove(name), { username: name, identity: true, assignment: true });
  });

  it("needs herqles.user.delete, also for oneself and for whoever is not there", async () => {
    const { name, headers } = await aHolder("herqles.user.add", "herqles.user.get");
    for (const target of [name, unique("nobody"), "admin", "%zz"]) {
      expectRefusal(await call("DELETE", `/user/${target}`, headers), 403, "Invalid user permissions");
    }
    expect((await call("GET", `/user/${name}`, headers)).status).toBe(200);
  });

  it("lets somebody with the permission delete himself", async () => {
    const { name, headers } = await aHolder("herqles.user.delete");
    expectOk(await call("DELETE", `/user/${name}`, headers), { username: name, identity: true, assignment: true });
    expectRefusal(await call("DELETE", `/user/${name}`, headers), 403, "Invalid API Token");
  });

  it("lets nobody but an administrator delete an administrator", async () => {
    const administrator = await aHolder("*");
    const other = await aHolder("herqles");
    for (const name of [administrator.name, administrator.name.toUpperCase(), "admin"]) {
      expectRefusal(await call("DELETE", `/user/${name}`, other.headers), 403, "Invalid permissions");
    }
    expect((await call("GET", `/user/${administrator.name}`, administrator.headers)).status).toBe(200);
    expectOk(await remove(administrator.name), { username: administrator.name, identity: true, assignment: true });
  });

  it("lets an administrator delete himself while there is another", async () => {
    const { name, headers } = await aHolder("*");
    expectOk(await call("DELETE", `/user/${name}`, headers), { username: name, identity: true, assignment: true });
  });

  it("never deletes the bootstrap administrator", async () => {
    const other = await aHolder("*");
    for (const headers of [await asAdmin(), other.headers]) {
      for (const name of ["admin", "ADMIN"]) {
        expectRefusal(await call("DELETE", `/user/${name}`, headers), 403, "This administrator cannot be removed");
      }
    }
    expect((await logIn(ADMIN.username, ADMIN.password)).status).toBe(200);
  });

  it("never deletes the last active administrator", async () => {
    const name = await added();
    await setRole(name, "ADMIN");
    const headers = xAuth(await tokenFor(name, "a-password"));
    await asLastAdministrators([name], async () => {
      const answer = await call("DELETE", `/user/${name}`, headers);
      expectRefusal(answer, 403, "This administrator cannot be removed");
      expect((await call("GET", `/user/${name}`, headers)).status).toBe(200);
    });
  });

  it("leaves one of two administrators who delete each other at once", async () => {
    const [one, other] = [await aHolder("*"), await aHolder("*")];
    await asLastAdministrators([one.name, other.name], async () => {
      const answers = await Promise.all([
        call("DELETE", `/user/${other.name}`, one.headers),
        call("DELETE", `/user/${one.name}`, other.headers),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
      expect(await rows("SELECT name FROM users WHERE role = 'ADMIN' AND state = 'active'")).toHaveLength(1);
    });
  });

  it("reads no more of a body than it needs", async () => {
    const name = await added();
    const answer = await call("DELETE", `/user/${name}`, await asAdmin(), { username: "somebody-else" });
    expectOk(answer, { username: name, identity: true, assignment: true });
  });

  it("lets exactly one of ten calls delete a user", async () => {
    const name = await added();
    const answers = await Promise.all(Array.from({ length: 10 }, () => remove(name)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(answers.filter(({ body }) => body.identity && body.assignment)).toHaveLength(1);
    expect(answers.filter(({ body }) => !body.identity && !body.assignment)).toHaveLength(9);
  });
});
