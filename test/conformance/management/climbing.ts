import { describe, expect, it } from "vitest";
import { call, unique } from "../../support/http.ts";
import {
  added,
  aHolder,
  expectOk,
  expectRefusal,
  grant,
  granted,
  permissionsOf,
  revoke,
  roleOf,
  setPassword,
} from "./support.ts";

const CLIMBING = "Invalid permissions";

describe("what a permission gives", () => {
  it.each(["herqles", "herqles.*", "herqles.user", "*.user"])(
    "%s gives every call on users, and no role",
    async (stored) => {
      const { name, headers } = await aHolder(stored);
      const other = unique("user");
      const made = { [other]: true, identity: true, assignment: true };
      expectOk(await call("POST", "/user/add", headers, { username: other, password: "x" }), made);
      expectOk(await call("GET", `/user/${other}`, headers), { username: other, permissions: [] });
      expectOk(await setPassword(other, "y", headers), { username: other });
      const granted = { username: other, permission: `${stored}.user.get` };
      expectOk(await grant(other, granted.permission, headers), granted);
      expectOk(await revoke(other, granted.permission, headers), granted);
      expectOk(await call("DELETE", `/user/${other}`, headers), { username: other, identity: true, assignment: true });
      expect(await roleOf(name)).toBe("USER");
    },
  );

  it.each(["herqle", "herqles.user.add.x", "Herqles", "herqles.users", "herqles.job", "user.add", "herqles.*.get"])(
    "%s does not give POST /user/add",
    async (stored) => {
      const { headers } = await aHolder(stored);
      const body = { username: unique("user"), password: "x" };
      expectRefusal(await call("POST", "/user/add", headers, body), 403, "Invalid user permissions");
    },
  );

  it("herqles.*.get gives GET and nothing else", async () => {
    const { headers } = await aHolder("herqles.*.get");
    const other = await added();
    expectOk(await call("GET", `/user/${other}`, headers), { username: other, permissions: [] });
    expectRefusal(await call("DELETE", `/user/${other}`, headers), 403, "Invalid user permissions");
    expectRefusal(await grant(other, "herqles.job.get", headers), 403, "Invalid user permissions");
    expectRefusal(await setPassword(other, "x", headers), 403, CLIMBING);
  });

  it("* gives everything", async () => {
    const { headers } = await aHolder("*");
    const other = await added();
    expectOk(await grant(other, "anything.at.all", headers), { username: other, permission: "anything.at.all" });
    expectOk(await grant(other, "*", headers), { username: other, permission: "*" });
    expectOk(await revoke(other, "*", headers), { username: other, permission: "*" });
  });
});

describe("no climbing", () => {
  it("lets nobody grant what none of his own permissions allows", async () => {
    const { name, headers } = await aHolder("herqles.user.permission", "herqles.*.get", "billing.read");
    const other = await added();
    for (const beyond of [
      "*",
      "*.*",
      "herqles",
      "herqles.*",
      "herqles.user",
      "herqles.user.add",
      "herqles.user.*",
      "herqles.*",
      "billing",
      "billing.*",
      "billing.write",
      "Billing.read",
    ]) {
      expectRefusal(await grant(other, beyond, headers), 403, CLIMBING);
      expectRefusal(await grant(name, beyond, headers), 403, CLIMBING);
    }
    expect(await permissionsOf(other)).toEqual([]);
    expect(await permissionsOf(name)).toEqual(["herqles.user.permission", "herqles.*.get", "billing.read"]);
  });

  it("lets everybody grant what his own permissions allow", async () => {
    const { headers } = await aHolder("herqles.user.permission", "herqles.*.get", "billing.read");
    const other = await added();
    for (const permission of [
      "herqles.job.get",
      "herqles.user.get.names",
      "herqles.*.get",
      "billing.read.own",
      "billing.read",
      "herqles.user.permission.add",
      "herqles.user.permission",
    ]) {
      expectOk(await grant(other, permission, headers), { username: other, permission });
    }
  });

  it("says so before it tells whether the user exists or has it", async () => {
    const { headers } = await aHolder("herqles.user.permission");
    const administrator = await aHolder("*");
    const other = await added();
    await granted(other, "billing");
    for (const name of [other, administrator.name, unique("nobody")]) {
      expectRefusal(await grant(name, "billing", headers), 403, CLIMBING);
      expectRefusal(await revoke(name, "*", headers), 403, CLIMBING);
    }
    expectRefusal(await grant(unique("nobody"), "bill ing", headers), 400, "Invalid permission");
    expectRefusal(await grant(unique("nobody"), "herqles.user.permission.add", headers), 404, "User does not exist");
  });

  it("lets nobody but an administrator take *", async () => {
    const administrator = await aHolder("*");
    const { name, headers } = await aHolder("herqles", "*.*");
    for (const target of [administrator.name, "admin", name]) {
      expectRefusal(await revoke(target, "*", headers), 403, CLIMBING);
    }
    expect(await roleOf(administrator.name)).toBe("ADMIN");
  });

  it("lets everybody with the right take other permissions, his own lacking or not", async () => {
    const { headers } = await aHolder("herqles.user.permission.delete");
    const other = await added();
    await granted(other, "billing", "*.audit");
    for (const permission of ["billing", "*.audit"]) {
      expectOk(await revoke(other, permission, headers), { username: other, permission });
    }
  });

  it("lets somebody grant himself a part of what he holds no more than once", async () => {
    const { name, headers } = await aHolder("herqles");
    expectRefusal(await grant(name, "herqles.user", headers), 409, "User already has permission herqles.user");
  });
});
