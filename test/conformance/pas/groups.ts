import { describe, expect, it } from "vitest";
import { call, rows, tokenFor } from "../../support/http.ts";
import {
  absent,
  aGroup,
  ask,
  entry,
  eventsOf,
  grant,
  groupName,
  groupPath,
  is,
  ORIGIN,
  onFields,
  onForm,
  PASSWORD,
  rolesOf,
  SEQ,
  SUCCESS,
  somebody,
  TIME,
  typed,
  UUID,
  unprocessable,
  userPath,
} from "./support.ts";

const create = (body: unknown) => ask("POST", "/auth/group", body);
const PROTECTED = ["id", "uuid", "creator", "created", "modified", "deleted", "blobs", "xattrs"];

const links = (groupname: string) => {
  const href = `${ORIGIN}${groupPath(groupname)}`;
  return [
    { rel: "self", href },
    { rel: "update", href, method: "PATCH" },
    { rel: "delete", href, method: "DELETE" },
  ];
};

describe("POST /auth/group", () => {
  it("makes a group as in the document's example", async () => {
    const groupname = groupName();
    const { status, body } = await create({ groupname, parent: null });
    const data = { id: SEQ, uuid: UUID, creator: UUID, created: TIME, modified: TIME, state: null, deleted: null };
    expect([status, body]).toEqual([200, { data: { ...data, parent: null, groupname }, links: links(groupname) }]);
    expect(Object.keys(body.data)).toEqual([...Object.keys(data), "parent", "groupname"]);
    expect(await eventsOf(body.data.uuid)).toEqual(["group.create"]);
  });

  it("makes a project of the workflow dialect", async () => {
    const group = await aGroup();
    const { name } = await somebody();
    await grant(group, entry(name, "member"));
    expect(await tokenFor(name, PASSWORD, group)).toMatch(/^\w{43}$/);
  });

  it.each(["two words", "Ünïcode Ж", "a+b", "x".repeat(256), "%", "a.b"])("takes the name %.20j", async (name) => {
    const groupname = name.length > 200 ? `${groupName()}${name}`.slice(0, 256) : `${groupName()}${name}`;
    const { body } = await create({ groupname });
    expect(body.data).toMatchObject({ groupname, parent: null });
    expect((await ask("GET", groupPath(groupname))).body).toEqual(body);
    expect((await ask("DELETE", groupPath(groupname))).status).toBe(200);
  });

  it.each(["", " a", "a ", "a/b", "a?b", "a#b", ".", "..", "+a", "a\nb", "x".repeat(257), "\ud800"])(
    "does not take the name %.20j",
    async (groupname) => {
      const { status, body } = await create({ groupname });
      expect([status, body.form_errors[0]]).toEqual([422, expect.stringMatching(/ does not match groupname pattern$/)]);
    },
  );

  it("wants a name, and nothing but a parent besides", async () => {
    expect(is(await create({ state: "x", id: 1, parent: 5 }))).toEqual(
      onFields(
        ["", "'groupname' is a required property"],
        ["", "Additional properties are not allowed ('id', 'state' were unexpected)"],
        ["parent", "5 is not valid under any of the given schemas"],
      ),
    );
    expect(is(await create({ groupname: null }))).toEqual(onFields(["groupname", "None is not of type 'string'"]));
    expect(is(await create({ groupname: groupName(), parent: "x".repeat(257) })).at(0)).toBe(422);
  });

  it("makes one of ten that race for a name; letter case makes another", async () => {
    const groupname = groupName();
    const answers = await Promise.all(Array.from({ length: 10 }, () => create({ groupname })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const lost = answers.find(({ status }) => status !== 200);
    expect(lost && is(lost)).toEqual(typed("GroupExistsError", groupname));
    expect((await create({ groupname: groupname.toUpperCase() })).status).toBe(200);
    expect(is(await create({ groupname: "__default__" }))).toEqual(typed("GroupExistsError", "__default__"));
  });
});

describe("GET /auth/group/{groupname}", () => {
  it("links to the active members in the order of joining", async () => {
    const group = await aGroup();
    const people = [await somebody(), await somebody(), await somebody()];
    const [first, second, third] = people.map(({ name }) => name) as [string, string, string];
    for (const name of [third, first, second]) await grant(group, entry(name, "member"));
    await ask("POST", userPath(first, "/+statemachine"), { transition: "deactivate" });
    const { body } = await ask("GET", groupPath(group));
    const members = [third, second].map((name) => ({ rel: "member", href: `${ORIGIN}${userPath(name)}` }));
    expect(body.links).toEqual([...links(group), ...members]);
  });

  it("knows everybody as a member of __default__", async () => {
    const { name } = await somebody();
    const { body } = await ask("GET", groupPath("__default__"));
    expect(body.data).toMatchObject({ groupname: "__default__", creator: "" });
    expect(body.links.at(-1)).toEqual({ rel: "member", href: `${ORIGIN}${userPath(name)}` });
    expect(
      await rows("select 1 from memberships m join groups g on g.id = m.group_id where g.name = '__default__'"),
    ).toEqual([]);
  });
});

describe("PATCH /auth/group/{groupname}", () => {
  const patch = (name: string, body: unknown) => ask("PATCH", groupPath(name), body);

  it("renames a group; members and roles stay", async () => {
    const [group, renamed] = [await aGroup(), groupName()];
    const { name } = await somebody();
    await grant(group, entry(name, "member"));
    const before = (await ask("GET", groupPath(group))).body.data;
    expect(is(await patch(group, { groupname: renamed, parent: "media" }))).toEqual([200, SUCCESS]);
    expect(is(await ask("GET", groupPath(group)))).toEqual(absent(groupPath(group)));
    const { body } = await ask("GET", groupPath(renamed));
    expect(body.data).toEqual({ ...before, groupname: renamed, parent: "media", modified: TIME });
    expect(await rolesOf(name)).toEqual({ __default__: [], [renamed]: ["member"] });
    expect(await eventsOf(before.uuid)).toEqual(["group.create", "group.grant", "group.change"]);
  });

  it("looks at the schema, protected keys, the pattern, the name, in this order", async () => {
    const [group, other] = [await aGroup(), await aGroup()];
    expect(is(await patch(group, { uuid: 1, groupname: null, username: "x" }))).toEqual(
      onFields(
        ["", "Additional properties are not allowed ('username' was unexpected)"],
        ["groupname", "None is not of type 'string'"],
      ),
    );
    for (const key of PROTECTED) {
      expect(is(await patch(group, { groupname: "+", [key]: null }))).toEqual(
        unprocessable(`${key} is not allowed to be updated in this context`),
      );
    }
    expect(is(await patch(group, { state: 1 }))).toEqual(
      unprocessable("Please use 'statemachine' view to update state"),
    );
    expect(is(await patch(group, { groupname: "+" }))).toEqual(onForm("+ does not match groupname pattern"));
    expect(is(await patch(group, { groupname: other }))).toEqual(typed("GroupExistsError", other));
    expect(is(await patch(group, { groupname: group }))).toEqual([200, SUCCESS]);
  });

  it("never renames __default__, whose parent may change", async () => {
    expect(is(await patch("__default__", { groupname: groupName() }))).toEqual(
      unprocessable("__default__ cannot be renamed"),
    );
    expect(is(await patch("__default__", { parent: "all" }))).toEqual([200, SUCCESS]);
    expect((await ask("GET", groupPath("__default__"))).body.data.parent).toBe("all");
  });
});

describe("DELETE /auth/group/{groupname}", () => {
  it("ends memberships and roles, and the name is free for a group without members", async () => {
    const group = await aGroup();
    const { name } = await somebody();
    await grant(group, entry(name, "member"));
    expect(is(await ask("DELETE", groupPath(group)))).toEqual([200, SUCCESS]);
    expect(is(await ask("DELETE", groupPath(group)))).toEqual(absent(groupPath(group)));
    await aGroup(group);
    expect((await ask("GET", groupPath(group, "/+members"))).body).toEqual({ users: [] });
    expect(await rolesOf(name)).toEqual({ __default__: [] });
  });

  it("never deletes __default__", async () => {
    expect(is(await ask("DELETE", groupPath("__default__")))).toEqual(unprocessable("__default__ cannot be deleted"));
  });

  it.each(["+statemachine", "+roles", "+xattr", "+blobs"])("knows no view %s", async (view) => {
    expect((await call("GET", `/auth/group/__default__/${view}`, {})).status).toBe(404);
  });
});
