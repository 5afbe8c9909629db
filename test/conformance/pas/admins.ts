import { describe, expect, it } from "vitest";
import { asAdmin, call, xAuth } from "../../support/http.ts";
import { aJwt, anApiKey } from "../../support/keys.ts";
import { ask, entry, grant, revoke, rolesOf, type Somebody, somebody, userPath } from "./support.ts";

/** What each dialect takes somebody for. */
async function facesOf({ name, headers, token }: Somebody) {
  const { body } = await ask("GET", `/user/${name}`);
  return {
    pas: (await call("GET", "/auth/user", headers)).status === 200,
    default: (await rolesOf(name))["__default__"].includes("administrator"),
    roster: body.role === "ADMIN" && (await call("GET", "/user", headers)).status === 200,
    management: (await call("GET", "/user/admin", xAuth(token))).status === 200,
    workflow: (await call("GET", "/v1/notifications", xAuth(token))).status === 200,
  };
}

const ADMINISTRATOR = { pas: true, default: true, roster: true, management: true, workflow: true };
const NOBODY = { pas: false, default: false, roster: false, management: false, workflow: false };

const permission = async (method: string, username: string) =>
  call(method, "/user/permission", await asAdmin(), { username, permission: "*" });

async function setRole(name: string, role: string) {
  const { version } = (await ask("GET", `/user/${name}`)).body;
  return ask("PATCH", `/user/${name}`, { version, role });
}

/** How each dialect makes an administrator, and ends that. */
const SIDES = {
  pas: {
    make: (name: string) => grant("__default__", entry(name, "administrator")),
    end: (name: string) => revoke("__default__", entry(name, "administrator")),
  },
  roster: {
    make: (name: string) => setRole(name, "ADMIN"),
    end: (name: string) => setRole(name, "USER"),
  },
  management: {
    make: (name: string) => permission("PUT", name),
    end: (name: string) => permission("DELETE", name),
  },
};
type Side = keyof typeof SIDES;

const PAIRS: [Side, Side][] = [
  ["pas", "pas"],
  ["pas", "roster"],
  ["roster", "pas"],
  ["roster", "roster"],
  ["management", "pas"],
  ["management", "roster"],
  ["management", "management"],
];

describe("an administrator", () => {
  it.each(PAIRS)("whom %s makes and %s ends is one in every dialect, and then in none", async (maker, ender) => {
    const user = await somebody();
    expect(await facesOf(user)).toEqual(NOBODY);
    expect((await SIDES[maker].make(user.name)).status).toBe(200);
    expect(await facesOf(user)).toEqual(ADMINISTRATOR);
    expect((await SIDES[ender].end(user.name)).status).toBe(200);
    expect(await facesOf(user)).toEqual(NOBODY);
    // Nothing of it is left behind that would come back.
    expect((await call("GET", `/user/${user.name}`, xAuth(user.token))).body.permissions).toEqual([]);
  });

  it("holds nothing that management could take: only what it gave", async () => {
    const user = await somebody({ role: "ADMIN" });
    expect((await SIDES.management.end(user.name)).status).toBeGreaterThanOrEqual(400);
    expect(await facesOf(user)).toEqual(ADMINISTRATOR);
    expect((await call("GET", `/user/${user.name}`, xAuth(user.token))).body.permissions).toEqual([]);
  });

  it("is one by JWT and by key too, as long as he is one", async () => {
    const { name } = await somebody();
    const credentials = [{ Authorization: `JWT ${await aJwt(name)}` }, { "X-API-KEY": await anApiKey(name) }];
    const statuses = () =>
      Promise.all(credentials.map(async (each) => (await call("GET", "/auth/group", each)).status));
    await SIDES.roster.make(name);
    expect(await statuses()).toEqual([200, 200]);
    await SIDES.pas.end(name);
    expect(await statuses()).toEqual([403, 403]);
  });

  it("is none while he is inactive, and again afterwards", async () => {
    const user = await somebody({ role: "ADMIN" });
    const key = { "X-API-KEY": await anApiKey(user.name) };
    await ask("POST", userPath(user.name, "/+statemachine"), { transition: "deactivate" });
    expect((await call("GET", "/auth/user", key)).status).toBe(403);
    await ask("POST", userPath(user.name, "/+statemachine"), { transition: "activate" });
    expect((await call("GET", "/auth/user", key)).status).toBe(200);
  });

  it("is nobody by a role of that name in another group, or by `admin` in __default__", async () => {
    const user = await somebody();
    await grant("__default__", entry(user.name, "admin", "Administrator", "ADMIN"));
    expect(await facesOf(user)).toEqual(NOBODY);
  });
});
