import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { isOwnHash, isPassword } from "../../src/core/passwords.ts";
import { app } from "../../src/http/app.ts";
import type { User } from "../../src/storage/users.ts";
import { faultyD1, meanwhile } from "../support/faults.ts";
import { FOREIGN_HASHES, FOREIGN_PASSWORD as PASSWORD } from "../support/foreign-passwords.ts";
import { aStoredUser, bearer, call, rows, tokenFor, unique } from "../support/http.ts";
import { WAYS } from "../support/password-ways.ts";
import { aSession } from "../support/people.ts";

const CHEAP = FOREIGN_HASHES["Django's pbkdf2_sha256"] ?? "";
const imported = (password = CHEAP) => aStoredUser(unique("imported"), "a-password", { password });
const storedOf = async ({ id }: User) => (await rows("select * from users where id = ?", id))[0];

describe("a password that came from elsewhere", () => {
  it.each(Object.entries(FOREIGN_HASHES))("of %s logs in, and is one of ours from then on", async (_, password) => {
    const user = await imported(password);
    await tokenFor(user.name, PASSWORD);
    const { password: renewed } = await storedOf(user);
    expect([isOwnHash(renewed), await isPassword(PASSWORD, renewed)]).toEqual([true, true]);
    await tokenFor(user.name, PASSWORD);
    expect((await storedOf(user)).password).toBe(renewed);
  });

  it.each(WAYS)("is renewed by %s, and nobody is logged out for it", async (way, present, { right }) => {
    const user = await imported();
    const token = await aSession(user);
    expect((await present(user.name, PASSWORD, { "CF-Connecting-IP": "2001:db8:1::1" })).status).toBe(right);
    const { password, auth_epoch, version } = await storedOf(user);
    expect(isOwnHash(password)).toBe(true);
    if (way === "the change of a password") return;
    expect([auth_epoch, version]).toEqual([user.authEpoch, user.version]);
    expect((await call("POST", "/auth/bump", bearer(token))).status).toBe(200);
  });

  it("stays what it is for a wrong one, and for who is not active", async () => {
    const user = await imported();
    expect((await call("PUT", "/user/token", {}, { username: user.name, password: "wrong" })).status).toBe(401);
    await rows("update users set state = 'inactive' where id = ? returning id", user.id);
    await call("PUT", "/user/token", {}, { username: user.name, password: PASSWORD });
    expect((await storedOf(user)).password).toBe(CHEAP);
  });

  it("is not written over one that is set at the same moment", async () => {
    const [user, other] = [await imported(), FOREIGN_HASHES["bcrypt's 2b"]];
    const change = () => rows("update users set password = ? where id = ? returning id", other, user.id);
    const body = JSON.stringify({ username: user.name, password: PASSWORD });
    const request = new Request("http://ostiary.test/user/token", { method: "PUT", body });
    const bindings = { ...env, DB: faultyD1(env.DB, meanwhile(1, change)) };
    expect((await app.fetch(request, bindings, createExecutionContext())).status).toBe(200);
    expect((await storedOf(user)).password).toBe(other);
  });
});
