import { describe, expect, it } from "vitest";
import { aController, controllerGrants, grant } from "../../support/access.ts";
import {
  among,
  ask,
  basic,
  callWith,
  EMPTY,
  expectIn,
  INVALID_DATA,
  INVALID_NAME,
  is,
  NO_USER,
  PASSWORD,
  someone,
  UNAUTHORIZED,
} from "../../support/access-users.ts";
import { asBearer, call, rows, unique, xAuth } from "../../support/http.ts";
import { eventsOf } from "../pas/support.ts";

const make = (body: unknown) => ask("POST", "/users", body);
const idOf = async (name: string) => (await rows("select id from users where name_key = ?", name))[0]?.id;
const refused = [403, UNAUTHORIZED];

describe("POST /users", () => {
  it("makes an active USER with nothing but login on every controller there is", async () => {
    const [one, other] = [await aController(), await aController()];
    const name = unique("mira");
    const extra = { role: "ADMIN", active: false, state: "inactive", controllers: [], bootstrap: true, id: "x" };
    expect(is(await make({ username: name, password: "s3cret", ...extra }))).toEqual([
      200,
      `User ${name} succesfully created.`,
    ]);
    const { body } = await call("GET", `/users/${name}`, basic(name, "s3cret"));
    expect(body).toMatchObject({ name, active: true, credentials: [], ssh_keys: [] });
    expect(Object.keys(body)).toEqual(["name", "active", "credentials", "ssh_keys", "controllers"]);
    const there = await rows("select name from controllers order by seq");
    expect(body.controllers.map((each: { name: string }) => each.name)).toEqual(there.map((each) => each.name));
    expect(among(body.controllers, [one.name, other.name])).toEqual([one.name, other.name]);
    expect(body.controllers[0]).toEqual({ name: there[0].name, type: "manual", access: "login", models: [] });
    const id = await idOf(name);
    expect(await rows("select role, state, bootstrap from users where id = ?", id)).toEqual([
      { role: "USER", state: "active", bootstrap: 0 },
    ]);
    expect(await eventsOf(id)).toEqual(["user.register"]);
    const later = await aController();
    expect(await controllerGrants(id, later.id)).toEqual([]);
  });

  it("stores the name in lower case and knows it in any", async () => {
    const name = unique("Upper");
    expect(is(await make({ username: name.toUpperCase(), password: "x" }))).toEqual([
      200,
      `User ${name.toLowerCase()} succesfully created.`,
    ]);
    expect(is(await make({ username: name, password: "x" }))).toEqual([409, "The user already exists!"]);
    expectIn(await ask("GET", `/users/${name.toUpperCase()}`), name.toLowerCase());
  });

  it.each<[unknown, string]>([
    [undefined, INVALID_DATA],
    [null, INVALID_DATA],
    [5, INVALID_DATA],
    [true, INVALID_DATA],
    [["a"], INVALID_DATA],
    [{ a: 1 }, INVALID_DATA],
    ["", EMPTY],
    ["nowhere:mira", "Invalid option given, nowhere does not exist"],
    ["No Where:x", "Invalid option given, No Where does not exist"],
    [":x", "Invalid option given,  does not exist"],
    [`${"p".repeat(70)}:x`, `Invalid option given, ${"p".repeat(64)} does not exist`],
    ["local:mira", INVALID_NAME],
    ["GitHub:mira", INVALID_NAME],
    ["lxd:", INVALID_NAME],
    ["kvm:a:b", INVALID_NAME],
    ["jo ann", INVALID_NAME],
    ["jo.ann", INVALID_NAME],
    ["a_b", INVALID_NAME],
    ["x@y.org", INVALID_NAME],
    ["été", INVALID_NAME],
    ["a\n", INVALID_NAME],
    [" ", INVALID_NAME],
    ["\u0000", INVALID_NAME],
    ["_".repeat(300), INVALID_NAME],
    ["a".repeat(257), INVALID_DATA],
    ["token", INVALID_DATA],
    ["ADD", INVALID_DATA],
    ["Password", INVALID_DATA],
    ["permission", INVALID_DATA],
  ])("refuses the name %j to everybody", async (username, text) => {
    expect(is(await make({ username, password: "x" }))).toEqual([400, text]);
    const { headers } = await someone();
    expect(is(await call("POST", "/users", headers, { username }))).toEqual([400, text]);
  });

  it.each(["-", "0", "--", "a-", "-a", "local", "con"])("takes the name %s", async (part) => {
    const name = `${part}${unique("")}${part}`;
    expect((await make({ username: name, password: "x" })).status).toBe(200);
  });

  it("takes a name of 256 characters", async () => {
    const name = unique("long").padEnd(256, "x");
    expect((await make({ username: name, password: "x" })).status).toBe(200);
    expectIn(await ask("GET", `/users/${name}`), name);
  });

  it("looks at body and name, then the right, then the name being taken, then the password", async () => {
    const [{ headers, name }, free] = [await someone(), unique("free")];
    const by = (body: unknown) => call("POST", "/users", headers, body);
    expect(is(await by("{"))).toEqual([400, INVALID_DATA]);
    expect(is(await by({ username: "" }))).toEqual([400, EMPTY]);
    expect(is(await by({ username: name, password: "" }))).toEqual(refused);
    expect(is(await by({ username: free }))).toEqual(refused);
    expect(is(await make({ username: name, password: 5 }))).toEqual([409, "The user already exists!"]);
    expect(is(await make({ username: free, password: 5 }))).toEqual([400, INVALID_DATA]);
    expect(await idOf(free)).toBeUndefined();
  });

  it("lets one of many at once make the user", async () => {
    const { id } = await aController();
    const name = unique("race");
    const answers = await Promise.all(Array.from({ length: 6 }, () => make({ username: name, password: "x" })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
    expect(await controllerGrants(await idOf(name), id)).toEqual([{ access: "login", expires_at: null }]);
    expect(await eventsOf(await idOf(name))).toEqual(["user.register"]);
  });
});

describe("PUT /users", () => {
  const activate = (body: unknown) => ask("PUT", "/users", body);

  it("sets a user active who is not, and leaves one who is", async () => {
    const { id, name } = await someone();
    await rows("update users set state = 'inactive' where id = ? returning id", id);
    expect((await ask("GET", `/users/${name}`)).body.active).toBe(false);
    for (const username of [name, name.toUpperCase()]) {
      expect(is(await activate({ username, active: false }))).toEqual([200, `User ${name} succesfully activated`]);
      expect((await ask("GET", `/users/${name}`)).body.active).toBe(true);
    }
    expectIn(await callWith({}, "GET", "/users", basic(name)), name);
    expect(await eventsOf(id)).toContain("user.activate");
  });

  it("answers the same to many at once", async () => {
    const { id, name } = await someone();
    await rows("update users set state = 'inactive' where id = ? returning id", id);
    const answers = await Promise.all(Array.from({ length: 6 }, () => activate({ username: name })));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
  });

  it("reaches users of other dialects by names that nobody could give here", async () => {
    const { name } = await someone("USER", unique("Jo.Ann@x_y"));
    expect(is(await activate({ username: name.toLowerCase() }))).toEqual([200, `User ${name} succesfully activated`]);
  });

  it("looks at the name, then the right, then the user", async () => {
    const { headers, name } = await someone();
    for (const by of [activate, (body: unknown) => call("PUT", "/users", headers, body)]) {
      for (const body of [{}, { username: null }, { username: 5 }, { username: ["x"] }, "", "[]", "{"]) {
        expect(is(await by(body))).toEqual([400, INVALID_DATA]);
      }
      expect(is(await by({ username: "" }))).toEqual([400, EMPTY]);
    }
    for (const username of [name, "nobody-there", "a b"]) {
      expect(is(await call("PUT", "/users", headers, { username }))).toEqual(refused);
    }
    for (const username of ["nobody-there", "a b", "\u0000", "x".repeat(300), "\ud800"]) {
      expect(is(await activate({ username }))).toEqual([404, NO_USER]);
    }
  });
});

describe("GET /users/{u}", () => {
  it("shows a user to himself and to an ADMIN, by his name in any letter case", async () => {
    const { id, name, headers } = await someone("USER", unique("Mixed"));
    const { id: on, name: controller, model } = await aController();
    await grant(id, { controller: on }, "login");
    await grant(id, { model: model.id }, "write");
    const shown = {
      name,
      active: true,
      credentials: [],
      ssh_keys: [],
      controllers: [
        { name: controller, type: "manual", access: "login", models: [{ name: model.name, access: "write" }] },
      ],
    };
    for (const path of [`/users/${name}`, `/users/${name.toLowerCase()}`, `/users/${name.toUpperCase()}/`]) {
      expect(is(await call("GET", path, headers))).toEqual([200, shown]);
      expect(is(await ask("GET", path))).toEqual([200, shown]);
    }
  });

  it("tells nobody else whether there is such a user", async () => {
    const { headers } = await someone();
    const { name } = await someone();
    for (const path of [
      `/users/${name}`,
      "/users/admin",
      "/users/nobody-there",
      "/users/%00",
      "/users/%ff",
      `/users/${"x".repeat(300)}`,
    ]) {
      expect(is(await call("GET", path, headers))).toEqual(refused);
      expect(is(await call("PUT", path, headers, "{"))).toEqual(refused);
      expect(is(await call("DELETE", path, headers))).toEqual(refused);
    }
  });

  it.each([
    "nobody-there",
    "%00",
    "%ff",
    "a%20b",
    "%0a",
    "x".repeat(257),
    "%F0%9F%94%91",
    "'; drop table users",
    "%25",
    "__proto__",
    "constructor",
  ])("has no user of the name %s", async (name) => {
    expect(is(await ask("GET", `/users/${name}`))).toEqual([404, NO_USER]);
    expect(is(await ask("PUT", `/users/${name}`, "{"))).toEqual([404, NO_USER]);
    expect(is(await ask("DELETE", `/users/${name}`))).toEqual([404, NO_USER]);
  });

  it("decodes a path once", async () => {
    const { name } = await someone("USER", unique("100%25"));
    expectIn(await ask("GET", `/users/${encodeURIComponent(name)}`), name);
    expect((await ask("GET", `/users/${name.replace("%25", "%")}`)).status).toBe(404);
  });

  it("shows no deleted one", async () => {
    const { name } = await someone();
    await call("DELETE", `/user/${name}`, xAuth((await asBearer())["Authorization"]?.slice(7) ?? ""));
    expect(is(await ask("GET", `/users/${name}`))).toEqual([404, NO_USER]);
  });
});

describe("users", () => {
  it("of other dialects start without any access here", async () => {
    await aController();
    const name = unique("elsewhere");
    await call("POST", "/user", await asBearer(), { name, password: PASSWORD });
    expect((await call("GET", `/users/${name}`, basic(name))).body.controllers).toEqual([]);
  });
});
