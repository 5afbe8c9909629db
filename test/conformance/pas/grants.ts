import { describe, expect, it } from "vitest";
import { asBearer, call, rows } from "../../support/http.ts";
import {
  absent,
  aGroup,
  ask,
  askMeanwhile,
  entry,
  eventsOf,
  grant,
  groupPath,
  is,
  login,
  ORIGIN,
  onFields,
  revoke,
  rolesOf,
  SUCCESS,
  somebody,
  typed,
  unprocessable,
  userPath,
} from "./support.ts";

const membersOf = async (group: string) => (await ask("GET", groupPath(group, "/+members"))).body.users;
const PROTECTED = unprocessable("The administrator admin cannot be deleted, deactivated or demoted");

describe("+grant and +revoke", () => {
  it("do as in the document's examples", async () => {
    const group = await aGroup();
    const { name } = await somebody();
    expect(is(await grant(group, entry(name, "member", "chief")))).toEqual([200, SUCCESS]);
    expect(await rolesOf(name)).toEqual({ __default__: [], [group]: ["member", "chief"] });
    expect(is(await revoke(group, { user: { userid: name }, roles: ["chief"] }))).toEqual([200, SUCCESS]);
    expect(await membersOf(group)).toEqual([
      {
        username: name,
        userid: name,
        roles: ["member"],
        links: [{ rel: "self", type: "GET", href: `${ORIGIN}${userPath(name)}` }],
      },
    ]);
    expect(is(await grant(group, entry("nobody", "member")))).toEqual(typed("UserDoesNotExistsError", "nobody"));
    const [{ id }] = await rows("select id from groups where name = ?", group);
    expect(await eventsOf(id)).toEqual(["group.create", "group.grant", "group.revoke"]);
  });

  it("know a user by userid, which is a uuid before it is a name, and counts before the username", async () => {
    const group = await aGroup();
    const someone = await somebody();
    const namesake = await somebody({ name: someone.id });
    await grant(group, { user: { userid: someone.id, username: "nobody" }, roles: ["by-id"] });
    await grant(group, { user: { username: someone.id }, roles: ["by-name"] });
    expect((await rolesOf(someone.name))[group]).toEqual(["by-id"]);
    expect((await rolesOf(namesake.name))[group]).toEqual(["by-name"]);
    const shouted = someone.name.toUpperCase();
    expect(is(await grant(group, entry(shouted, "x")))).toEqual(typed("UserDoesNotExistsError", shouted));
  });

  it("give each role once, in the order of granting", async () => {
    const group = await aGroup();
    const { name } = await somebody();
    await grant(group, entry(name, "b", "a", "b"), entry(name, "c", "a"));
    await grant(group, entry(name, "0", "a"));
    expect((await rolesOf(name))[group]).toEqual(["b", "a", "c", "0"]);
  });

  it("change nothing without a role or an entry, for who is no member too", async () => {
    const group = await aGroup();
    const { name } = await somebody();
    for (const deed of [grant, revoke]) {
      expect(is(await deed(group, entry(name)))).toEqual([200, SUCCESS]);
      expect(is(await deed(group))).toEqual([200, SUCCESS]);
    }
    expect(await membersOf(group)).toEqual([]);
  });

  it("let who holds no role any more leave; roles not held do not matter", async () => {
    const group = await aGroup();
    const { name } = await somebody();
    await grant(group, entry(name, "member"));
    expect(is(await revoke(group, entry(name, "chief")))).toEqual([200, SUCCESS]);
    expect(await rolesOf(name)).toEqual({ __default__: [], [group]: ["member"] });
    expect(is(await revoke(group, entry(name, "member")))).toEqual([200, SUCCESS]);
    expect(await rolesOf(name)).toEqual({ __default__: [] });
    expect(is(await revoke(group, entry(name, "member")))).toEqual(
      typed("MembershipError", `User ${name} not in group ${group}`),
    );
  });

  it("look at the whole body first", async () => {
    const group = await aGroup();
    const bad = [{ user: {} }, { user: 5, roles: [""] }, { user: { username: 5 }, roles: ["a", 5, "\n"], more: 1 }, 5];
    expect(is(await grant(group, ...bad))).toEqual(
      onFields(
        ["mapping.0", "'roles' is a required property"],
        ["mapping.1.roles.0", "'' is too short"],
        ["mapping.1.user", "5 is not of type 'object'"],
        ["mapping.2.roles.1", "5 is not of type 'string'"],
        ["mapping.2.roles.2", "'\n' contains control characters"],
        ["mapping.2.user.username", "5 is not of type 'string'"],
        ["mapping.3", "5 is not of type 'object'"],
      ),
    );
    expect(is(await ask("POST", groupPath(group, "/+grant"), { other: 1 }))).toEqual(
      onFields(["", "'mapping' is a required property"]),
    );
    const many = Array.from({ length: 101 }, () => entry("admin"));
    expect((await grant(group, ...many)).body.field_errors[0].message).toMatch(/^\[.{199}… is too long$/);
    expect((await grant(group, entry("admin", ...Array(101).fill("x")))).status).toBe(422);
    expect((await grant(group, entry("admin", "x".repeat(257)))).status).toBe(422);
  });

  it("refuse the first bad entry, and change nothing at all", async () => {
    const group = await aGroup();
    const [{ name }, outsider] = [await somebody(), await somebody()];
    await grant(group, entry(name, "member"));
    const none = { user: {}, roles: ["x"] };
    const nobody = login();
    for (const deed of [grant, revoke]) {
      expect(is(await deed(group, entry(name, "member", "x"), none, entry(nobody, "x")))).toEqual(
        unprocessable("User None does not exists"),
      );
      expect(is(await deed(group, entry(name, "member", "x"), entry(nobody, "x"), none))).toEqual(
        typed("UserDoesNotExistsError", nobody),
      );
    }
    const stranger = entry(outsider.name, "x");
    expect(is(await revoke(group, entry(name, "member"), stranger, entry(nobody, "x")))).toEqual(
      typed("MembershipError", `User ${outsider.name} not in group ${group}`),
    );
    expect((await rolesOf(name))[group]).toEqual(["member"]);
  });

  it("take a hundred users with a hundred roles each", async () => {
    const group = await aGroup();
    const { name } = await somebody();
    const roles = Array.from({ length: 100 }, (_, at) => `${at}`);
    expect((await grant(group, ...Array(99).fill(entry(name, ...roles)), entry("admin", ...roles))).status).toBe(200);
    expect((await rolesOf(name))[group]).toEqual(roles);
  });

  it("lose no role when they run at once", async () => {
    const group = await aGroup();
    const { name } = await somebody();
    const roles = Array.from({ length: 12 }, (_, at) => `role-${at}`);
    await Promise.all(roles.map((role) => grant(group, entry(name, role))));
    expect([...(await rolesOf(name))[group]].sort()).toEqual([...roles].sort());
    const deeds = roles.map((role, at) =>
      at % 2 ? revoke(group, entry(name, role)) : grant(group, entry(name, `${role}+`)),
    );
    await Promise.all(deeds);
    const left = roles.flatMap((role, at) => (at % 2 ? [] : [role, `${role}+`]));
    expect([...(await rolesOf(name))[group]].sort()).toEqual(left.sort());
  });

  it("look again when user or group goes away meanwhile", async () => {
    const [group, headers] = [await aGroup(), await asBearer()];
    const [{ name }, other] = [await somebody(), await somebody()];
    const give = (work: () => Promise<unknown>, ...names: string[]) => {
      const mapping = names.map((each) => entry(each, "x"));
      return askMeanwhile(work, groupPath(group, "/+grant"), headers, { mapping });
    };
    const userGone = await give(() => ask("DELETE", userPath(name)), other.name, name);
    expect(is(userGone)).toEqual(typed("UserDoesNotExistsError", name));
    expect(await membersOf(group)).toEqual([]);
    const groupGone = await give(() => ask("DELETE", groupPath(group)), other.name);
    expect(is(groupGone)).toEqual(absent(groupPath(group, "/+grant")));
  });

  it("leave no membership behind when a user is deleted meanwhile", async () => {
    const group = await aGroup();
    const { name } = await somebody();
    const deeds = Array.from({ length: 5 }, (_, at) => grant(group, entry(name, `role-${at}`)));
    const [gone, ...answers] = await Promise.all([ask("DELETE", userPath(name)), ...deeds]);
    expect(gone.status).toBe(200);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expect(is(answer)).toEqual(typed("UserDoesNotExistsError", name));
    }
    expect(await membersOf(group)).toEqual([]);
  });
});

describe("in __default__", () => {
  it("administrator makes an ADMIN in every dialect, and its end ends that", async () => {
    const { id, name, headers } = await somebody();
    expect((await call("GET", "/user", headers)).status).toBe(401);
    expect(is(await grant("__default__", entry(name, "x", "administrator")))).toEqual([200, SUCCESS]);
    expect(await rolesOf(name)).toEqual({ __default__: ["administrator", "x"] });
    expect((await call("GET", `/user/${name}`, headers)).body).toMatchObject({ role: "ADMIN", version: 1 });
    const named = await rows("select role from member_roles where user_id = ? and role = 'administrator'", id);
    expect(named).toEqual([]);
    expect(is(await revoke("__default__", entry(name, "administrator", "x")))).toEqual([200, SUCCESS]);
    expect(await rolesOf(name)).toEqual({ __default__: [] });
    expect((await call("GET", `/user/${name}`, headers)).body).toMatchObject({ role: "USER", version: 2 });
  });

  it("everybody is a member, nobody leaves, and nothing is a project", async () => {
    const { name, id, headers } = await somebody();
    expect(is(await revoke("__default__", entry(name, "x")))).toEqual([200, SUCCESS]);
    await grant("__default__", entry(name, "x"));
    const mine = (users: { username: string }[]) => users.find(({ username }) => username === name);
    expect(mine(await membersOf("__default__"))).toMatchObject({ userid: name, roles: ["x"] });
    await revoke("__default__", entry(name, "x"));
    expect(mine(await membersOf("__default__"))).toMatchObject({ roles: [] });
    expect(await rows("select 1 from memberships where user_id = ?", id)).toEqual([]);
    expect((await call("GET", "/auth/self/+roles", headers)).body).toEqual({ __default__: [] });
  });

  it("a protected administrator stays one, and nothing else changes", async () => {
    const { name } = await somebody();
    await grant("__default__", entry(name, "x"));
    expect(
      is(await revoke("__default__", entry(name, "x"), entry("admin", "administrator"), entry("no", "x"))),
    ).toEqual(PROTECTED);
    expect(await rolesOf(name)).toEqual({ __default__: ["x"] });
    expect(is(await revoke("__default__", entry("admin", "x")))).toEqual([200, SUCCESS]);
  });

  it("administrator of another group gives nothing", async () => {
    const { name, headers } = await somebody();
    await grant(await aGroup(), entry(name, "administrator"));
    expect((await call("GET", "/auth/user/admin", headers)).status).toBe(403);
  });
});

describe("GET +members", () => {
  it("shows active members in the order of joining; who is activated is back with his roles", async () => {
    const group = await aGroup();
    const [one, other] = [await somebody(), await somebody()];
    await grant(group, entry(other.name, "b", "a"), entry(one.name, "c"));
    const shown = async () =>
      (await membersOf(group)).map(({ username, roles }: { username: string; roles: string[] }) => [username, roles]);
    const both = [
      [other.name, ["b", "a"]],
      [one.name, ["c"]],
    ];
    expect(await shown()).toEqual(both);
    await ask("POST", userPath(other.name, "/+statemachine"), { transition: "deactivate" });
    expect(await shown()).toEqual(both.slice(1));
    expect(is(await grant(group, entry(other.name, "d")))).toEqual([200, SUCCESS]);
    await ask("POST", userPath(other.name, "/+statemachine"), { transition: "activate" });
    expect(await shown()).toEqual([
      [other.name, ["b", "a", "d"]],
      [one.name, ["c"]],
    ]);
  });
});
