import { describe, expect, it } from "vitest";
import { asAdmin, call, rows, unique } from "../../support/http.ts";
import {
  aName,
  BODY_BYTES_MAX,
  expectIssue,
  find,
  INSTANT,
  list,
  logIn,
  register,
  remove,
  statuses,
} from "./support.ts";

const TAKEN = /^An issue in the payload was discovered: name: \S/;

describe("POST /user", () => {
  it("registers a user with the four members of the document", async () => {
    const name = unique("test_user");
    const { status, body } = await register({ name, password: "JvZ9bm79", role: "USER" });
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(["creationTime", "name", "role", "version"]);
    expect(body).toEqual({ creationTime: expect.stringMatching(INSTANT), name, role: "USER", version: 0 });
    expect((await find(name)).body).toEqual(body);
    expect((await logIn(name, "JvZ9bm79")).status).toBe(200);
  });

  it("makes a USER without a password when told no more than a name", async () => {
    const name = unique("bare");
    expect((await register({ name })).body).toMatchObject({ role: "USER", version: 0 });
    for (const password of ["", "null", "undefined", name]) expect((await logIn(name, password)).status).toBe(401);
    expect((await logIn(name, "")).headers.get("www-authenticate")).toContain("Basic");
  });

  it("makes an ADMIN with an e-mail address", async () => {
    const name = unique("chief");
    const email = `${name}@example.org`;
    const { body } = await register({ name, role: "ADMIN", email });
    expect(Object.keys(body)).toEqual(["creationTime", "name", "role", "version"]);
    expect((await find(name, "view=full")).body).toMatchObject({ email, role: "ADMIN", state: "active" });
  });

  it.each<[string, () => string]>([
    ["one character", () => String.fromCodePoint(0x1f300 + Math.floor(Math.random() * 700))],
    ["256 characters", () => unique("n").padEnd(256, "n")],
    ["256 characters of four bytes", () => [...unique("n"), ..."🦊".repeat(256)].slice(0, 256).join("")],
    ["signs", () => `${unique("a")}.:@%+&=;,'"<>\\|~`],
  ])("takes a name of %s", async (_, made) => {
    const name = made();
    expect((await register({ name })).body.name).toBe(name);
    expect((await find(name)).body.name).toBe(name);
  });

  it.each([
    "",
    " ",
    "a b",
    " a",
    "a\t",
    "a\n",
    "a\u00a0b",
    "a\u3000b",
    "a\u0000b",
    "a\u007fb",
    "a\u0085b",
    "a/b",
    "a?b",
    "a#b",
    ".",
    "..",
    "n".repeat(257),
    "token",
    "Add",
    "PASSWORD",
    "permission",
    null,
    5,
    true,
    ["a"],
    {},
  ])("refuses the name %j", async (name) => expectIssue(await register({ name }), "name"));

  it("refuses a name with half a character", async () => {
    expectIssue(await register(`{"name":"${unique("half")}\\ud83e"}`), "name");
    expectIssue(await register(`{"name":"\\udd8a${unique("half")}"}`), "name");
  });

  it.each(["a", "12345", "é".repeat(512), "p".repeat(1024), "\u0000", "with : colon"])(
    "takes the password %j",
    async (password) => {
      const name = unique("pass");
      expect((await register({ name, password })).status).toBe(200);
      expect((await logIn(name, password)).status).toBe(200);
    },
  );

  it.each(["", null, 12345, true, ["a"], "p".repeat(1025), "é".repeat(513)])(
    "refuses the password %j",
    async (password) => expectIssue(await register({ name: unique("pass"), password }), "password"),
  );

  it.each([null, "", "user", "Admin", 1, ["USER"]])("refuses the role %j", async (role) => {
    expectIssue(await register({ name: unique("role"), role }), "role");
  });

  it.each([null, "", "x", "a@b", "@example.org", "a@b@c.org", "a@ex_ample.org", `${"a".repeat(243)}@example.org`])(
    "refuses the e-mail address %j",
    async (email) => expectIssue(await register({ name: unique("mail"), email }), "email"),
  );

  it.each([(n: string) => `${n}+x.y_z-1@ex-ample.co.uk`, (n: string) => `${n.padEnd(242, "a")}@example.org`])(
    "takes the e-mail address %s",
    async (made) => {
      const name = unique("mail");
      expect((await register({ name, email: made(name) })).status).toBe(200);
      expect((await find(name, "view=full")).body.email).toBe(made(name));
    },
  );

  it("refuses the address of another living user in any letter case", async () => {
    const email = `${unique("Shared")}@example.org`;
    const owner = await aName({ email });
    const name = unique("second");
    expectIssue(await register({ name, email: email.toUpperCase() }), "email");
    expect((await find(name)).status).toBe(404);
    await remove(owner);
    expect((await register({ name, email })).status).toBe(200);
  });

  it.each(["version", "creationTime", "lastLoginTime", "id", "state", "__proto__", "Name"])(
    "refuses the member %s",
    async (member) => {
      const name = unique("extra");
      expectIssue(await register(`{"name":"${name}","${member}":0}`), member);
      expect((await find(name)).status).toBe(404);
    },
  );

  it("refuses a body without a name, and names all that is wrong", async () => {
    expectIssue(await register({}), "name");
    const answer = await register({ role: "x", password: 5, extra: 1 });
    for (const member of ["name", "role", "password", "extra"]) expectIssue(answer, member);
    expect(answer.body.message.split("; ")).toHaveLength(4);
  });

  it("refuses a taken name in any letter case, whichever dialect took it", async () => {
    const names = [await aName(), unique("elsewhere")];
    await call("POST", "/user/add", await asAdmin(), { username: names[1], password: "p" });
    for (const name of names) {
      for (const again of [name, name.toUpperCase()]) {
        const { status, body } = await register({ name: again });
        expect([status, body.message]).toEqual([400, expect.stringMatching(TAKEN)]);
      }
    }
  });

  it("looks at the members before the table of names", async () => {
    const name = await aName();
    expectIssue(await register({ name, role: "x" }), "role");
    expect((await register({ name, role: "x" })).body.message).not.toContain("name:");
  });

  it("makes exactly one user of twenty registrations at once", async () => {
    const name = unique("race");
    const spelled = (at: number) => (at % 2 === 0 ? name : name.toUpperCase());
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => register({ name: spelled(at) })));
    expect(statuses(answers)).toEqual([200, ...Array.from({ length: 19 }, () => 400)]);
    for (const { status, body } of answers) if (status === 400) expect(body.message).toMatch(TAKEN);
    expect((await list(`name=${name}`)).body.totalCount).toBe(1);
  });

  it("counts exactly under twenty registrations at once", async () => {
    const prefix = unique("many");
    const before = (await list("perPage=1&role=USER&state=active")).body.totalCount;
    await Promise.all(Array.from({ length: 20 }, (_, at) => register({ name: `${prefix}-${at}` })));
    const { body } = await list("perPage=1&role=USER&state=active");
    expect([body.totalCount, body.lastPage]).toEqual([before + 20, before + 20]);
    expect((await list(`name=${prefix}`)).body.totalCount).toBe(20);
  });

  it("takes the last of duplicate members", async () => {
    const name = unique("twice");
    expect((await register(`{"name":5,"name":"${name}"}`)).body.name).toBe(name);
  });

  it("refuses too large a body before it looks into it", async () => {
    expect((await register("x".repeat(BODY_BYTES_MAX + 1))).status).toBe(413);
  });

  it("keeps no password in the clear", async () => {
    const [name, password] = [unique("sealed"), unique("secret")];
    await register({ name, password });
    const stored = await rows("SELECT * FROM users WHERE name = ?", name);
    expect(JSON.stringify([stored, await rows("SELECT * FROM audit_events")])).not.toContain(password);
  });
});
