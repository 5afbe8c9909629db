import { describe, expect, it } from "vitest";
import { asAdmin, asBearer, call, tokenFor, unique, uniqueEmail, xAuth } from "../../support/http.ts";
import {
  add,
  added,
  aHolder,
  callWith,
  deactivate,
  expectOk,
  expectRefusal,
  granted,
  logIn,
  permissionsOf,
  remove,
  roleOf,
  show,
} from "./support.ts";

const INVALID_NAMES = [
  "a b",
  " a",
  "a\t",
  "a\nb",
  "a\u00a0b",
  "a\u2003b",
  "\u0000",
  "a\u0007b",
  "a\u007fb",
  "a\u0085b",
  "a/b",
  "a?b",
  "a#b",
  ".",
  "..",
  "n".repeat(257),
  "n".repeat(10_000),
  "\ud800",
];

describe("POST /user/add", () => {
  it("makes a user and answers with his name, identity and assignment in that order", async () => {
    const name = unique("new");
    const { status, text } = await add(name);
    expect([status, text]).toEqual([200, `{"${name}":true,"identity":true,"assignment":true}`]);
  });

  it("makes a USER without permissions who may log in at once", async () => {
    const name = await added(unique("new"), "password123");
    const token = await tokenFor(name, "password123");
    expectOk(await call("GET", `/user/${name}`, xAuth(token)), { username: name, permissions: [] });
    expect(await roleOf(name)).toBe("USER");
  });

  it("makes a user whom the roster sees", async () => {
    const name = await added();
    const { status, body } = await call("GET", `/user/${name}?view=full`, await asBearer());
    expect([status, body.name, body.role, body.state]).toEqual([200, name, "USER", "active"]);
  });

  it("takes the document's password and any other text that is not empty", async () => {
    for (const password of ["password123", "password", "12345", " ", "é€😀", "\u0000"]) {
      const name = await added(unique("new"), password);
      expect((await logIn(name, password)).status).toBe(200);
    }
  });

  it("leaves an existing user as he is, whatever the letter case and the password", async () => {
    const name = await added(unique("Known"), "first");
    await granted(name, "herqles.job.get");
    for (const spelling of [name, name.toUpperCase(), name.toLowerCase()]) {
      expectOk(await add(spelling, "second"), { [spelling]: true, identity: false, assignment: false });
    }
    expectOk(await show(name), { username: name, permissions: ["herqles.job.get"] });
    expectRefusal(await logIn(name, "second"), 401, "Invalid username or password");
    expect((await logIn(name, "first")).status).toBe(200);
  });

  it("leaves the sessions of an existing user alone", async () => {
    const { name, headers } = await aHolder();
    await add(name, "other");
    expect((await call("GET", `/user/${name}`, headers)).status).toBe(200);
  });

  it("leaves an inactive user inactive", async () => {
    const name = await added();
    await deactivate(name);
    expectOk(await add(name), { [name]: true, identity: false, assignment: false });
    expectRefusal(await logIn(name, "a-password"), 404, "User does not exist");
  });

  it("knows the bootstrap administrator as an existing user", async () => {
    expectOk(await add("Admin", "taken-over"), { Admin: true, identity: false, assignment: false });
    expectRefusal(await logIn("admin", "taken-over"), 401, "Invalid username or password");
  });

  it("gives a deleted user's name to a new one who inherits nothing", async () => {
    const { name, headers } = await aHolder("herqles.user", "billing.read");
    await remove(name);
    expectOk(await add(name, "another"), { [name]: true, identity: true, assignment: true });
    expect(await permissionsOf(name)).toEqual([]);
    expectRefusal(await call("GET", `/user/${name}`, headers), 403, "Invalid API Token");
    expectRefusal(await logIn(name, "a-password"), 401, "Invalid username or password");
    expect((await logIn(name, "another")).status).toBe(200);
  });

  it("lets exactly one of twenty calls for one name make it", async () => {
    const name = unique("race");
    const spellings = Array.from({ length: 20 }, (_, at) => (at % 2 ? name : name.toUpperCase()));
    const answers = await Promise.all(spellings.map((spelling, at) => add(spelling, `password-${at}`)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const made = answers.flatMap(({ body }, at) => (body.identity ? [at] : []));
    expect(made).toHaveLength(1);
    expect(answers.every(({ body }) => body.identity === body.assignment)).toBe(true);
    expect(answers.every(({ body }, at) => body[spellings[at] ?? ""] === true)).toBe(true);
    expect((await logIn(name, `password-${made[0]}`)).status).toBe(200);
    expect((await show(name)).body.username).toBe(spellings[made[0] ?? -1]);
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty", "true", "1"])(
    "makes %s like any other",
    async (name) => {
      await remove(name);
      const { status, body } = await add(name);
      expect(status).toBe(200);
      expect(Object.entries(body)).toEqual([
        [name, true],
        ["identity", true],
        ["assignment", true],
      ]);
      expectOk(await show(name), { username: name, permissions: [] });
      expect((await add(name)).text).toBe(`{"${name}":true,"identity":false,"assignment":false}`);
      expectOk(await remove(name), { username: name, identity: true, assignment: true });
    },
  );

  it.each([
    ["256 letters", () => unique("n").padEnd(256, "n")],
    ["256 characters that are no letters", () => unique("n") + "😀".repeat(256 - unique("n").length)],
    ["an e-mail address", uniqueEmail],
    ["quotes, percent and brackets", () => `${unique("n")}'"%<&>\\`],
    ["letters of other scripts", () => unique("Žofie-宮")],
  ])("takes a name of %s", async (_, mint) => {
    const name = mint();
    await added(name);
    expectOk(await show(encodeURIComponent(name)), { username: name, permissions: [] });
    expect((await logIn(name, "a-password")).status).toBe(200);
  });

  it.each([[undefined], [null], [""]])("misses a username that is %j", async (username) => {
    expectRefusal(await add(username, ""), 400, "Missing username");
  });

  it.each([...INVALID_NAMES, 5, true, [], {}, ["a"]].map((name) => [name]))(
    "refuses %j as username before it looks at the password",
    async (username) => {
      expectRefusal(await add(username, ""), 400, "Invalid username");
    },
  );

  it.each(["token", "add", "password", "permission", "identity", "assignment", "TOKEN", "Identity"])(
    "reserves %s, and says so before it looks at the password",
    async (username) => {
      expectRefusal(await add(username, ""), 400, "Username is reserved");
    },
  );

  it.each([[undefined], [null], [""]])("misses a password that is %j", async (password) => {
    const name = unique("new");
    const body = { username: name, password };
    expectRefusal(await call("POST", "/user/add", await asAdmin(), body), 400, "Missing Password");
    expectRefusal(await show(name), 404, "User does not exist");
  });

  it.each([[5], [true], [["p"]], [{}], ["p".repeat(1025)], ["€".repeat(342)], ["\ud800"]])(
    "refuses %j as password",
    async (password) => {
      const name = unique("new");
      expectRefusal(await add(name, password), 400, "Invalid password");
      expectRefusal(await show(name), 404, "User does not exist");
    },
  );

  it("takes a password of 1024 bytes", async () => {
    for (const password of ["p".repeat(1024), `${"€".repeat(341)}p`]) {
      const name = await added(unique("new"), password);
      expect((await logIn(name, password)).status).toBe(200);
    }
  });

  it("holds a password to the strong policy where the deployment does", async () => {
    const name = unique("strong");
    const strongly = async (password: string) =>
      callWith({ PASSWORD_POLICY: "strong" }, "POST", "/user/add", await asAdmin(), { username: name, password });
    for (const weak of ["short-7", "password", name, name.toUpperCase()]) {
      expectRefusal(await strongly(weak), 400, "Password does not meet the policy");
    }
    expectRefusal(await show(name), 404, "User does not exist");
    expectOk(await strongly("harbour-3-lighthouse"), { [name]: true, identity: true, assignment: true });
  });

  it("says that a password is invalid before it says that it is weak", async () => {
    const body = { username: unique("strong"), password: 1 };
    const answer = await callWith({ PASSWORD_POLICY: "strong" }, "POST", "/user/add", await asAdmin(), body);
    expectRefusal(answer, 400, "Invalid password");
  });
});
