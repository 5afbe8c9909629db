import { describe, expect, it } from "vitest";
import { asAdmin, asBearer, aUser, bearer, call, tokenFor, xAuth } from "../../support/http.ts";
import {
  add,
  aHolder,
  deactivate,
  expectOk,
  expectRefusal,
  granted,
  logIn,
  remove,
  revoke,
  setPassword,
} from "./support.ts";

const BAD = "Invalid API Token";

describe("revocation", () => {
  it("refuses every token of a user in the request after his password changed", async () => {
    const { name, password, token } = await aUser();
    const tokens = [token, await tokenFor(name, password), await tokenFor(name, password)];
    for (const each of tokens) expect((await call("GET", `/user/${name}`, xAuth(each))).status).toBe(200);
    expectOk(await setPassword(name, "second"), { username: name });
    for (const each of tokens) {
      expectRefusal(await call("GET", `/user/${name}`, xAuth(each)), 403, BAD);
      expectRefusal(await call("POST", "/user/add", bearer(each), {}), 403, BAD);
    }
  });

  it("refuses the token that its own user changed the password with", async () => {
    const { name, headers } = await aHolder();
    expectOk(await setPassword(name, "second", headers), { username: name });
    expectRefusal(await call("GET", `/user/${name}`, headers), 403, BAD);
    expectRefusal(await setPassword(name, "third", headers), 403, BAD);
  });

  it("ends tokens also where the new password is the old one", async () => {
    const { name, password, headers } = await aHolder();
    expectOk(await setPassword(name, password), { username: name });
    expectRefusal(await call("GET", `/user/${name}`, headers), 403, BAD);
    const token = await tokenFor(name, password);
    expectOk(await call("GET", `/user/${name}`, xAuth(token)), { username: name, permissions: [] });
  });

  it("refuses a roster log-in of before the change", async () => {
    const { name, password } = await aUser();
    const { body } = await call("POST", "/auth/login", { Authorization: `Basic ${btoa(`${name}:${password}`)}` }, {});
    expect((await call("GET", `/user/${name}`, bearer(body.token))).status).toBe(200);
    await setPassword(name, "second");
    expect((await call("GET", `/user/${name}`, bearer(body.token))).status).toBe(401);
    expectRefusal(await call("GET", `/user/${name}`, xAuth(body.token)), 403, BAD);
  });

  it("leaves the tokens of others alone", async () => {
    const [changed, other] = [await aUser(), await aUser()];
    await setPassword(changed.name, "second");
    await remove(changed.name);
    expect((await call("GET", `/user/${other.name}`, xAuth(other.token))).status).toBe(200);
  });

  it("lets no log-in with the old password outlive the change", async () => {
    const { name, password } = await aUser();
    const [, ...logIns] = await Promise.all([
      setPassword(name, "second"),
      ...Array.from({ length: 8 }, () => logIn(name, password)),
    ]);
    for (const { status, body } of logIns) {
      expect([200, 401]).toContain(status);
      if (status === 200) expectRefusal(await call("GET", `/user/${name}`, xAuth(body.token)), 403, BAD);
    }
  });

  it("lets no log-in outlive the deletion of its user", async () => {
    const { name, password } = await aUser();
    const [, ...logIns] = await Promise.all([remove(name), ...Array.from({ length: 8 }, () => logIn(name, password))]);
    for (const { status, body } of logIns) {
      expect([200, 401]).toContain(status);
      if (status === 200) expectRefusal(await call("GET", `/user/${name}`, xAuth(body.token)), 403, BAD);
    }
  });

  it("does not revive a token when its user's name is taken again", async () => {
    const { name, password, headers } = await aHolder();
    await remove(name);
    await add(name, password);
    expectRefusal(await call("GET", `/user/${name}`, headers), 403, BAD);
  });

  it("refuses every token of an inactive user", async () => {
    const { name, headers } = await aHolder("herqles");
    expect((await call("GET", "/user/admin", headers)).status).toBe(200);
    await deactivate(name);
    expectRefusal(await call("GET", "/user/admin", headers), 403, BAD);
    expectRefusal(await call("DELETE", `/user/${name}`, headers), 403, BAD);
  });

  it("refuses a logged-out token", async () => {
    const { name, token, headers } = await aHolder();
    expect((await call("POST", "/auth/logout", bearer(token))).status).toBe(200);
    expectRefusal(await call("GET", `/user/${name}`, headers), 403, BAD);
  });

  it("lets a permission count from the next request on, with the same token", async () => {
    const { name, headers } = await aHolder();
    const asked = () => call("GET", "/user/admin", headers);
    expectRefusal(await asked(), 403, "Invalid permissions");
    await granted(name, "herqles.user.get");
    expectOk(await asked(), { username: "admin", permissions: [] });
    await revoke(name, "herqles.user.get");
    expectRefusal(await asked(), 403, "Invalid permissions");
  });

  it("lets the administrator's permission count from the next request on, in every dialect", async () => {
    const { name, token, headers } = await aHolder();
    const asked = async () => [
      (await call("GET", "/user/admin", headers)).status,
      (await call("GET", "/user", bearer(token))).status,
      (await call("GET", "/v1/tasks", headers)).status,
    ];
    expect(await asked()).toEqual([403, 401, 403]);
    await granted(name, "*");
    expect(await asked()).toEqual([200, 200, 200]);
    await revoke(name, "*");
    expect(await asked()).toEqual([403, 401, 403]);
  });

  it("keeps the administrator's own tokens when he changes another's password", async () => {
    const { name } = await aUser();
    await setPassword(name, "second");
    expect((await call("GET", `/user/${name}`, await asAdmin())).status).toBe(200);
    expect((await call("GET", `/user/${name}`, await asBearer())).status).toBe(200);
  });
});
