import { describe, expect, it } from "vitest";
import { asAdmin, asBearer, call, tokenFor, unique, xAuth } from "../../support/http.ts";
import {
  aName,
  aPerson,
  deactivate,
  find,
  list,
  NOBODY,
  namesIn,
  patch,
  register,
  remove,
  userPath,
} from "./support.ts";

const permission = async (method: "PUT" | "DELETE", username: string, named: string) =>
  call(method, "/user/permission", await asAdmin(), { username, permission: named });
const permissionsOf = async (name: string) => (await call("GET", userPath(name), await asAdmin())).body.permissions;

describe("what is done in another dialect", () => {
  it("shows a user that management made at the end of the order", async () => {
    const name = unique("added");
    const before = (await list("perPage=1")).body.totalCount;
    await call("POST", "/user/add", await asAdmin(), { username: name, password: "p" });
    const { body } = await find(name);
    expect(Object.keys(body)).toEqual(["creationTime", "name", "role", "version"]);
    expect(body).toMatchObject({ role: "USER", version: 0 });
    expect((await list("perPage=1")).body.totalCount).toBe(before + 1);
    expect(namesIn(await list(`perPage=1&page=${before + 1}`))).toEqual([name]);
  });

  it("shows a role given and taken by management, each with the next version", async () => {
    const { name, headers } = await aPerson();
    expect((await permission("PUT", name, "*")).status).toBe(200);
    expect((await find(name)).body).toMatchObject({ role: "ADMIN", version: 1 });
    expect((await call("GET", "/user", headers)).status).toBe(200);
    expect((await list(`name=${name}&role=ADMIN`)).body.totalCount).toBe(1);
    expect((await permission("DELETE", name, "*")).status).toBe(200);
    expect((await find(name)).body).toMatchObject({ role: "USER", version: 2 });
    expect((await call("GET", "/user", headers)).status).toBe(401);
  });

  it("leaves the version at a grant, a token and a password", async () => {
    const { name } = await aPerson();
    await permission("PUT", name, "herqles.user.get");
    await permission("DELETE", name, "herqles.user.get");
    await call("PUT", "/user/password", await asAdmin(), { username: name, password: "another" });
    await tokenFor(name, "another");
    expect((await find(name)).body.version).toBe(0);
  });

  it("notes a log-in that gives a token", async () => {
    const name = await aName({ password: "p" });
    await call("PUT", "/user/token", {}, { username: name, password: "wrong" });
    expect((await find(name)).body).not.toHaveProperty("lastLoginTime");
    await tokenFor(name, "p");
    const { body } = await find(name);
    expect(body.version).toBe(0);
    expect(Math.abs(Date.parse(body.lastLoginTime) - Date.now())).toBeLessThan(60_000);
  });

  it("does not note a token in use", async () => {
    const { name, headers, token } = await aPerson();
    await patch(name, { version: 0, lastLoginTime: "2001-01-01T00:00:00Z" });
    await call("GET", userPath(name), headers);
    await call("GET", userPath(name), xAuth(token));
    expect((await find(name)).body.lastLoginTime).toBe("2001-01-01T00:00:00+00:00");
  });

  it("forgets a user whom management deleted", async () => {
    const name = await aName();
    const before = (await list("perPage=1")).body.totalCount;
    await call("DELETE", userPath(name), await asAdmin());
    expect((await find(name)).body).toEqual(NOBODY);
    expect((await list("perPage=1")).body.totalCount).toBe(before - 1);
  });

  it("lists and counts an inactive user, whose credentials are refused", async () => {
    const { name, headers } = await aPerson();
    const before = (await list("perPage=1")).body.totalCount;
    await deactivate(name);
    expect((await list("perPage=1")).body.totalCount).toBe(before);
    expect((await list(`name=${name}&state=inactive`)).body.totalCount).toBe(1);
    expect((await find(name, "view=full")).body.state).toBe("inactive");
    expect((await call("GET", userPath(name), headers)).status).toBe(401);
  });
});

describe("what is done in the roster", () => {
  it("lets a registered user into management, without a permission", async () => {
    const name = unique("here");
    await register({ name, password: "p" });
    expect(await tokenFor(name, "p")).toBeTruthy();
    expect(await permissionsOf(name)).toEqual([]);
  });

  it("gives all rights of management and workflow with the role ADMIN, and takes them with it", async () => {
    const { name, token } = await aPerson();
    const adds = async () =>
      (await call("POST", "/user/add", xAuth(token), { username: unique("by"), password: "p" })).status;
    const tasks = async () => (await call("GET", "/v1/tasks", xAuth(token))).status;
    expect([await adds(), await tasks()]).toEqual([403, 403]);
    await patch(name, { version: 0, role: "ADMIN" });
    expect([await adds(), await tasks()]).toEqual([200, 200]);
    await patch(name, { version: 1, role: "USER" });
    expect([await adds(), await tasks()]).toEqual([403, 403]);
  });

  it("takes the stored permission of everything away with the role", async () => {
    const name = await aName();
    await permission("PUT", name, "*");
    await patch(name, { version: 1, role: "USER" });
    expect(await permissionsOf(name)).toEqual([]);
  });

  it("deletes a user from every dialect", async () => {
    const { name, token, password } = await aPerson();
    await remove(name);
    expect((await call("GET", userPath(name), await asAdmin())).status).toBe(404);
    expect((await call("PUT", "/user/token", {}, { username: name, password })).status).toBe(401);
    expect((await call("GET", "/v1/tasks", xAuth(token))).status).toBe(401);
  });

  it("takes in management a token of the roster, and the other way round", async () => {
    const { name, password, headers } = await aPerson();
    expect((await call("POST", "/auth/bump", headers)).status).toBe(200);
    const basicLogin = await call("POST", "/auth/login", { Authorization: `Basic ${btoa(`${name}:${password}`)}` });
    expect((await call("GET", userPath(name), xAuth(basicLogin.body.token))).body).toEqual({
      username: name,
      permissions: [],
    });
    expect((await call("GET", userPath(name), await asBearer())).body.name).toBe(name);
  });
});
