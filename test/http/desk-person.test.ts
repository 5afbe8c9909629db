import { describe, expect, it } from "vitest";
import { saidIn, send, sendAs, visit, visitAs } from "../support/desk.ts";
import { ADMIN, aStoredUser, aUser, call, rows, tokenFor, unique, uniqueEmail } from "../support/http.ts";
import { anApiKey } from "../support/keys.ts";
import { alertsOf, allOf, flawOf, heading, textsOf } from "../support/pages.ts";
import { aSession } from "../support/people.ts";
import { aProject, join } from "../support/projects.ts";

const LIST = "/console/users";
const pathOf = (name: string) => `${LIST}/${encodeURIComponent(name)}`;

const aPerson = (members = {}) => aStoredUser(unique("person"), "a-password", members);
const versionOf = async (name: string) =>
  String((await rows("select version from users where name = ?", name))[0]?.version);

describe("a user's page", () => {
  it("shows who he is and all that he holds, and nothing of it as markup", async () => {
    const person = await aStoredUser(unique("<b>"), "a-password", {
      email: uniqueEmail(),
      emailConfirmed: false,
    });
    const group = unique("<i>group");
    await join(await aProject(group), person.id, "pilot", "<u>role");
    await rows("insert into permissions (user_id, permission) values (?, 'a.b') returning seq", person.id);
    const [identity] = (await anApiKey(person.name)).split(".");
    const page = await visit(pathOf(person.name));
    expect([page.answer.status, heading(page)]).toEqual([
      200,
      person.name.replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
    ]);
    expect(page.answer.text).toContain("not confirmed");
    for (const text of [group, "pilot, <u>role"])
      expect(page.answer.text).toContain(text.replace("<", "&lt;").replace(">", "&gt;"));
    expect(textsOf(page, "code")).toEqual(["a.b", identity]);
    expect(textsOf(page, "b", "i", "u")).toEqual([]);
    expect(allOf(page, "a").map(({ href }) => href)).toContain(`/console/groups/${encodeURIComponent(group)}`);
  });

  it("is not there for nobody", async () => {
    for (const name of [unique("nobody"), "%00", "%ff", "a%2Fb", "x".repeat(300)]) {
      expect([name, (await visit(`${LIST}/${name}`)).answer.status]).toEqual([name, 404]);
    }
    expect((await send(pathOf(unique("nobody")), "deactivate")).answer.status).toBe(404);
  });

  it("changes his role and his address, which an administrator vouches for", async () => {
    const { name, id } = await aPerson({ email: uniqueEmail(), emailConfirmed: false });
    const email = uniqueEmail();
    expect(saidIn(await send(pathOf(name), "role", { version: "0", role: "ADMIN" }))).toContain("an administrator now");
    expect(saidIn(await send(pathOf(name), "email", { version: "1", email }))).toContain(email);
    const stored = () => rows("select role, email, email_confirmed as confirmed from users where id = ?", id);
    expect(await stored()).toEqual([{ role: "ADMIN", email, confirmed: 1 }]);
    expect(saidIn(await send(pathOf(name), "email", { version: "2", email: "" }))).toContain("no address");
    expect((await stored())[0].email).toBeNull();
  });

  it("refuses what was asked for looking at an older state of him, and shows him as he is", async () => {
    const { name, id } = await aPerson();
    const [one, other] = [uniqueEmail(), uniqueEmail()];
    await send(pathOf(name), "email", { version: "0", email: one });
    for (const [deed, fields] of [
      ["email", { email: other }],
      ["role", { role: "ADMIN" }],
      ["delete", {}],
    ] as const) {
      const page = await send(pathOf(name), deed, { version: "0", ...fields });
      expect([deed, page.answer.status, alertsOf(page)]).toEqual([
        deed,
        409,
        [expect.stringContaining("Somebody else")],
      ]);
      expect(page.answer.text).toContain(one);
    }
    expect(await rows("select role, email from users where id = ?", id)).toEqual([{ role: "USER", email: one }]);
  });

  it("lets exactly one of two administrators through who change him at once", async () => {
    const { name } = await aPerson();
    const answers = await Promise.all(
      [uniqueEmail(), uniqueEmail()].map((email) => send(pathOf(name), "email", { version: "0", email })),
    );
    expect(answers.map(({ answer }) => answer.status).sort()).toEqual([303, 409]);
  });

  it("says at the field what is wrong with a role, an address or a permission, and takes no made-up version", async () => {
    const { name } = await aPerson();
    const wrong = async (deed: string, fields: Record<string, string>) => {
      const page = await send(pathOf(name), deed, fields);
      return [page.answer.status, flawOf(page, Object.keys(fields)[0] ?? "")];
    };
    expect(await wrong("email", { email: "nowhere", version: "0" })).toEqual([
      400,
      expect.stringContaining("e-mail address"),
    ]);
    expect(await wrong("grant", { permission: "a b" })).toEqual([400, expect.stringContaining("joined by dots")]);
    expect(await wrong("grant", { permission: "" })).toEqual([400, "Please fill this in."]);
    expect((await send(pathOf(name), "role", { version: "0", role: "GOD" })).answer.status).toBe(400);
    for (const version of ["", "x", "-1", "1e1", "9".repeat(40)]) {
      expect((await send(pathOf(name), "delete", { version })).answer.status).toBe(400);
    }
    expect(await versionOf(name)).toBe("0");
  });

  it("keeps him out and lets him in again", async () => {
    const { name, token } = await aUser();
    expect(saidIn(await send(pathOf(name), "deactivate"))).toContain("ended");
    expect((await visitAs(token, "/me")).answer.status).toBe(401);
    const off = await visit(pathOf(name));
    expect(textsOf(off, "button")).toEqual(expect.arrayContaining(["Activate", "Delete"]));
    const again = await send(pathOf(name), "deactivate");
    expect([again.answer.status, alertsOf(again)]).toEqual([409, ["It is in that state already."]]);
    expect(saidIn(await send(pathOf(name), "activate"))).toContain("possible again");
    expect(await tokenFor(name, "a-password")).toMatch(/^\w{43}$/);
  });

  it("grants and takes permissions, each of which asks first and counts once", async () => {
    const { name, id } = await aPerson();
    const held = async () =>
      (await rows("select permission from permissions where user_id = ?", id)).map((row) => row.permission);
    await send(pathOf(name), "grant", { permission: "herqles.user" });
    const twice = await send(pathOf(name), "grant", { permission: "herqles.user.get" });
    expect([twice.answer.status, await held()]).toEqual([409, ["herqles.user"]]);
    expect(textsOf(await visit(pathOf(name)), "summary")).toContain("Take away …");
    expect(saidIn(await send(pathOf(name), "revoke", { permission: "herqles.user" }))).toContain("taken away");
    expect(await held()).toEqual([]);
    expect((await send(pathOf(name), "revoke", { permission: "herqles.user" })).answer.status).toBe(409);
  });

  it("ends all that he is logged in with; his keys go on", async () => {
    const { name, token } = await aUser();
    const key = await anApiKey(name);
    expect(textsOf(await visit(pathOf(name)), "summary")).toContain("End all …");
    expect(saidIn(await send(pathOf(name), "end-log-ins"))).toContain("All log-ins are ended");
    expect((await visitAs(token, "/me")).answer.status).toBe(401);
    expect((await call("GET", "/auth/self", { "X-API-KEY": key })).status).toBe(200);
    expect((await visit(pathOf(name))).answer.text).toContain("Not logged in anywhere.");
  });

  it("ends a key of his, and none of somebody else's", async () => {
    const [one, other] = [await aPerson(), await aPerson()];
    const key = await anApiKey(one.name);
    const [{ id }] = await rows("select id from api_keys where identity = ?", key.split(".")[0]);
    const works = async () => (await call("GET", "/auth/self", { "X-API-KEY": key })).status;
    for (const strange of [id, "x", ""]) {
      expect(
        (await send(pathOf(strange === id ? other.name : one.name), "end-key", { key: strange })).answer.status,
      ).toBe(404);
    }
    expect(await works()).toBe(200);
    expect(saidIn(await send(pathOf(one.name), "end-key", { key: id }))).toContain("is ended");
    expect(await works()).not.toBe(200);
    const late = await send(pathOf(one.name), "end-key", { key: id });
    expect([late.answer.status, heading(late), alertsOf(late)]).toEqual([
      404,
      one.name,
      ["There is no such API key any more."],
    ]);
  });

  it("deletes him for good", async () => {
    const { name } = await aPerson();
    const page = await send(pathOf(name), "delete", { version: "0" });
    expect([saidIn(page), page.answer.headers.get("location")]).toEqual([`${name} is deleted.`, LIST]);
    expect((await visit(pathOf(name))).answer.status).toBe(404);
  });

  it("leaves the first administrator as he is, and says so", async () => {
    const path = pathOf(ADMIN.username);
    const page = await visit(path);
    expect(page.answer.text).toContain("can be neither deactivated nor deleted");
    const other = await aSession(await aPerson({ role: "ADMIN" }));
    for (const [deed, fields] of [
      ["deactivate", {}],
      ["delete", { version: await versionOf(ADMIN.username) }],
    ] as const) {
      expect([deed, (await sendAs(other, path, deed, fields)).answer.status]).toEqual([deed, 409]);
    }
    const demoted = await sendAs(other, path, "role", { version: await versionOf(ADMIN.username), role: "USER" });
    expect([demoted.answer.status, demoted.answer.text]).toEqual([400, expect.stringContaining("stay as they are")]);
    expect((await visit(path)).answer.status).toBe(200);
  });

  it("mails no link to who can have none", async () => {
    for (const members of [{}, { email: uniqueEmail(), role: "ADMIN" as const }]) {
      const { name } = await aPerson(members);
      expect(textsOf(await visit(pathOf(name)), "button")).not.toContain("Mail a link to set a password");
      expect((await send(pathOf(name), "reset")).answer.status).toBeGreaterThanOrEqual(400);
    }
  });
});
