import { describe, expect, it } from "vitest";
import { asAdmin, asBearer, bearer, call, deactivate } from "../../support/http.ts";
import { auth, byToken, expectUnauthorized, issued, logIn, show, someone, tokenOf, works } from "./support.ts";

describe("the next request is refused", () => {
  it.each<[string, (user: { id: string; name: string }, token: string) => Promise<unknown>]>([
    [
      "a change of the password",
      async ({ name: username }) => call("PUT", "/user/password", await asAdmin(), { username, password: "another" }),
    ],
    ["a log-out by the roster", (_, token) => call("POST", "/auth/logout", bearer(token))],
    ["a deactivation", ({ name }) => deactivate(name)],
    ["a deletion", async ({ name }) => call("DELETE", `/user/${name}`, await asBearer(), {})],
  ])("after %s", async (_, end) => {
    const user = await someone();
    const token = await tokenOf(user);
    expect((await show(token)).status).toBe(200);
    await end(user, token);
    expectUnauthorized(await show(token));
    expectUnauthorized(await call("GET", "/v3/auth/catalog", { "X-Auth-Token": token }));
    expectUnauthorized(await auth(byToken(token)));
    expect(await works(token)).toBe(false);
  });

  it("also with a token that came from a token", async () => {
    const { name } = await someone();
    const token = issued(await auth(byToken(await tokenOf({ name }))));
    await call("PUT", "/user/password", await asAdmin(), { username: name, password: "another" });
    expectUnauthorized(await show(token));
    expectUnauthorized(await logIn({ name }));
    expect((await logIn({ name }, undefined, "another")).status).toBe(201);
  });
});
