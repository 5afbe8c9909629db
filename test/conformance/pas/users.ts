import { describe, expect, it } from "vitest";
import { call, rows, tokenFor } from "../../support/http.ts";
import { join } from "../../support/projects.ts";
import {
  absent,
  aGroup,
  ask,
  entry,
  eventsOf,
  grant,
  groupName,
  is,
  login,
  ORIGIN,
  onFields,
  onForm,
  PASSWORD,
  rolesOf,
  SEQ,
  SUCCESS,
  somebody,
  TIME,
  UUID,
  unprocessable,
  userPath,
} from "./support.ts";

const links = (href: string, id: string) => [
  { rel: "self", href },
  { rel: "update", href, method: "PATCH" },
  { rel: "delete", href, method: "DELETE" },
  { rel: "statemachine", href: `${href}/+statemachine`, method: "POST" },
  { rel: "userid", value: id },
  { rel: "group", name: "__default__", href: `${ORIGIN}/auth/group/__default__` },
];

const dataOf = async (name: string) => (await ask("GET", userPath(name))).body.data;

describe("GET /auth/user/{username}", () => {
  it("shows the user, his keys in order, and links", async () => {
    const username = login();
    const email = `${username}@example.org`;
    await ask("POST", "/auth/user/+register", { username, email, password: "x", password_validate: "x" });
    const { status, body, text } = await ask("GET", userPath(username));
    expect([status, body.data]).toEqual([
      200,
      {
        id: SEQ,
        uuid: UUID,
        creator: UUID,
        created: TIME,
        modified: TIME,
        state: "active",
        deleted: null,
        username,
        email,
        source: "local",
      },
    ]);
    expect(Object.keys(body.data)).toEqual([
      "id",
      "uuid",
      "creator",
      "created",
      "modified",
      "state",
      "deleted",
      "username",
      "email",
      "source",
    ]);
    expect(body.links).toEqual(links(`${ORIGIN}${userPath(username)}`, body.data.uuid));
    expect(text).not.toContain("argon2");
  });

  it("links to the groups in the order of joining", async () => {
    const { name } = await somebody();
    const groups = [await aGroup(`z ${groupName()}`), await aGroup(`a ${groupName()}`)];
    for (const group of groups) await grant(group, entry(name, "member"));
    expect((await ask("GET", userPath(name))).body.links.slice(5)).toEqual(
      ["__default__", ...groups].map((group) => ({
        rel: "group",
        name: group,
        href: `${ORIGIN}/auth/group/${encodeURIComponent(group)}`,
      })),
    );
  });

  it("knows neither uuids nor addresses", async () => {
    const { name, id } = await somebody();
    for (const key of [id, `${name}@example.org`]) {
      expect(is(await ask("GET", userPath(key)))).toEqual(absent(userPath(key)));
    }
  });

  it("shows null for no address", async () => {
    const { name } = await somebody({ email: null });
    expect(await dataOf(name)).toMatchObject({ email: null, creator: "" });
  });
});

describe("/auth/self", () => {
  it("shows, changes, deactivates and deletes the caller", async () => {
    const { name, id, headers } = await somebody();
    const { body } = await call("GET", "/auth/self", headers);
    expect(body.data).toEqual(await dataOf(name));
    expect(body.links).toEqual(links(`${ORIGIN}/auth/self`, id));
    expect(is(await call("PATCH", "/auth/self", headers, { source: "ldap" }))).toEqual([200, SUCCESS]);
    expect((await dataOf(name)).source).toBe("ldap");
    expect(is(await call("GET", "/auth/self/+roles", headers))).toEqual([200, { __default__: [] }]);
    expect(is(await call("DELETE", "/auth/self", headers))).toEqual([200, SUCCESS]);
    expect(is(await call("GET", "/auth/self", headers))).toEqual(absent("/auth/self"));
    expect(is(await ask("GET", userPath(name)))).toEqual(absent(userPath(name)));
  });
});

describe("PATCH /auth/user/{username}", () => {
  const patch = (name: string, body: unknown) => ask("PATCH", userPath(name), body);

  it("changes address and source, and the time of change, also by nothing", async () => {
    const { name, id } = await somebody();
    await rows("update users set modified_at = 1 where id = ?", id);
    expect(is(await patch(name, {}))).toEqual([200, SUCCESS]);
    expect((await dataOf(name)).modified > "2020").toBe(true);
    const email = `${login()}@example.net`;
    expect(is(await patch(name, { email, source: null }))).toEqual([200, SUCCESS]);
    expect(await dataOf(name)).toMatchObject({ email, source: null });
    expect(is(await patch(name, { email }))).toEqual([200, SUCCESS]);
    expect(await eventsOf(id)).toEqual(expect.arrayContaining(["user.change"]));
  });

  it.each(["id", "uuid", "creator", "created", "modified", "deleted", "blobs", "xattrs", "username", "password"])(
    "does not change %s, whatever its value",
    async (key) => {
      const { name } = await somebody();
      for (const value of [null, "x", {}]) {
        expect(is(await patch(name, { source: "x", [key]: value }))).toEqual(
          unprocessable(`${key} is not allowed to be updated in this context`),
        );
      }
      expect((await dataOf(name)).source).toBe("local");
    },
  );

  it("looks at the schema, then protected keys as they come, then the address", async () => {
    const [{ name }, other] = [await somebody(), await somebody()];
    expect(is(await patch(name, { password: 1, email: 5, source: 5, foo: 1 }))).toEqual(
      onFields(
        ["", "Additional properties are not allowed ('foo' was unexpected)"],
        ["email", "5 is not of type 'string'"],
        ["source", "5 is not valid under any of the given schemas"],
      ),
    );
    const state = unprocessable("Please use 'statemachine' view to update state");
    expect(is(await patch(name, { email: "no", state: 1, id: 1 }))).toEqual(state);
    expect(is(await patch(name, { id: 1, state: 1 }))).toEqual(
      unprocessable("id is not allowed to be updated in this context"),
    );
    expect(is(await patch(name, { email: "no" }))).toEqual(onForm("no does not match email pattern"));
    const taken = `${other.name}@EXAMPLE.org`;
    expect(is(await patch(name, { email: taken }))).toEqual(onForm(`${taken} is already in use`));
    expect(is(await patch(name, { email: null }))).toEqual(onFields(["email", "None is not of type 'string'"]));
  });

  it("takes a source of 256 characters, none of them a control character", async () => {
    const { name } = await somebody();
    expect((await patch(name, { source: "🔑".repeat(256) })).status).toBe(200);
    const long = "x".repeat(257);
    expect(is(await patch(name, { source: long }))).toEqual(onFields(["source", `'${"x".repeat(200)}…' is too long`]));
    expect(is(await patch(name, { source: "a\u0000b" }))).toEqual(
      onFields(["source", "'a\u0000b' contains control characters"]),
    );
  });

  it("gives one address to one of ten", async () => {
    const people = await Promise.all(Array.from({ length: 10 }, () => somebody({ email: null })));
    const email = `${login()}@example.net`;
    const answers = await Promise.all(people.map(({ name }) => patch(name, { email })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});

describe("DELETE /auth/user/{username}", () => {
  it("ends all that the user had", async () => {
    const { name, headers, id } = await somebody();
    const group = await aGroup();
    await grant(group, entry(name, "member"));
    const key = (await call("POST", "/auth/apikey", headers, { password: PASSWORD, label: "k" })).body.data.uuid;
    expect(is(await ask("DELETE", userPath(name)))).toEqual([200, SUCCESS]);
    expect(is(await ask("DELETE", userPath(name)))).toEqual(absent(userPath(name)));
    expect((await call("GET", "/auth/self", headers)).status).toBe(404);
    expect((await ask("GET", `/auth/apikey/${key}`)).status).toBe(404);
    expect((await ask("GET", `/auth/group/${group}/+members`)).body).toEqual({ users: [] });
    await expect(tokenFor(name, PASSWORD)).rejects.toThrow();
    expect(await eventsOf(id)).toContain("user.delete");
  });

  it("lets a protected administrator be", async () => {
    expect(is(await ask("DELETE", "/auth/user/admin"))).toEqual(
      unprocessable("The administrator admin cannot be deleted, deactivated or demoted"),
    );
    expect((await ask("GET", "/auth/self")).status).toBe(200);
  });
});

describe("GET /auth/user/{username}/+roles", () => {
  it("lists groups in the order of joining, roles in the order of granting", async () => {
    const { name, id } = await somebody();
    const groups = [groupName(), `${Date.now()}${id.replace(/\D/g, "").slice(0, 5)}`, groupName()];
    for (const group of groups) await aGroup(group);
    for (const group of groups) await grant(group, entry(name, "z", "a"));
    const { text } = await ask("GET", userPath(name, "/+roles"));
    expect(text).toBe(`{"__default__":[],${groups.map((group) => `"${group}":["z","a"]`).join(",")}}`);
  });

  it("shows who is ADMIN as administrator of everybody's group", async () => {
    expect(Object.entries(await rolesOf("admin"))[0]).toEqual(["__default__", ["administrator"]]);
    const { name } = await somebody({ role: "ADMIN" });
    expect(await rolesOf(name)).toEqual({ __default__: ["administrator"] });
  });

  it("shows roles that the workflow dialect gave", async () => {
    const { name, id } = await somebody();
    const group = await aGroup();
    const [{ id: groupId }] = await rows("select id from groups where name = ?", group);
    await join(groupId, id, "project_admin");
    expect(await rolesOf(name)).toEqual({ __default__: [], [group]: ["project_admin"] });
  });
});
