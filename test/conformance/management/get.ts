import { describe, expect, it } from "vitest";
import { asAdmin, call, unique, xAuth } from "../../support/http.ts";
import { added, aHolder, deactivate, expectOk, expectRefusal, granted, setRole, show } from "./support.ts";

describe("GET /user/{username}", () => {
  it("gives the name and the permissions in the order of granting, and nothing else", async () => {
    const name = await added();
    await granted(name, "zeta.b", "alpha", "herqles.user.get", "*.audit");
    const { status, body } = await show(name);
    expect(status).toBe(200);
    expect(Object.entries(body)).toEqual([
      ["username", name],
      ["permissions", ["zeta.b", "alpha", "herqles.user.get", "*.audit"]],
    ]);
  });

  it("shows somebody to himself without a permission, in any letter case", async () => {
    const { name, headers } = await aHolder();
    for (const spelling of [name, name.toUpperCase()]) {
      expectOk(await call("GET", `/user/${spelling}`, headers), { username: name, permissions: [] });
    }
  });

  it("shows others to holders of herqles.user.get only", async () => {
    const other = await added();
    const { headers } = await aHolder("herqles.user.add", "herqles.user.get.all");
    expectRefusal(await call("GET", `/user/${other}`, headers), 403, "Invalid permissions");
    const allowed = await aHolder("herqles.user.get");
    expectOk(await call("GET", `/user/${other}`, allowed.headers), { username: other, permissions: [] });
  });

  it("tells that a user does not exist before it looks at the permission", async () => {
    const { headers } = await aHolder();
    expectRefusal(await call("GET", `/user/${unique("nobody")}`, headers), 404, "User does not exist");
  });

  it("looks at the credential before it looks for the user", async () => {
    expectRefusal(await call("GET", `/user/${unique("nobody")}`, xAuth("bad")), 403, "Invalid API Token");
    expectRefusal(await call("GET", `/user/${unique("nobody")}`, xAuth("")), 400, "Missing API Token");
  });

  it("gives the stored spelling", async () => {
    const name = await added(unique("Šárka"));
    for (const spelling of [name, name.toLowerCase(), name.toUpperCase()]) {
      expectOk(await show(encodeURIComponent(spelling)), { username: name, permissions: [] });
    }
  });

  it("shows nothing stored for a fresh administrator", async () => {
    const name = await added();
    await setRole(name, "ADMIN");
    expectOk(await show(name), { username: name, permissions: [] });
    expectOk(await show("admin"), { username: "admin", permissions: [] });
  });

  it("shows an inactive user like any other", async () => {
    const name = await added();
    await deactivate(name);
    expectOk(await show(name), { username: name, permissions: [] });
  });

  it.each([
    "%zz",
    "%",
    "%ff",
    "%e0%80%80",
    "a%20b",
    "%00",
    "a%2Fb",
    "a%3Fb",
    "a%23b",
    "%0a",
    "n".repeat(257),
    "constructor-",
  ])("does not know %s", async (segment) => {
    expectRefusal(await show(segment), 404, "User does not exist");
  });

  it.each(["TOKEN", "Add", "Password", "PERMISSION", "identity"])(
    "takes %s for a name, which nobody has",
    async (name) => {
      expectRefusal(await show(name), 404, "User does not exist");
    },
  );

  it("ignores query parameters", async () => {
    const name = await added();
    expectOk(await show(`${name}?view=full&page=x&page=y`), { username: name, permissions: [] });
  });

  it("answers HEAD as GET, without a body", async () => {
    const { name, headers } = await aHolder();
    const other = await added();
    const nobody = unique("nobody");
    for (const [path, sent] of [
      [`/user/${name}`, headers],
      [`/user/${other}`, headers],
      [`/user/${nobody}`, headers],
      [`/user/${name}`, xAuth("bad")],
      [`/user/${name}`, xAuth("")],
    ] as const) {
      const [head, get] = [await call("HEAD", path, sent), await call("GET", path, sent)];
      expect([head.status, head.text]).toEqual([get.status, ""]);
      expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"));
      expect(head.headers.get("cache-control")).toBe("no-store");
    }
  });

  it("knows a deleted user no more", async () => {
    const name = await added();
    await call("DELETE", `/user/${name}`, await asAdmin());
    expectRefusal(await show(name), 404, "User does not exist");
  });
});
