import { env } from "cloudflare:workers";
import { exportJWK, generateKeyPair } from "jose";
import { afterEach, describe, expect, it, vi } from "vitest";
import { settingsOf } from "../../../src/core/settings.ts";
import { sign } from "../../../src/core/signing.ts";
import { brokenKv } from "../../support/faults.ts";
import { call, type Headers, rows } from "../../support/http.ts";
import { aJwt } from "../../support/keys.ts";
import {
  absent,
  ask,
  askWith,
  entry,
  grant,
  is,
  PASSWORD,
  revoke,
  SUCCESS,
  said,
  somebody,
  userPath,
} from "./support.ts";

const REFRESH = "/auth/self/+refresh_token";
const jwt = (token: string): Headers => ({ Authorization: `JWT ${token}` });
const claimsOf = (token: string) =>
  JSON.parse(atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/")));
const now = () => Math.floor(Date.now() / 1000);

/** A JWT of ours with other claims. */
const signed = (claims: object, settings = settingsOf(env)) =>
  sign(settings, new TextEncoder().encode(JSON.stringify(claims)), { typ: "JWT" });
const changed = async (name: string, claims: object) => signed({ ...claimsOf(await aJwt(name)), ...claims });

const selfStatus = async (token: string) => (await call("GET", "/auth/self", jwt(token))).status;
const refresh = (token: string) => call("GET", REFRESH, jwt(token));
const OVER = [403, said("Your session has expired.")];

describe("a JWT", () => {
  it("ends at `exp`, to the second, and can be refreshed until `refresh_until`", async () => {
    const { name } = await somebody();
    const expired = await changed(name, { exp: now() });
    expect(await selfStatus(expired)).toBe(404);
    expect(await selfStatus(await changed(name, { exp: now() + 60 }))).toBe(200);
    expect(is(await refresh(expired))).toEqual([200, SUCCESS]);
    expect(is(await refresh(await changed(name, { refresh_until: now() })))).toEqual(OVER);
    expect((await call("POST", REFRESH, jwt(expired))).status).toBe(404);
  });

  it("ends with its log-in when it has expired too", async () => {
    const { name } = await somebody();
    const token = await aJwt(name);
    const expired = await signed({ ...claimsOf(token), exp: now() - 5 });
    expect(is(await call("GET", "/auth/user/+logout", jwt(expired)))).toEqual([200, SUCCESS]);
    expect(await selfStatus(token)).toBe(404);
  });

  it("of another's key, of an unknown kid, or of somebody else's family is nobody's", async () => {
    const [{ name }, other] = [await somebody(), await somebody()];
    const claims = claimsOf(await aJwt(name));
    const { privateKey } = await generateKeyPair("ES256", { extractable: true });
    const foreign = await exportJWK(privateKey);
    for (const kid of ["tests", "unknown"]) {
      const keys = { keys: [{ ...foreign, kid }] } as unknown as ReturnType<typeof settingsOf>["JWT_KEYS"];
      const token = await signed(claims, { ...settingsOf(env), JWT_KEYS: keys });
      expect(await selfStatus(token)).toBe(404);
      expect(is(await refresh(token))).toEqual(absent(REFRESH));
    }
    expect(await selfStatus(await signed({ ...claims, sub: other.id }))).toBe(404);
    expect(await selfStatus(await signed({ ...claims, iss: "" }))).toBe(404);
    expect(await selfStatus(await signed({ hello: 1 }))).toBe(404);
  });

  it("ends with its user, and cannot be refreshed", async () => {
    const { name } = await somebody();
    const token = await aJwt(name);
    expect(is(await ask("DELETE", userPath(name)))).toEqual([200, SUCCESS]);
    for (const headers of [jwt(token), { Authorization: `Bearer ${token}` }]) {
      expect((await call("GET", "/auth/self", headers)).status).toBe(404);
    }
    expect((await call("GET", "/v1/approvals", { "X-Auth-Token": token })).status).toBe(401);
    expect(is(await refresh(token))).toEqual(OVER);
    const again = await somebody({ name });
    expect(await selfStatus(token)).toBe(404);
    expect(again.name).toBe(name);
  });

  it("says what its user may by what he is now", async () => {
    const { name } = await somebody();
    const token = jwt(await aJwt(name));
    const statuses = async () => [
      (await call("GET", "/auth/user", token)).status,
      (await call("GET", "/auth/group/+search", token)).status,
    ];
    expect(await statuses()).toEqual([403, 403]);
    await grant("__default__", entry(name, "administrator"));
    expect(await statuses()).toEqual([200, 200]);
    await revoke("__default__", entry(name, "administrator"));
    expect(await statuses()).toEqual([403, 403]);
  });

  it("is given to an administrator who sets his own password with one", async () => {
    const { name } = await somebody({ role: "ADMIN" });
    const token = await aJwt(name);
    const body = { new_password: "n3w", new_password_validate: "n3w" };
    const answer = await call("POST", userPath(name, "/+change_password"), jwt(token), body);
    const fresh = answer.headers.get("authorization")?.replace("JWT ", "") ?? "";
    expect(is(answer)).toEqual([200, SUCCESS]);
    expect([await selfStatus(token), await selfStatus(fresh)]).toEqual([404, 200]);
    const [{ name: other }, mine] = [await somebody(), jwt(fresh)];
    const set = await call("POST", userPath(other, "/+change_password"), mine, body);
    expect([set.status, set.headers.get("authorization")]).toEqual([200, null]);
  });

  it("outlives a refresh window that is shorter than itself", async () => {
    const { name } = await somebody();
    const body = { username: name, password: PASSWORD };
    const { headers } = await askWith({ JWT_REFRESH_SECONDS: "1" }, "POST", "/auth/user/+login", {}, body);
    const { sid, exp } = claimsOf(headers.get("authorization") ?? "");
    const [family] = await rows("select expires_at from token_families where id = ?", sid);
    expect(family.expires_at).toBe(exp * 1000);
  });
});

describe("what it costs", () => {
  afterEach(() => vi.restoreAllMocks());

  /** The status of an answer and the D1 trips that the log line tells. */
  async function tripsOf(method: string, path: string, headers: Headers, body?: unknown) {
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const { status } = await askWith({ TOKENS: brokenKv }, method, path, headers, body);
    const line = JSON.parse(String(log.mock.calls.at(-1)?.[0]));
    return [status, line.d1];
  }

  it("is two trips to D1 to log in by name, three by e-mail, right or wrong or nobody's, and no KV", async () => {
    const { name } = await somebody();
    const address = `${name}@example.org`;
    const trips = (username: string, password: string) =>
      tripsOf("POST", "/auth/user/+login", {}, { username, password });
    expect([await trips(name, PASSWORD), await trips(address, PASSWORD)]).toEqual([
      [200, 2],
      [200, 3],
    ]);
    for (const each of [name, `x${name}`]) expect(await trips(each, "no")).toEqual([401, 2]);
    for (const each of [address, `x${address}`]) expect(await trips(each, "no")).toEqual([401, 3]);
  });

  it("is one trip to D1 to check a JWT, two to refresh it besides, and no KV", async () => {
    const { name } = await somebody({ role: "ADMIN" });
    const token = jwt(await aJwt(name));
    expect(await tripsOf("GET", "/auth/user", token)).toEqual([200, 1]);
    const [status, trips] = await tripsOf("GET", REFRESH, token);
    expect([status, Number(trips) <= 3]).toEqual([200, true]);
  });
});
