import { afterEach, describe, expect, it } from "vitest";
import { servedWith } from "../support/deployment.ts";
import { silence } from "../support/faults.ts";
import { aUser, unique } from "../support/http.ts";
import { stopTime, useRealTime } from "../support/time.ts";

afterEach(useRealTime);

const broken = { limit: () => Promise.reject(new Error("rate limiter unavailable")) };

describe("with a limiter of tries that does not work", () => {
  it("people log in, at once when it throws", async () => {
    const { name: username, password } = await aUser();
    const asking = servedWith({ PASSWORD_TRIES: broken });
    expect((await asking("PUT", "/user/token", {}, { username, password })).status).toBe(200);
  });

  it("people log in, a second later when it never answers", async () => {
    const { name: username, password } = await aUser();
    const asking = servedWith({ PASSWORD_TRIES: { limit: silence(1_000) } });
    stopTime();
    expect((await asking("PUT", "/user/token", {}, { username, password })).status).toBe(200);
  });

  it("wrong passwords are counted all the same", async () => {
    const { name: username } = await aUser();
    const asking = servedWith({ PASSWORD_TRIES: broken });
    const from = { "CF-Connecting-IP": unique("from") };
    for (let wrong = 0; wrong < 10; wrong += 1) await asking("PUT", "/user/token", from, { username, password: "x" });
    expect((await asking("PUT", "/user/token", from, { username, password: "x" })).status).toBe(429);
  });
});
