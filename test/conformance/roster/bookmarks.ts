import { describe, expect, it } from "vitest";
import { asBearer, call, unique } from "../../support/http.ts";
import { aName, aPerson, find, logIn, patch, register, remove, userPath } from "./support.ts";

describe("X-D1-Bookmark", () => {
  it("comes with every answer to an authenticated request", async () => {
    const admin = await asBearer();
    const name = await aName();
    const { headers } = await aPerson();
    const answers = [
      await call("GET", "/user", admin),
      await call("HEAD", "/user", admin),
      await call("GET", "/user?page=0", admin),
      await call("GET", "/user?page=99999999", admin),
      await call("GET", "/user", headers),
      await call("GET", userPath(name), headers),
      await call("GET", userPath(name), admin),
      await call("HEAD", userPath(name), admin),
      await call("GET", userPath(unique("nobody")), admin),
      await call("GET", userPath(name), { ...admin, "If-None-Match": "*" }),
      await patch(name, { version: 0 }),
      await patch(name, { version: 0 }),
      await patch(name, "{"),
      await register({ name: unique("marked") }),
      await register({ name }),
      await remove(name, { version: 9 }),
      await remove(name),
      await remove("admin"),
      await call("POST", "/auth/bump", headers),
      await call("POST", "/auth/logout", headers),
    ];
    expect(answers.map(({ headers: got }) => got.get("x-d1-bookmark"))).toEqual(
      answers.map(() => expect.stringMatching(/\S/)),
    );
  });

  it("comes with a successful log-in", async () => {
    const name = await aName({ password: "p" });
    expect((await logIn(name, "p")).headers.get("x-d1-bookmark")).toMatch(/\S/);
  });

  it("sent back lets a client read what it wrote", async () => {
    const name = await aName();
    const written = await patch(name, { version: 0, email: `${name}@example.org` });
    const mark = written.headers.get("x-d1-bookmark") ?? "";
    const read = await call("GET", userPath(name), { ...(await asBearer()), "X-D1-Bookmark": mark });
    expect([read.status, read.body]).toEqual([200, written.body]);
  });

  it.each([
    "rubbish",
    "",
    "'; DROP TABLE users; --",
    "first-unconstrained",
    "x".repeat(8000),
    "ffffffff-ffffffff-ffffffff-ffffffffffffffffffffffffffffffff",
    "00000000-00000000-00000000-00000000000000000000000000000000",
  ])("is never an error and never reflected: %j", async (value) => {
    const name = await aName();
    const headers = { ...(await asBearer()), "X-D1-Bookmark": value };
    for (const answer of [
      await call("GET", userPath(name), headers),
      await patch(name, { version: 0 }, { "X-D1-Bookmark": value }),
    ]) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get("x-d1-bookmark")).toMatch(/\S/);
      expect(answer.headers.get("x-d1-bookmark")).not.toBe(value);
    }
    expect((await find(name)).body.version).toBe(1);
  });

  it("of an older state hides neither a version nor a count nor a lost right", async () => {
    const { name, headers } = await aPerson({ role: "ADMIN" });
    const old = { "X-D1-Bookmark": (await call("GET", "/user", headers)).headers.get("x-d1-bookmark") ?? "" };
    await patch(name, { version: 0, role: "USER" });
    expect((await call("GET", "/user", { ...headers, ...old })).status).toBe(401);
    expect((await patch(name, { version: 0 }, old)).status).toBe(400);
    await remove(name);
    expect((await call("POST", "/auth/bump", { ...headers, ...old })).status).toBe(401);
  });
});
