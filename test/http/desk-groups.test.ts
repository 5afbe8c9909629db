import { describe, expect, it } from "vitest";
import { saidIn, send, visit } from "../support/desk.ts";
import { aStoredUser, rows, unique, uniqueEmail } from "../support/http.ts";
import { alertsOf, allOf, flawOf, heading, linkTo, type Page, textsOf } from "../support/pages.ts";
import { aMember, aProject, join, rolesOf } from "../support/projects.ts";
import { mailsTo } from "../support/tasks.ts";

const LIST = "/console/groups";
const pathOf = (name: string) => `${LIST}/${encodeURIComponent(name)}`;

async function aGroup(): Promise<{ id: string; name: string; path: string }> {
  const name = unique("group");
  return { id: await aProject(name), name, path: pathOf(name) };
}

describe("the list of groups", () => {
  it("finds groups by the beginning of their names, a page at a time, and tells how many are in each", async () => {
    const stem = unique("row");
    for (let at = 10; at < 62; at += 1) await aProject(`${stem} ${at}`);
    const [{ id }] = await rows("select id from groups where name = ?", `${stem} 10`);
    await aMember(id, "pilot");
    const listed = (page: Page) => textsOf(page, "a").filter((text) => text.startsWith(stem));
    const first = await visit(`${LIST}?name=${stem}`);
    expect([listed(first).length, linkTo(first, "First")]).toEqual([50, undefined]);
    expect(textsOf(first, "td").slice(2, 3)).toEqual(["1"]);
    const last = await visit(`${LIST}${linkTo(first, "Further")}`);
    expect([listed(last), linkTo(last, "Further")]).toEqual([[`${stem} 60`, `${stem} 61`], undefined]);
    expect(listed(await visit(`${LIST}${linkTo(last, "First")}`))).toEqual(listed(first));
    expect(listed(await visit(`${LIST}?name=${stem}&after=zz`))).toEqual([]);
    expect(textsOf(await visit(`${LIST}?name=__default__`), "td")).toContain("everybody");
    expect((await visit(`${LIST}?name=${unique("none")}`)).answer.text).toContain("No group matches");
    expect((await visit(`${LIST}?name=%F4%8F%BF%BF`)).answer.status).toBe(200);
  });

  it("takes a new one, and says what is wrong with its name", async () => {
    const groupname = unique("new group");
    const made = await send(LIST, "create", { groupname, parent: "above" });
    expect(made.answer.headers.get("location")).toBe(pathOf(groupname));
    expect(await rows("select parent from groups where name = ?", groupname)).toEqual([{ parent: "above" }]);
    for (const name of ["a/b", "+x", " x", "..", "x".repeat(257)]) {
      expect(flawOf(await send(LIST, "create", { groupname: name }), "groupname")).toContain("A name has no slash");
    }
    expect(flawOf(await send(LIST, "create", {}), "groupname")).toBe("Please fill this in.");
    const twice = await send(LIST, "create", { groupname });
    expect([twice.answer.status, flawOf(twice, "groupname")]).toEqual([409, "There is such a group already."]);
  });
});

describe("a group to an administrator", () => {
  it("is renamed, put below another, and deleted", async () => {
    const { id, path } = await aGroup();
    const groupname = unique("renamed");
    const changed = await send(path, "change", { groupname, parent: "p" });
    expect([saidIn(changed), changed.answer.headers.get("location")]).toEqual([
      "The group is changed.",
      pathOf(groupname),
    ]);
    expect(await rows("select name, parent from groups where id = ?", id)).toEqual([{ name: groupname, parent: "p" }]);
    expect((await visit(path)).answer.status).toBe(404);
    expect(flawOf(await send(pathOf(groupname), "change", { groupname: "a/b" }), "groupname")).toContain("slash");
    expect((await send(pathOf(groupname), "delete")).answer.headers.get("location")).toBe(LIST);
    expect((await send(pathOf(groupname), "delete")).answer.status).toBe(404);
  });

  it("takes a user in by giving him roles, those of the deployment and others", async () => {
    const { id, path } = await aGroup();
    const user = await aStoredUser(unique("person"), "a-password");
    const given = { username: user.name, roles: "member", other: "pilot, crew " };
    expect(saidIn(await send(path, "add", given))).toBe(`${user.name} holds member, pilot, crew.`);
    expect(await rolesOf(id, user.id)).toEqual(["member", "pilot", "crew"]);
    const page = await visit(path);
    expect(textsOf(page, "a").map((text) => text.trim())).toContain(user.name);
    expect(textsOf(page, "td")).toContain("member, pilot, crew");
  });

  it("says what is wrong with whom and what it is given", async () => {
    const { id, path } = await aGroup();
    const { name, id: userId } = await aStoredUser(unique("person"), "a-password");
    const wrong = async (fields: Record<string, string>, field: string) =>
      flawOf(await send(path, "add", fields), field);
    expect(await wrong({ username: unique("nobody"), roles: "member" }, "username")).toBe(
      "There is nobody of this name.",
    );
    expect(await wrong({ roles: "member" }, "username")).toBe("Please fill this in.");
    expect(await wrong({ username: name, other: "x".repeat(257) }, "other")).toContain("cannot be used");
    expect((await send(path, "add", { username: name })).answer.text).toContain("Please choose at least one role.");
    expect(await rolesOf(id, userId)).toBeUndefined();
  });

  it("has members whose roles are set, and who leave it with their last one", async () => {
    const { id, path } = await aGroup();
    const { id: user } = await aMember(id, "member", "pilot");
    const held: [string, string][] = [
      ["user", user],
      ["held", "member"],
      ["held", "pilot"],
    ];
    expect(saidIn(await send(path, "roles", [...held, ["roles", "pilot"], ["roles", "project_mod"]]))).toContain(
      "pilot, project_mod",
    );
    expect(await rolesOf(id, user)).toEqual(["pilot", "project_mod"]);
    const all: [string, string][] = [
      ["user", user],
      ["held", "pilot"],
      ["held", "project_mod"],
    ];
    expect(saidIn(await send(path, "remove", all))).toBe("The member is removed.");
    expect(await rolesOf(id, user)).toBeUndefined();
    const again = await send(path, "remove", all);
    expect([again.answer.status, await rolesOf(id, user)]).toEqual([400, undefined]);
    expect(alertsOf(again)).toEqual(["This can no longer be done: it has changed since you looked."]);
  });

  it("has members without any role, who are removed as they are, unless they have got one meanwhile", async () => {
    const { id, path } = await aGroup();
    const [bare, other] = [await aMember(id), await aMember(id)];
    expect(textsOf(await visit(path), "summary").filter((text) => text === "Remove …")).toHaveLength(2);
    expect(saidIn(await send(path, "remove", { user: bare.id }))).toBe("The member is removed.");
    await send(path, "add", { username: other.name, roles: "member" });
    const late = await send(path, "remove", { user: other.id });
    expect([late.answer.status, alertsOf(late)]).toEqual([409, [expect.stringContaining("changed this meanwhile")]]);
    expect([await rolesOf(id, bare.id), await rolesOf(id, other.id)]).toEqual([undefined, ["member"]]);
    const events = await rows("select details from audit_events where event = 'group.revoke' and subject = ?", id);
    expect(events).toEqual([{ details: expect.stringContaining(bare.id) }]);
  });

  it("keeps what two administrators change at once: neither undoes what the other did", async () => {
    const { id, path } = await aGroup();
    const { id: user } = await aMember(id, "member");
    const seen: [string, string][] = [
      ["user", user],
      ["held", "member"],
      ["roles", "member"],
    ];
    const answers = await Promise.all(["pilot", "crew"].map((role) => send(path, "roles", [...seen, ["roles", role]])));
    expect(answers.map(({ answer }) => answer.status)).toEqual([303, 303]);
    expect((await rolesOf(id, user))?.sort()).toEqual(["crew", "member", "pilot"]);
  });

  it("invites by mail, shows who is invited, and withdraws it", async () => {
    const { path } = await aGroup();
    const email = uniqueEmail();
    expect(saidIn(await send(path, "invite", { email, roles: "member" }))).toBe(`An invitation is mailed to ${email}.`);
    expect((await mailsTo(email))[0]?.text).toMatch(/\/token\/[0-9a-f]{32}/);
    const page = await visit(path);
    expect(textsOf(page, "td")).toContain(email);
    const task = allOf(page, "input").find(({ name }) => name === "task")?.["value"] ?? "";
    expect(saidIn(await send(path, "withdraw", { task }))).toBe("The invitation is withdrawn.");
    expect(textsOf(await visit(path), "td")).not.toContain(email);
    for (const strange of [task, "x", ""]) {
      const late = await send(path, "withdraw", { task: strange });
      expect([late.answer.status, alertsOf(late)]).toEqual([409, ["It is gone already."]]);
      expect(textsOf(late, "h2")).toContain("Members");
    }
    await send(path, "invite", { email, roles: "member" });
    const twice = await send(path, "invite", { email, roles: "member" });
    expect([twice.answer.status, alertsOf(twice)]).toEqual([409, ["The same is asked for already, and not done yet."]]);
    const bare = await send(path, "invite", { email });
    expect([bare.answer.status, bare.answer.text]).toEqual([400, expect.stringContaining("at least one role")]);
    expect(flawOf(await send(path, "invite", { email: "x", roles: "member" }), "email")).toContain("e-mail address");
  });

  it("has a quota, of which another size is asked for", async () => {
    const { id, path } = await aGroup();
    const sizes = textsOf(await visit(path), "option");
    expect(sizes.length).toBeGreaterThan(1);
    expect(saidIn(await send(path, "quota", { size: sizes[1] ?? "" }))).toBe(`The quota is ${sizes[1]}.`);
    expect(await rows("select distinct size from project_quotas where group_id = ?", id)).toEqual([{ size: sizes[1] }]);
    expect((await send(path, "quota", { size: "endless" })).answer.status).toBe(400);
  });

  it("shows nothing of a name as markup, and a long list of members in pages", async () => {
    const name = unique("<b>x");
    const id = await aProject(name);
    for (let at = 0; at < 27; at += 1) await join(id, (await aStoredUser(unique("<i>m"), "a-password")).id, "<u>r");
    const page = await visit(pathOf(name));
    expect(heading(page)).toBe(name.replace("<", "&lt;").replace(">", "&gt;"));
    expect(textsOf(page, "b", "i", "u")).toEqual([]);
    expect(textsOf(page, "summary").filter((text) => text === "Remove …")).toHaveLength(25);
    const rest = await visit(`${pathOf(name)}${linkTo(page, "Further")}`);
    expect(textsOf(rest, "summary").filter((text) => text === "Remove …")).toHaveLength(2);
    expect([linkTo(rest, "First"), linkTo(rest, "Further")]).toEqual(["?", undefined]);
    for (const after of ["x", "-1", "1e99", "9".repeat(15)]) {
      const first = await visit(`${pathOf(name)}?after=${after}`);
      expect([after, textsOf(first, "summary").filter((text) => text === "Remove …").length]).toEqual([after, 25]);
    }
  });

  it("that everybody is in lists nobody, gives roles, and keeps its first administrator", async () => {
    const path = pathOf("__default__");
    expect(textsOf(await visit(path), "h2")).toEqual(["Give roles to a user"]);
    const { name, id } = await aStoredUser(unique("person"), "a-password");
    await send(path, "add", { username: name, other: "administrator" });
    expect(await rows("select role from users where id = ?", id)).toEqual([{ role: "ADMIN" }]);
    expect((await send(path, "delete")).answer.status).toBe(409);
    expect((await send(path, "change", { groupname: unique("x") })).answer.status).toBe(400);
    const [first] = await rows("select id from users where bootstrap");
    const taken = await send(path, "remove", { user: first.id, held: "administrator" });
    expect([taken.answer.status, await rows("select role from users where bootstrap")]).toEqual([
      409,
      [{ role: "ADMIN" }],
    ]);
  });

  it("is not there for a name that nobody can have", async () => {
    for (const name of [unique("none"), "%00", "%ff", "+x", "a%2Fb", "x".repeat(300)]) {
      expect([name, (await visit(`${LIST}/${name}`)).answer.status]).toEqual([name, 404]);
    }
  });
});
