import { describe, expect, it } from "vitest";
import { call } from "../../support/http.ts";
import { auth, byPassword, expectRefusal, someone, TOKENS, tokenOf } from "./support.ts";

const NO_OBJECT = "Expecting a JSON object in the request body.";
const expected = (field: string) => `Expecting to find ${field} in the request body.`;
const bad = (field: string) => `Invalid input for field '${field}'.`;

const user = "auth/identity/password/user";

describe("a request for a token", () => {
  it.each(["", "{", "[]", "5", "null", '"x"', "\u0000", "auth=1", `${"[".repeat(65)}${"]".repeat(65)}`])(
    "is no object: %j",
    async (body) => {
      expectRefusal(await call("POST", TOKENS, {}, body), 400, NO_OBJECT);
    },
  );

  it.each<[unknown, string]>([
    [{}, expected("auth")],
    [{ auth: null }, bad("auth")],
    [{ auth: [] }, bad("auth")],
    [{ auth: {} }, expected("auth/identity")],
    [{ auth: { identity: {} } }, expected("auth/identity/methods")],
    [{ auth: { identity: { methods: "password" } } }, bad("auth/identity/methods")],
    [{ auth: { identity: { methods: [] } } }, bad("auth/identity/methods")],
    [{ auth: { identity: { methods: [1] } } }, bad("auth/identity/methods/0")],
    [{ auth: { identity: { methods: ["password"] } } }, expected("auth/identity/password")],
    [{ auth: { identity: { methods: ["token"] } } }, expected("auth/identity/token")],
    [{ auth: { identity: { methods: ["token"], token: {} } } }, expected("auth/identity/token/id")],
    [{ auth: { identity: { methods: ["token"], token: { id: 1 } } } }, bad("auth/identity/token/id")],
    [{ auth: { identity: { methods: ["password"], password: {} } } }, expected(user)],
    [{ auth: { identity: byPassword({}) } }, expected(user)],
    [{ auth: { identity: byPassword({ name: "a" }, null) } }, bad(`${user}/password`)],
    [{ auth: { identity: byPassword({ name: "a" }, 1) } }, bad(`${user}/password`)],
    [{ auth: { identity: byPassword({ name: ["a"] }) } }, bad(`${user}/name`)],
    [{ auth: { identity: byPassword({ id: {} }) } }, bad(`${user}/id`)],
    [{ auth: { identity: byPassword({ name: "a", domain: "Default" }) } }, bad(`${user}/domain`)],
    [{ auth: { identity: byPassword({ name: "a", domain: { id: 1 } }) } }, bad(`${user}/domain/id`)],
  ])("says what is wrong with %j", async (body, message) => {
    expectRefusal(await call("POST", TOKENS, {}, body), 400, message);
  });

  it.each<[unknown, string]>([
    ["scoped", bad("auth/scope")],
    [[], bad("auth/scope")],
    [{}, bad("auth/scope")],
    [{ "OS-TRUST:trust": { id: "a" } }, bad("auth/scope")],
    [{ project: { id: "a" }, system: { all: true } }, bad("auth/scope")],
    [{ project: {} }, expected("auth/scope/project")],
    [{ project: "kelp" }, bad("auth/scope")],
    [{ project: { name: 1 } }, bad("auth/scope")],
  ])("says so of the scope %j", async (scope, message) => {
    const { name } = await someone();
    expectRefusal(await auth(byPassword({ name }), scope), 400, message);
  });

  it("may hold members that nobody knows, and be of any type", async () => {
    const { name } = await someone();
    const identity = { ...byPassword({ name, email: 1 }), totp: 1, __proto__: null };
    const headers = { "Content-Type": "text/plain" };
    expect((await call("POST", TOKENS, headers, { auth: { identity, x: 1 }, y: 2 })).status).toBe(201);
  });

  it("may not be longer than 256 KiB", async () => {
    expectRefusal(await call("POST", TOKENS, {}, "x".repeat(300_000)), 413, "Request is too large.");
    const token = await tokenOf(await someone());
    const name = "n".repeat(200_000);
    expect((await auth(byPassword({ name }))).status).toBe(401);
    const headers = { "X-Auth-Token": token, "X-Subject-Token": "s".repeat(8000) };
    expect((await call("GET", TOKENS, headers)).status).toBe(404);
  });
});
