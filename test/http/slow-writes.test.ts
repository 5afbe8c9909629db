import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";
import { servedWith } from "../support/deployment.ts";
import { brokenKv, faultyD1, type Stall, stalls } from "../support/faults.ts";
import { asAdmin, asBearer, aUser, bearer, call, rows, tokenFor, unique, xAuth } from "../support/http.ts";
import { stopTime, useRealTime } from "../support/time.ts";

const LONGEST_MS = 8_000;

afterEach(useRealTime);

/** Asks something whose write is stuck until it is let go, and gives the status that was answered meanwhile. */
async function askSlowly(stall: Stall, method: string, path: string, headers: Record<string, string>, body?: object) {
  const asking = servedWith({ DB: faultyD1(env.DB, stall.fault) });
  stopTime();
  const { status } = await asking(method, path, headers, body);
  useRealTime();
  return status;
}

describe.each(["before", "after"] as const)("a write that was answered 503 while D1 stalled %s it", (when) => {
  it("takes effect once and as a whole, also when it is asked for again", async () => {
    const [stall, headers, name] = [stalls(when, LONGEST_MS), await asBearer(), unique("slow")];
    const register = ["POST", "/user", headers, { name, password: "a-password" }] as const;
    expect(await askSlowly(stall, ...register)).toBe(503);
    expect((await call(...register)).status).toBe(when === "before" ? 200 : 400);
    await stall.letGo();
    expect((await call(...register)).status).toBe(400);
    const made = "select event from users u join audit_events on subject = u.id where name = ?";
    expect(await rows(made, name)).toEqual([{ event: "user.register" }]);
    expect(await tokenFor(name, "a-password")).toHaveLength(43);
  });

  it("a change of password leaves one password that is good, and no session of before", async () => {
    const [stall, { name, token, password }] = [stalls(when, LONGEST_MS), await aUser()];
    const change = askSlowly(stall, "PUT", `/users/${name}`, await asBearer(), { password: "another" });
    expect(await change).toBe(503);
    await stall.letGo();
    expect((await call("GET", `/user/${name}`, xAuth(token))).status).toBe(403);
    expect(await tokenFor(name, "another")).toHaveLength(43);
    expect((await call("PUT", "/user/token", {}, { username: name, password })).status).toBe(401);
  });
});

describe("what was acknowledged", () => {
  it("is there, whatever becomes of the stores afterwards", async () => {
    const [headers, username] = [await asAdmin(), unique("kept")];
    const made = await servedWith({ TOKENS: brokenKv })("POST", "/user/add", headers, {
      username,
      password: "a-password",
    });
    expect(made.status).toBe(200);
    const token = await tokenFor(username, "a-password");
    const stall = stalls("before", LONGEST_MS);
    expect(await askSlowly(stall, "POST", "/auth/logout", bearer(token))).toBe(503);
    // Nobody was told that it is over.
    expect((await call("GET", `/user/${username}`, xAuth(token))).status).toBe(200);
    await stall.letGo();
    expect((await servedWith({})("GET", `/user/${username}`, xAuth(token))).status).toBe(403);
  });
});
