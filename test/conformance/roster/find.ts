import { describe, expect, it } from "vitest";
import { asBearer, call, unique } from "../../support/http.ts";
import { aName, aPerson, find, INSTANT, NOBODY, register, said } from "./support.ts";

describe("GET /user/{name}", () => {
  it("shows a user, members in alphabetical order and none of them null", async () => {
    const name = await aName();
    const { status, body } = await find(name);
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(["creationTime", "name", "role", "version"]);
    expect(body).toEqual({ creationTime: expect.stringMatching(INSTANT), name, role: "USER", version: 0 });
  });

  it("shows when he last logged in once he has", async () => {
    const { name, headers } = await aPerson();
    const { body } = await call("GET", `/user/${name}`, headers);
    expect(Object.keys(body)).toEqual(["creationTime", "lastLoginTime", "name", "role", "version"]);
    expect(body.lastLoginTime).toMatch(INSTANT);
  });

  it("shows e-mail and state too in the full view", async () => {
    const [email, with_] = [`${unique("p")}@example.org`, "view=full"];
    const one = (await find(await aName({ email }), with_)).body;
    expect(Object.keys(one)).toEqual(["creationTime", "email", "name", "role", "state", "version"]);
    expect([one.email, one.state]).toEqual([email, "active"]);
    const other = (await find(await aName(), with_)).body;
    expect(Object.keys(other)).toEqual(["creationTime", "name", "role", "state", "version"]);
  });

  it("refuses another view, of an existing user only", async () => {
    const name = await aName();
    for (const query of ["view=", "view=FULL", "view=full&view=full"]) {
      const { status, body } = await find(name, query);
      expect([status, body]).toEqual([400, said("Invalid view value")]);
    }
    expect((await find(unique("nobody"), "view=x")).body).toEqual(NOBODY);
  });

  it("ignores other query parameters", async () => {
    expect((await find(await aName(), "page=0&sort=x&role=none")).status).toBe(200);
  });

  it("compares names exactly", async () => {
    const name = await aName();
    const { status, body } = await find(name.toUpperCase());
    expect([status, body]).toEqual([404, NOBODY]);
  });

  it.each(["a+b", "50%", "%41", "a:b", "a&b=c", "é", "🦊", "<b>", "a;b", '"', "..a", "a%2Fb"])(
    "finds a user whose name holds %s",
    async (sign) => {
      const name = `${unique("odd")}${sign}`;
      expect((await register({ name })).status).toBe(200);
      expect((await find(name)).body.name).toBe(name);
    },
  );

  it("decodes a name once, a plus standing for itself", async () => {
    const name = unique("plus");
    await register({ name: `${name}+A` });
    await register({ name: `${name}%41` });
    const admin = await asBearer();
    expect((await call("GET", `/user/${name}+A`, admin)).body.name).toBe(`${name}+A`);
    expect((await call("GET", `/user/${name}%2B%41`, admin)).body.name).toBe(`${name}+A`);
    expect((await call("GET", `/user/${name}%2541`, admin)).body.name).toBe(`${name}%41`);
    expect((await call("GET", `/user/${name}A`, admin)).status).toBe(404);
  });

  it.each([
    "%00",
    "a%00b",
    "%FF",
    "%C3",
    "%",
    "%G1",
    "a%2Fb",
    "a%3Fb",
    "%20",
    "a%0Ab",
    "n".repeat(257),
    "token",
    "add",
  ])("answers 404 for %s, by every method", async (name) => {
    const admin = await asBearer();
    for (const method of ["GET", "PATCH", "DELETE"]) {
      const { status, body } = await call(
        method,
        `/user/${name}`,
        admin,
        method === "GET" ? undefined : { version: 0 },
      );
      expect([method, status, body]).toEqual([method, 404, NOBODY]);
    }
    expect((await call("HEAD", `/user/${name}`, admin)).status).toBe(404);
  });
});
