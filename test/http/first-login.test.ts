import { describe, expect, it } from "vitest";
import { ADMIN, asAdmin, call, rows } from "../support/http.ts";

describe("the administrator's first log-in", () => {
  it("is refused to everybody else, and makes nobody", async () => {
    const wrong = { username: ADMIN.username, password: "wrong" };
    expect((await call("PUT", "/user/token", {}, wrong)).status).toBe(401);
    expect((await call("PUT", "/user/token", {}, { ...ADMIN, username: "root" })).status).toBe(401);
    expect(await rows("select id from users where bootstrap = 1 and name <> 'admin'")).toEqual([]);
  });

  it("makes him once, however many log in at the same moment", async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => call("PUT", "/user/token", {}, ADMIN)));
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect(new Set(answers.map(({ body }) => body.token)).size).toBe(12);
    expect(await rows("select name, email, role, bootstrap from users where bootstrap = 1")).toEqual([
      { name: "admin", email: "admin@localhost.localdomain", role: "ADMIN", bootstrap: 1 },
    ]);
  });

  it("is over once his password was changed", async () => {
    await call("PUT", "/user/token", {}, ADMIN);
    const changed = { username: ADMIN.username, password: "changed" };
    await call("PUT", "/user/password", await asAdmin(), changed);
    expect((await call("PUT", "/user/token", {}, ADMIN)).status).toBe(401);
    expect((await call("PUT", "/user/token", {}, changed)).status).toBe(200);
  });
});
