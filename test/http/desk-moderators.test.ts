import { describe, expect, it } from "vitest";
import { saidIn, sendAs, visitAs } from "../support/desk.ts";
import { aUser, rows, tokenFor, unique, uniqueEmail } from "../support/http.ts";
import { alertsOf, allOf, heading, type Page, textsOf } from "../support/pages.ts";
import { aMember, anInvitation, aProject, aProjectAdmin, join, rolesOf, type Somebody } from "../support/projects.ts";

const pathOf = (name: string) => `/console/groups/${encodeURIComponent(name)}`;
const tokenOf = ({ headers }: Somebody) => headers["X-Auth-Token"] ?? "";

async function aGroup(): Promise<{ id: string; name: string; path: string }> {
  const name = unique("group");
  return { id: await aProject(name), name, path: pathOf(name) };
}

/** A project and who moderates it. */
async function aModerated() {
  const { project, ...moderator } = await aProjectAdmin();
  const [{ name }] = await rows("select name from groups where id = ?", project);
  return { id: project as string, name, path: pathOf(name), moderator, token: tokenOf(moderator) };
}

describe("a project to who moderates it", () => {
  it("leaves the list of groups, and what is done at once, to administrators", async () => {
    const { token, path } = await aModerated();
    expect((await visitAs(token, "/console/groups")).answer.status).toBe(403);
    expect((await sendAs(token, "/console/groups", "create", { groupname: unique("own") })).answer.status).toBe(403);
    for (const [deed, fields] of [
      ["change", { groupname: unique("mine") }],
      ["delete", {}],
      ["add", { username: "admin", roles: "member" }],
    ] as const) {
      expect([deed, (await sendAs(token, path, deed, fields)).answer.status]).toEqual([deed, 403]);
    }
  });

  it("shows its members and what he may do there, and no more", async () => {
    const { id, name, path, token } = await aModerated();
    await aMember(id, "member");
    const [{ id: strong }] = [await aMember(id, "captain")];
    const page = await visitAs(token, path);
    expect([page.answer.status, heading(page)]).toEqual([200, name]);
    expect(textsOf(page, "h2")).toEqual(["Members", "Invite somebody", "Quota"]);
    const changeable = allOf(page, "input").filter(({ name: field }) => field === "user");
    expect(changeable.map(({ value }) => value)).not.toContain(strong);
    expect(textsOf(page, "summary").filter((text) => text === "Remove …")).toHaveLength(2);
    expect(allOf(page, "a").map(({ href }) => href)).toContain(path);
  });

  it("lets him invite, change roles, withdraw and ask for quota", async () => {
    const { id, path, token, moderator } = await aModerated();
    const email = uniqueEmail();
    expect(saidIn(await sendAs(token, path, "invite", { email, roles: "member" }))).toContain(email);
    const { id: task } = await anInvitation(moderator.headers);
    expect(saidIn(await sendAs(token, path, "withdraw", { task }))).toBe("The invitation is withdrawn.");
    const { id: user } = await aMember(id, "member");
    const swap: [string, string][] = [
      ["user", user],
      ["held", "member"],
      ["roles", "project_mod"],
    ];
    expect(saidIn(await sendAs(token, path, "roles", swap))).toBe("The roles are project_mod.");
    expect(await rolesOf(id, user)).toEqual(["project_mod"]);
    const sizes = textsOf(await visitAs(token, path), "option");
    expect(saidIn(await sendAs(token, path, "quota", { size: sizes[1] ?? "" }))).toContain("The quota is");
    expect(saidIn(await sendAs(token, path, "quota", { size: sizes.at(-1) ?? "" }))).toContain("waits to be approved");
  });

  it("gives no role that he does not manage, and takes none", async () => {
    const { id, path } = await aModerated();
    const mod = await aMember(id, "project_mod");
    const [{ id: member }, { id: chief }] = [await aMember(id, "member"), await aMember(id, "project_admin")];
    for (const fields of [
      [
        ["user", member],
        ["held", "member"],
        ["roles", "member"],
        ["roles", "project_admin"],
      ],
      [
        ["user", chief],
        ["held", "project_admin"],
      ],
    ] as [string, string][][]) {
      const page = await sendAs(tokenOf(mod), path, "roles", fields);
      expect([page.answer.status, alertsOf(page).length]).toEqual([409, expect.any(Number)]);
    }
    expect([await rolesOf(id, member), await rolesOf(id, chief)]).toEqual([["member"], ["project_admin"]]);
  });

  it("is one of several that he is in, and only those that he moderates", async () => {
    const { id, path, token, moderator } = await aModerated();
    const [other, foreign] = [await aGroup(), await aGroup()];
    await join(other.id, moderator.id, "member");
    expect((await visitAs(token, path)).answer.status).toBe(200);
    const email = uniqueEmail();
    expect(saidIn(await sendAs(token, path, "invite", { email, roles: "member" }))).toContain(email);
    const { id: theirs } = await aMember(other.id, "member");
    for (const strange of [other.path, foreign.path, pathOf(unique("none")), pathOf("__default__")]) {
      expect((await visitAs(token, strange)).answer.status).toBe(403);
      expect((await sendAs(token, strange, "invite", { email, roles: "member" })).answer.status).toBe(403);
    }
    const taken = await sendAs(token, path, "roles", [
      ["user", theirs],
      ["held", "member"],
    ]);
    expect([taken.answer.status < 400, await rolesOf(other.id, theirs)]).toEqual([true, ["member"]]);
    expect(await rolesOf(id, theirs)).toBeUndefined();
  });

  it("is closed to a log-in for another project of his, and to members who moderate nothing", async () => {
    const { id, path, name } = await aModerated();
    const member = await aMember(id, "member");
    expect((await visitAs(tokenOf(member), path)).answer.status).toBe(403);
    const both = await aProjectAdmin();
    await join(id, both.id, "project_admin");
    const narrow = await tokenFor(both.name, "a-password", both.project);
    expect([(await visitAs(narrow, path)).answer.status, name]).toEqual([403, name]);
    expect((await visitAs(await tokenFor(both.name, "a-password", id), path)).answer.status).toBe(200);
  });

  it("is linked to for who moderates it, and for nobody else", async () => {
    const { path, token } = await aModerated();
    const links = (page: Page) => allOf(page, "a").map(({ href }) => href);
    expect(links(await visitAs(token, "/me"))).toContain(path);
    expect(textsOf(await visitAs((await aUser()).token, "/me"), "a")).not.toContain("My project");
  });
});
