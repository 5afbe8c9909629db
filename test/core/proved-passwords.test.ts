import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { holderOfPassword } from "../../src/core/basic-logins.ts";
import { type Core, openCore, ownVisit, random } from "../../src/core/context.ts";
import { argon2idRuns } from "../../src/core/passwords.ts";
import { isRemembered, markOf, remember } from "../../src/core/proved-passwords.ts";
import { app } from "../../src/http/app.ts";
import { ask, basic, PASSWORD, someone } from "../support/access-users.ts";
import { aStoredUser, asAdmin, call, rows, unique } from "../support/http.ts";
import { anApiKey } from "../support/keys.ts";
import { meteredD1 } from "../support/meter.ts";
import { mailedToken, submit } from "../support/tasks.ts";

/** What asking with a name and password costs, and what the answer is. */
async function cost(name: string, password: string, key?: string) {
  const [before, { binding, statements }] = [argon2idRuns(), meteredD1()];
  const request = new Request("http://ostiary.test/users/nobody-there", { headers: basic(name, password, key) });
  const { status } = await app.fetch(
    request,
    { ...env, SNAPSHOT_SECONDS: "0", DB: binding } as Env,
    createExecutionContext(),
  );
  return { status, argon2id: argon2idRuns() - before, statements: statements() };
}
/** The caller is known and may not look at others. */
const IN = { status: 403, statements: 4 };

/** Whether a name and password stand for somebody, and how many Argon2id that took. */
async function asked(core: Core, name: string, password = PASSWORD): Promise<[boolean, number]> {
  const before = argon2idRuns();
  const actor = await holderOfPassword(core, name, password);
  return [actor !== undefined, argon2idRuns() - before];
}

const core = (now = Date.now()): Core => ({
  ...openCore({ env, visit: ownVisit(""), later: () => undefined }),
  now: () => now,
});

describe("the password of Basic", () => {
  it("costs one Argon2id the first time, none again within a minute, one after it", async () => {
    const [{ name }, at] = [await someone(), Date.now()];
    expect(await asked(core(at), name)).toEqual([true, 1]);
    expect(await asked(core(at + 1), name.toUpperCase())).toEqual([true, 0]);
    expect(await asked(core(at + 59_999), name)).toEqual([true, 0]);
    expect(await asked(core(at + 60_000), name)).toEqual([true, 1]);
    expect(await asked(core(at + 119_999), name)).toEqual([true, 0]);
  });

  it("costs a wrong one and an unknown name the same, each time: one Argon2id, the look-up and what counts it", async () => {
    const { name } = await someone();
    const [mute, idle] = [unique("mute"), await someone()];
    await aStoredUser(mute, PASSWORD, { password: null });
    await rows("update users set state = 'inactive' where id = ? returning id", idle.id);
    await ask("GET", "/users");
    expect((await cost(name, PASSWORD)).argon2id).toBe(1);
    for (const [who, password] of [
      [name, "wrong"],
      [unique("nobody"), PASSWORD],
      [mute, PASSWORD],
      [idle.name, PASSWORD],
      [idle.name, "wrong"],
      ["admin", "wrong"],
    ] as const) {
      for (let time = 0; time < 2; time += 1) {
        expect([who, await cost(who, password)]).toEqual([who, { ...IN, argon2id: 1 }]);
      }
    }
    expect(await cost(name, PASSWORD)).toEqual({ ...IN, argon2id: 0 });
  });

  it("is not looked at behind a door that is closed", async () => {
    const { name } = await someone();
    expect(await cost(name, PASSWORD, "wrong")).toEqual({ status: 403, argon2id: 0, statements: 0 });
    expect(await cost(name, "wrong", `${"0".repeat(32)}.${"0".repeat(32)}`)).toEqual({
      status: 403,
      argon2id: 0,
      statements: 1,
    });
    const key = await anApiKey(name);
    // The first use of a key is written down.
    await call("GET", `/users/${name}`, { "X-API-KEY": key });
    expect(await cost(name, PASSWORD, key)).toEqual({ status: 403, argon2id: 1, statements: 5 });
  });

  it("is remembered for its user alone", async () => {
    const [one, other] = [await someone(), await someone()];
    expect(await asked(core(), one.name)).toEqual([true, 1]);
    expect(await asked(core(), other.name)).toEqual([true, 1]);
    expect(await asked(core(), one.name, "wrong")).toEqual([false, 1]);
  });
});

describe("a remembered password", () => {
  type Way = (user: { id: string; name: string; headers: Record<string, string> }) => Promise<unknown>;
  const move = async (name: string, transition: string) =>
    call(
      "POST",
      `/auth/user/${name}/+statemachine`,
      { Authorization: `Bearer ${(await asAdmin())["X-Auth-Token"]}` },
      { transition },
    );
  const twice = { new_password: "next", new_password_validate: "next" };

  it.each<[string, Way]>([
    [
      "management",
      async ({ name }) => call("PUT", "/user/password", await asAdmin(), { username: name, password: "next" }),
    ],
    ["access", ({ name, headers }) => call("PUT", `/users/${name}`, headers, { password: "next" })],
    ["pas, by an ADMIN", ({ name }) => ask("POST", `/auth/user/${name}/+change_password`, twice)],
    [
      "pas, by himself",
      ({ headers }) => call("POST", "/auth/self/+change_password", headers, { password: PASSWORD, ...twice }),
    ],
    [
      "workflow",
      async ({ id, name }) => {
        const email = `${name}@example.org`;
        await rows("update users set email = ?, email_key = ? where id = ? returning id", email, email, id);
        await call("POST", "/v1/openstack/users/password-reset", {}, { email });
        return submit(await mailedToken(email), "next");
      },
    ],
  ])("is none once the password was changed through %s", async (_, change) => {
    const user = await someone();
    expect(await asked(core(), user.name)).toEqual([true, 1]);
    expect(await change(user)).toMatchObject({ status: 200 });
    expect(await asked(core(), user.name)).toEqual([false, 1]);
    expect(await asked(core(), user.name, "next")).toEqual([true, 1]);
  });

  it("does not let in who is not active, and is proved anew when he is again", async () => {
    const { name } = await someone();
    expect(await asked(core(), name)).toEqual([true, 1]);
    expect((await move(name, "deactivate")).status).toBe(200);
    expect(await asked(core(), name)).toEqual([false, 1]);
    expect((await ask("PUT", "/users", { username: name })).status).toBe(200);
    expect(await asked(core(), name)).toEqual([true, 1]);
    expect(await asked(core(), name)).toEqual([true, 0]);
    await rows("update users set state = 'inactive' where name = ? returning id", name);
    expect((await asked(core(), name))[0]).toBe(false);
  });

  it("is another's when the user was deleted and his name given to somebody with the same password", async () => {
    const { name } = await someone();
    expect(await asked(core(), name)).toEqual([true, 1]);
    await ask("DELETE", `/users/${name}`);
    expect(await asked(core(), name)).toEqual([false, 1]);
    await ask("POST", "/users", { username: name, password: PASSWORD });
    expect(await asked(core(), name)).toEqual([true, 1]);
  });

  it("goes with the user when he is renamed, and stays not behind", async () => {
    const [{ id, name }, next] = [await someone(), unique("renamed")];
    expect(await asked(core(), name)).toEqual([true, 1]);
    await rows("update users set name = ?, name_key = ? where id = ? returning id", next, next, id);
    expect(await asked(core(), name)).toEqual([false, 1]);
    expect(await asked(core(), next)).toEqual([true, 0]);
  });

  it("is forgotten when a thousand others came after it", async () => {
    const marks = await Promise.all(
      Array.from({ length: 1001 }, (_, at) => markOf({ random }, undefined, `${unique("m")}${at}`)),
    );
    for (const mark of marks) remember(mark, 0);
    expect(marks.map((mark) => isRemembered(mark, 59_999))).toEqual([false, ...Array(1000).fill(true)]);
    expect(isRemembered(marks[1000] ?? "", 60_000)).toBe(false);
    remember(marks[1] ?? "", 0);
    remember("one more", 0);
    expect(marks.slice(1, 3).map((mark) => isRemembered(mark, 1))).toEqual([true, false]);
  });
});
