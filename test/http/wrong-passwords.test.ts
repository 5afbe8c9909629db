import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { app } from "../../src/http/app.ts";
import { servedWith } from "../support/deployment.ts";
import { faultyD1, meanwhile } from "../support/faults.ts";
import { type Answer, adminToken, aStoredUser, call, type Headers, rows, unique, xAuth } from "../support/http.ts";
import { aJwt } from "../support/keys.ts";
import { basic, WAYS } from "../support/password-ways.ts";

let count = 0;
/** An address that nobody else comes from. */
const anAddress = (): Headers => {
  count += 1;
  return { "CF-Connecting-IP": `2001:db8::${count.toString(16)}` };
};

async function times<T>(count: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let at = 0; at < count; at += 1) results.push(await work());
  return results;
}

const statuses = (answers: Answer[]) => [...new Set(answers.map(({ status }) => status))];

async function somebody(): Promise<string> {
  const name = unique("tried");
  await aStoredUser(name, "a-password");
  return name;
}

const logIn = (name: string, password: string, from: Headers) =>
  call("PUT", "/user/token", from, { username: name, password });
const retryAfter = ({ headers }: Answer) => Number(headers.get("retry-after"));
/** The locks of this test are over. */
const later = () => rows("update login_failures set locked_until = 1 where locked_until is not null returning key");

beforeAll(async () => void (await adminToken()));

describe.each(WAYS)("%s", (_way, attempt, { right, wrong, waits }) => {
  it("takes ten wrong passwords for an account from an address, then none, not even the right one", async () => {
    const [name, from] = [await somebody(), anAddress()];
    expect(statuses(await times(10, () => attempt(name, "wrong", from)))).toEqual([wrong]);
    const waiting = await attempt(name, "a-password", from);
    expect(waiting.status).toBe(waits);
    expect(retryAfter(waiting)).toBeGreaterThan(290);
    expect(retryAfter(waiting)).toBeLessThanOrEqual(300);
  });

  it("still takes the right one from another address, and another account's from this one", async () => {
    const [name, other, from] = [await somebody(), await somebody(), anAddress()];
    await times(10, () => attempt(name, "wrong", from));
    expect((await attempt(name, "a-password", anAddress())).status).toBe(right);
    expect((await attempt(other, "a-password", from)).status).toBe(right);
  });

  it("forgets the wrong ones at a right one", async () => {
    const [name, from] = [await somebody(), anAddress()];
    await times(9, () => attempt(name, "wrong", from));
    expect((await attempt(name, "a-password", from)).status).toBe(right);
    expect(statuses(await times(9, () => attempt(name, "wrong", from)))).toEqual([wrong]);
    // Also where the password is still believed from before.
    expect((await attempt(name, "a-password", from)).status).toBe(right);
    expect(statuses(await times(9, () => attempt(name, "wrong", from)))).toEqual([wrong]);
  });
});

describe("the wait", () => {
  it("counts all ways together, whatever the letter case, and the address as well as the name", async () => {
    const name = unique("tried");
    await aStoredUser(name, "a-password", { email: `${name}@example.org` });
    const from = anAddress();
    await times(4, () => logIn(name.toUpperCase(), "wrong", from));
    const byAddress = { username: `${name}@example.org`, password: "wrong" };
    await times(3, () => call("POST", "/auth/user/+login", from, byAddress));
    await times(3, () => call("POST", "/auth/login", { ...from, ...basic(name, "wrong") }));
    expect((await logIn(name, "a-password", from)).status).toBe(429);
    expect((await call("POST", "/auth/user/+login", from, { ...byAddress, password: "a-password" })).status).toBe(429);
  });

  it("is the same for a name that nobody has", async () => {
    const [name, nobody, from] = [await somebody(), unique("nobody"), anAddress()];
    const told = async (who: string) => {
      const answers = await times(11, () => logIn(who, "wrong", from));
      return answers.map(({ status, text }) => [status, text]);
    };
    expect(await told(nobody)).toEqual(await told(name));
  });

  it("doubles every time, up to an hour, and begins anew after a success", async () => {
    const [name, from] = [await somebody(), anAddress()];
    const nextWait = async () => {
      await times(10, () => logIn(name, "wrong", from));
      const waits = retryAfter(await logIn(name, "a-password", from));
      await later();
      return Math.ceil(waits / 10) * 10;
    };
    expect(await times(6, nextWait)).toEqual([300, 600, 1200, 2400, 3600, 3600]);
    expect((await logIn(name, "a-password", from)).status).toBe(200);
    expect(await nextWait()).toBe(300);
  });

  it("is not lengthened by who tries during it", async () => {
    const [name, from] = [await somebody(), anAddress()];
    await times(10, () => logIn(name, "wrong", from));
    await times(15, () => logIn(name, "wrong", from));
    await later();
    expect((await logIn(name, "a-password", from)).status).toBe(200);
  });

  it("does not come of failures that are more than ten minutes apart", async () => {
    const [name, from] = [await somebody(), anAddress()];
    await times(9, () => logIn(name, "wrong", from));
    await rows("update login_failures set since = since - 600000 returning key");
    expect(statuses(await times(9, () => logIn(name, "wrong", from)))).toEqual([401]);
    expect((await logIn(name, "a-password", from)).status).toBe(200);
  });

  it("counts no more of a hundred guesses at once than of a hundred in a row", async () => {
    const [name, from] = [await somebody(), anAddress()];
    await Promise.all(Array.from({ length: 40 }, () => logIn(name, "wrong", from)));
    expect((await logIn(name, "a-password", from)).status).toBe(429);
  });

  it("holds for the right password too that was being looked at when the tries were used up", async () => {
    const [name, from] = [await somebody(), anAddress()];
    const usedUp = meanwhile(1, () => times(10, () => logIn(name, "wrong", from)));
    const bindings = { ...env, DB: faultyD1(env.DB, usedUp) };
    const body = JSON.stringify({ username: name, password: "a-password" });
    const request = new Request("http://ostiary.test/user/token", { method: "PUT", headers: from, body });
    expect((await app.fetch(request, bindings, createExecutionContext())).status).toBe(429);
    expect(await rows("select 1 from sessions where user_id = (select id from users where name = ?)", name)).toEqual(
      [],
    );
  });

  const NEW = { new_password: "another-password", new_password_validate: "another-password" };
  it.each([
    ["changes the password", "/auth/self/+change_password", NEW],
    ["asks for a new one that is refused", "/auth/self/+change_password", { ...NEW, new_password_validate: "no" }],
    ["makes a key", "/auth/apikey", { label: "x" }],
  ])("holds likewise for who %s with it", async (_, path, more) => {
    const [name, from] = [await somebody(), anAddress()];
    const headers = { ...from, Authorization: `JWT ${await aJwt(name)}` };
    const usedUp = meanwhile(1, () => times(10, () => logIn(name, "wrong", from)));
    const ask = servedWith({ DB: faultyD1(env.DB, usedUp) });
    expect((await ask("POST", path, headers, { password: "a-password", ...more })).status).toBe(429);
    expect((await logIn(name, "a-password", anAddress())).status).toBe(200);
    expect(await rows("select 1 from api_keys where user_id = (select id from users where name = ?)", name)).toEqual(
      [],
    );
  });

  it("comes over an address that fails with a thousand names, for passwords only", async () => {
    const [name, from] = [await somebody(), anAddress()];
    const token = (await logIn(name, "a-password", from)).body.token;
    await logIn(unique("nobody"), "wrong", from);
    await rows("update login_failures set failures = 999 where failures = 1 returning key");
    await logIn(unique("nobody"), "wrong", from);
    expect((await logIn(name, "a-password", from)).status).toBe(429);
    expect((await logIn(name, "a-password", anAddress())).status).toBe(200);
    expect((await call("GET", `/user/${name}`, { ...from, ...xAuth(token) })).status).toBe(200);
  });
});

describe("what is kept of it", () => {
  it("names neither account nor address nor password", async () => {
    const [name, from] = [await somebody(), anAddress()];
    await logIn(name, "wrong-as-wrong", from);
    const kept = JSON.stringify((await env.DB.prepare("select * from login_failures").all()).results);
    for (const secret of [name, from["CF-Connecting-IP"] ?? "", "wrong-as-wrong"]) expect(kept).not.toContain(secret);
  });
});
