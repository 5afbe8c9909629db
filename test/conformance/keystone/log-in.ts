import { afterEach, describe, expect, it, vi } from "vitest";
import * as passwords from "../../../src/core/passwords.ts";
import { ADMIN, rows, unique } from "../../support/http.ts";
import {
  aProject,
  auth,
  byPassword,
  byToken,
  DOMAIN,
  expectUnauthorized,
  INSTANT,
  issued,
  logIn,
  SESSION_TOKEN,
  someone,
  tokenOf,
  works,
} from "./support.ts";

const HOUR = 3_600_000;

describe("POST /v3/auth/tokens by password", () => {
  it("answers 201 with the token in X-Subject-Token and its document", async () => {
    const user = await someone();
    const answer = await logIn(user);
    expect(answer.status).toBe(201);
    expect(answer.headers.get("x-subject-token")).toMatch(SESSION_TOKEN);
    expect(answer.text).not.toContain(issued(answer));
    expect(answer.body).toEqual({
      token: {
        methods: ["password"],
        user: { id: user.id, name: user.name, domain: DOMAIN, password_expires_at: null },
        audit_ids: [expect.stringMatching(/^[A-Za-z0-9_-]{22}$/)],
        issued_at: expect.stringMatching(INSTANT),
        expires_at: expect.stringMatching(INSTANT),
        catalog: expect.any(Array),
      },
    });
    const { issued_at, expires_at } = answer.body.token;
    expect(Date.parse(expires_at) - Date.parse(issued_at)).toBe(3 * HOUR);
  });

  it("gives a session that every dialect knows, its digest stored only", async () => {
    const user = await someone();
    const token = await tokenOf(user);
    expect(await works(token)).toBe(true);
    const stored = await rows("select * from sessions where user_id = ?", user.id);
    expect(stored).toHaveLength(1);
    expect(JSON.stringify(stored)).not.toContain(token);
  });

  it.each([
    ["a name and the domain's id", { domain: { id: "default" } }],
    ["a name and the domain's name", { domain: { name: "Default" } }],
    ["a name and the domain's name in another case", { domain: { name: "DEFAULT" } }],
    ["a name alone", {}],
    ["a name and null as domain", { domain: null }],
  ])("knows a user by %s", async (_, place) => {
    const { name } = await someone();
    expect((await auth(byPassword({ name, ...place }))).status).toBe(201);
    expect((await auth(byPassword({ name: name.toUpperCase(), ...place }))).status).toBe(201);
  });

  it("knows a user by his id, whatever else is said", async () => {
    const { id, name } = await someone();
    const answer = await auth(byPassword({ id }));
    expect([answer.status, answer.body.token.user]).toMatchObject([201, { id, name }]);
    expect((await auth(byPassword({ id, name: "other", domain: { id: "elsewhere" } }))).status).toBe(201);
  });

  it("makes the administrator at his first log-in", async () => {
    const { status, body } = await auth(byPassword({ name: ADMIN.username }, ADMIN.password));
    expect([status, body.token.user.name]).toEqual([201, ADMIN.username]);
  });

  it("says the same to whoever does not know a user and his password", async () => {
    const [user, idle] = [await someone(), await someone()];
    await rows("update users set state = 'inactive' where id = ?", idle.id);
    const answers = [
      await logIn({ name: unique("nobody") }),
      await logIn(user, undefined, "wrong"),
      await logIn(user, undefined, ""),
      await logIn(user, undefined, "p".repeat(5000)),
      await logIn(idle),
      await logIn({ name: "" }),
      await logIn({ name: "a name" }),
      await logIn({ name: "\udc00" }),
      await auth(byPassword({ id: user.id }, "wrong")),
      await auth(byPassword({ id: idle.id })),
      await auth(byPassword({ id: "0".repeat(32) })),
      await auth(byPassword({ id: user.name })),
      await auth(byPassword({ name: user.id })),
      await auth(byPassword({ name: user.name, domain: { id: "elsewhere" } })),
      await auth(byPassword({ name: user.name, domain: { name: "Elsewhere" } })),
      await logIn(idle, { project: { name: unique("no-project") } }),
    ];
    for (const answer of answers) expectUnauthorized(answer);
    expect(answers[0]?.headers.get("www-authenticate")).toBe('Keystone uri="http://ostiary.test/v3"');
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  describe("costs one Argon2id", () => {
    afterEach(() => vi.restoreAllMocks());

    it("whoever is asked for", async () => {
      const [user, idle] = [await someone(), await someone()];
      await rows("update users set state = 'inactive' where id = ?", idle.id);
      const asked = [{ id: user.id }, { id: "f".repeat(32) }, { id: "?" }, { name: "nobody" }, { name: idle.name }];
      const compared = vi.spyOn(passwords, "isPassword");
      for (const who of asked) {
        compared.mockClear();
        expectUnauthorized(await auth(byPassword(who, "wrong")));
        expect([who, compared.mock.calls.length]).toEqual([who, 1]);
      }
    });
  });

  it.each([
    ["an unknown method", { methods: ["totp"], totp: {} }],
    ["an application credential", { methods: ["application_credential"], application_credential: { id: "a" } }],
    ["two methods", { ...byPassword({ name: "a" }), methods: ["password", "totp"] }],
  ])("does not serve %s", async (_, identity) => {
    expectUnauthorized(await auth(identity));
  });
});

describe("POST /v3/auth/tokens by token", () => {
  it("gives another token, which ends when the first one does", async () => {
    const user = await someone();
    const first = await logIn(user);
    const second = await auth(byToken(issued(first)));
    expect(issued(second)).not.toBe(issued(first));
    expect(second.body.token).toMatchObject({
      methods: ["token", "password"],
      user: { id: user.id },
      expires_at: first.body.token.expires_at,
    });
    expect(second.body.token.audit_ids).not.toEqual(first.body.token.audit_ids);
    expect(await works(issued(second))).toBe(true);
  });

  it("goes from no project to one, and from one to another", async () => {
    const user = await someone();
    const [one, other] = [await aProject([user]), await aProject([user])];
    const unscoped = await tokenOf(user, "unscoped");
    const first = await auth(byToken(unscoped), { project: { id: one.id } });
    expect(first.body.token.project.name).toBe(one.name);
    const second = await auth(byToken(issued(first)), { project: { id: other.id } });
    expect(second.body.token.project.name).toBe(other.name);
  });

  it("refuses a token that is not good", async () => {
    const good = await tokenOf(await someone());
    for (const id of ["", "x", "w".repeat(43), "a.b.c", `${good}x`]) expectUnauthorized(await auth(byToken(id)));
  });
});
