import { describe, expect, it } from "vitest";
import { call, rows } from "../../support/http.ts";
import { anApiKey } from "../../support/keys.ts";
import { ask, jwt, jwtOf, logIn, SUCCESS, self, somebody, userPath } from "./support.ts";

const REFRESH = "/auth/self/+refresh_token";
const refresh = (token: string) => call("GET", REFRESH, jwt(token));
const claimsOf = (token: string) =>
  JSON.parse(atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/")));
const OVER = { status: "error", message: "Your session has expired." };
const NOT_FOUND = { status: "error", message: `Object Not Found : ${REFRESH}` };

/** As if tokens had been refreshed so many seconds ago. */
const age = (token: string, seconds: number) =>
  rows(
    "update token_rotations set rotated_at = rotated_at - ? where jti = ? returning jti",
    seconds * 1000,
    claimsOf(token).jti,
  );

describe("GET /auth/self/+refresh_token", () => {
  it("gives a successor of the same family; the old one goes on until it expires", async () => {
    const { name } = await somebody();
    const first = jwtOf(await logIn(name));
    const answer = await refresh(first);
    expect([answer.status, answer.body]).toEqual([200, SUCCESS]);
    const second = jwtOf(answer);
    expect(claimsOf(second).sid).toBe(claimsOf(first).sid);
    expect(claimsOf(second).jti).not.toBe(claimsOf(first).jti);
    for (const token of [first, second]) expect((await self(token)).status).toBe(200);
  });

  it("gives twenty at once the same successor, and revokes nobody", async () => {
    const { name } = await somebody();
    const first = jwtOf(await logIn(name));
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(first)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map((answer) => JSON.stringify(claimsOf(jwtOf(answer))))).size).toBe(1);
    await age(first, 6);
    expect((await refresh(first)).status).toBe(200);
    expect((await refresh(jwtOf(await refresh(first)))).status).toBe(200);
  });

  it("ends the family when a token is presented again later", async () => {
    const { name } = await somebody();
    const [first, other] = [jwtOf(await logIn(name)), jwtOf(await logIn(name))];
    const second = jwtOf(await refresh(first));
    await age(first, 11);
    const replayed = await refresh(first);
    expect([replayed.status, replayed.body]).toEqual([403, OVER]);
    for (const token of [first, second]) expect((await self(token)).status).toBe(404);
    expect((await refresh(second)).body).toEqual(OVER);
    expect((await self(other)).status).toBe(200);
  });

  it("is over after a log-out, a change of password and a deactivation", async () => {
    const { name } = await somebody();
    const tokens = [jwtOf(await logIn(name)), jwtOf(await logIn(name))];
    await call("GET", "/auth/user/+logout", jwt(tokens[0] ?? ""));
    expect((await refresh(tokens[0] ?? "")).body).toEqual(OVER);
    await ask("POST", userPath(name, "/+change_password"), { new_password: "n3w", new_password_validate: "n3w" });
    expect((await refresh(tokens[1] ?? "")).body).toEqual(OVER);
    const third = jwtOf(await logIn(name, "n3w"));
    await ask("POST", userPath(name, "/+statemachine"), { transition: "deactivate" });
    expect((await refresh(third)).body).toEqual(OVER);
  });

  it("is for JWTs of ours alone", async () => {
    const { name, headers } = await somebody();
    const key = { "X-API-KEY": await anApiKey(name) };
    const [head, , signature] = jwtOf(await logIn(name)).split(".");
    for (const bad of [
      {},
      jwt("a.b.c"),
      jwt("nothing"),
      jwt(`${head}.e30.${signature}`),
      { Authorization: "Basic eDp5" },
    ]) {
      const answer = await call("GET", REFRESH, bad);
      expect([bad, answer.status, answer.body]).toEqual([bad, 404, NOT_FOUND]);
    }
    for (const other of [key, headers]) {
      const answer = await call("GET", REFRESH, other);
      const message = "Could not refresh your token. Token not found";
      expect([answer.status, answer.body]).toEqual([403, { status: "error", message }]);
    }
    expect((await call("GET", REFRESH, { ...key, ...jwt(jwtOf(await logIn(name))) })).status).toBe(200);
    for (const method of ["POST", "HEAD"]) {
      expect((await call(method, REFRESH)).status).toBe(404);
      expect((await call(method, REFRESH, headers)).status).toBe(405);
    }
  });
});
