import { describe, expect, it } from "vitest";
import { basic, callWith, someone, UNAUTHORIZED } from "../../support/access-users.ts";
import { unique } from "../../support/http.ts";

describe("a name that somebody has failed for too often", () => {
  it("is 429 with Retry-After, to whoever knows the access key; without the key no password is tried", async () => {
    const from = { "CF-Connecting-IP": unique("address") };
    for (const name of [(await someone()).name, unique("nobody")]) {
      const ask = (headers: Record<string, string>) => callWith({}, "GET", "/users", { ...from, ...headers });
      for (let tries = 0; tries < 11; tries += 1) {
        expect((await ask(basic(name, "wrong", "no key"))).body).toBe(UNAUTHORIZED);
      }
      for (let tries = 0; tries < 10; tries += 1) expect((await ask(basic(name, "wrong"))).body).toBe(UNAUTHORIZED);
      const { status, body, headers } = await ask(basic(name));
      expect([status, body]).toEqual([429, "Too many failed logins, try again later."]);
      expect(headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
      expect((await ask(basic(name, "wrong", "no key"))).status).toBe(403);
    }
  });
});
