import { describe, expect, it } from "vitest";
import { saidIn, sendAs, visitAs } from "../support/desk.ts";
import { ADMIN, adminToken, aStoredUser, aUser, call, rows, tokenFor, unique, uniqueEmail } from "../support/http.ts";
import { anApiKey } from "../support/keys.ts";
import { allOf, flawOf, heading, type Page, textsOf } from "../support/pages.ts";
import { aSession } from "../support/people.ts";
import { aProject, join } from "../support/projects.ts";
import { mailsTo } from "../support/tasks.ts";

const LIST = "/console/users";
const pathOf = (name: string) => `${LIST}/${encodeURIComponent(name)}`;
const show = async (path: string) => visitAs(await adminToken(), path);
const send = async (path: string, deed: string, fields?: Record<string, string>) =>
  sendAs(await adminToken(), path, deed, fields);

const aPerson = (members = {}) => aStoredUser(unique("person"), "a-password", members);
const alerts = (page: Page) =>
  page.parts.filter(({ attributes }) => attributes["role"] === "alert").map(({ text }) => text);
const versionOf = async (name: string) =>
  String((await rows("select version from users where name = ?", name))[0]?.version);
const listed = (page: Page) => textsOf(page, "a").filter((text) => text.startsWith("row-"));

describe("the list of users", () => {
  it("finds people by the beginning of their names, their role and their state", async () => {
    const stem = unique("row");
    for (const [end, members] of [
      ["a", {}],
      ["b", { role: "ADMIN" }],
      ["C", {}],
    ] as const) {
      await aStoredUser(`${stem}-${end}`, "a-password", members);
    }
    await rows("update users set state = 'inactive' where name = ? returning id", `${stem}-C`);
    const found = async (query: string) => listed(await show(`${LIST}?name=${stem.toUpperCase()}${query}`));
    expect(await found("")).toEqual([`${stem}-a`, `${stem}-b`, `${stem}-C`]);
    expect(await found("&role=ADMIN")).toEqual([`${stem}-b`]);
    expect(await found("&state=inactive&role=")).toEqual([`${stem}-C`]);
    const kept = await show(`${LIST}?name=${stem}&role=ADMIN`);
    expect(allOf(kept, "input").find(({ name }) => name === "name")?.["value"]).toBe(stem);
    expect(textsOf(await show(`${LIST}?name=${unique("nobody")}`), "p").join()).toContain("Nobody is found");
  });

  it("goes from page to page with what it is narrowed by, and shows the first one where there is no such page", async () => {
    const stem = unique("row");
    for (let at = 0; at < 27; at += 1) await aStoredUser(`${stem}-${at}`, "a-password");
    const first = await show(`${LIST}?name=${stem}`);
    expect([listed(first).length, textsOf(first, "p").join()]).toEqual([25, expect.stringContaining("27 users")]);
    const next = allOf(first, "a")
      .find(({ href }) => href?.includes("page=2"))
      ?.["href"]?.replaceAll("&amp;", "&");
    expect(listed(await show(LIST + next))).toEqual([`${stem}-25`, `${stem}-26`]);
    for (const page of ["0", "-1", "3", "x", "99999999999999999999", "%00", "1e3", ""]) {
      const odd = await show(`${LIST}?name=${stem}&page=${page}&role=GOD&state=%ff`);
      expect([page, odd.answer.status, listed(odd)[0]]).toEqual([page, 200, `${stem}-0`]);
    }
  });

  it("is for administrators only, as is everything that is done there", async () => {
    const { token } = await aUser();
    const person = await aPerson();
    for (const path of [LIST, pathOf(person.name), pathOf(unique("nobody"))]) {
      expect((await visitAs(token, path)).answer.status).toBe(403);
    }
    const deeds = [
      "role",
      "email",
      "activate",
      "deactivate",
      "reset",
      "grant",
      "revoke",
      "end-log-ins",
      "end-key",
      "delete",
    ];
    const fields = { version: "0", role: "ADMIN", permission: "a.b", email: uniqueEmail(), key: "x" };
    for (const deed of deeds) expect((await sendAs(token, pathOf(person.name), deed, fields)).answer.status).toBe(403);
    expect((await sendAs(token, LIST, "create", { username: unique("own"), role: "ADMIN" })).answer.status).toBe(403);
    expect(await rows("select role, state, email, version from users where id = ?", person.id)).toEqual([
      { role: "USER", state: "active", email: null, version: 0 },
    ]);
  });
});

describe("adding a user", () => {
  it("makes somebody who can log in, and leads to his page", async () => {
    const [username, email] = [unique("new"), uniqueEmail()];
    const fields = { username, email, role: "ADMIN", password: "long enough 1", password_again: "long enough 1" };
    const page = await send(LIST, "create", fields);
    expect(page.answer.headers.get("location")).toBe(pathOf(username));
    expect(saidIn(page)).toContain(username);
    expect(await tokenFor(username, "long enough 1")).toMatch(/^\w{43}$/);
    expect(await rows("select role, email from users where name = ?", username)).toEqual([{ role: "ADMIN", email }]);
  });

  it("says at each field what is wrong with it, and keeps what was typed but the passwords", async () => {
    const [{ name }, { email }] = [await aPerson(), await aPerson({ email: uniqueEmail(), emailConfirmed: true })];
    const flaws = async (fields: Record<string, string>, field: string) => {
      const page = await send(LIST, "create", { username: unique("new"), role: "USER", ...fields });
      expect(page.answer.status).toBe(400);
      expect(page.answer.text).not.toContain("secret-1");
      return flawOf(page, field);
    };
    expect(await flaws({ username: "" }, "username")).toBe("Please fill this in.");
    expect(await flaws({ username: "two words" }, "username")).toContain("no blank");
    expect(await flaws({ username: "Token" }, "username")).toContain("reserved");
    expect(await flaws({ email: "nowhere" }, "email")).toContain("not an e-mail address");
    expect(await flaws({ email: email ?? "" }, "email")).toBe("Somebody else has it already.");
    expect(await flaws({ password: "secret-1", password_again: "secret-2" }, "password_again")).toContain(
      "not the same",
    );
    expect(await flaws({ password: "x".repeat(1025), password_again: "x".repeat(1025) }, "password")).toContain(
      "1024 bytes",
    );
    const taken = await send(LIST, "create", { username: name, role: "USER" });
    expect([taken.answer.status, flawOf(taken, "username")]).toEqual([409, "There is such a user already."]);
  });

  it("without a password lets in who follows a mailed link", async () => {
    const [username, email] = [uniqueEmail(), uniqueEmail()];
    await send(LIST, "create", { username, email: username, role: "USER" });
    expect(saidIn(await send(pathOf(username), "reset"))).toBe(`A link is mailed to ${username}.`);
    const [mail] = await mailsTo(username);
    expect(mail?.text).toMatch(/\/token\/[0-9a-f]{32}/);
    expect(textsOf(await show(pathOf((await aPerson({ email })).name)), "button")).toContain(
      "Mail a link to set a password",
    );
  });
});

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
    const page = await show(pathOf(person.name));
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
      expect([name, (await show(`${LIST}/${name}`)).answer.status]).toEqual([name, 404]);
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
      expect([deed, page.answer.status, alerts(page)]).toEqual([deed, 409, [expect.stringContaining("Somebody else")]]);
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
    const off = await show(pathOf(name));
    expect(textsOf(off, "button")).toEqual(expect.arrayContaining(["Activate", "Delete"]));
    const again = await send(pathOf(name), "deactivate");
    expect([again.answer.status, alerts(again)]).toEqual([409, ["It is in that state already."]]);
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
    expect(textsOf(await show(pathOf(name)), "summary")).toContain("Take away …");
    expect(saidIn(await send(pathOf(name), "revoke", { permission: "herqles.user" }))).toContain("taken away");
    expect(await held()).toEqual([]);
    expect((await send(pathOf(name), "revoke", { permission: "herqles.user" })).answer.status).toBe(409);
  });

  it("ends all that he is logged in with; his keys go on", async () => {
    const { name, token } = await aUser();
    const key = await anApiKey(name);
    expect(textsOf(await show(pathOf(name)), "summary")).toContain("End all …");
    expect(saidIn(await send(pathOf(name), "end-log-ins"))).toContain("All log-ins are ended");
    expect((await visitAs(token, "/me")).answer.status).toBe(401);
    expect((await call("GET", "/auth/self", { "X-API-KEY": key })).status).toBe(200);
    expect((await show(pathOf(name))).answer.text).toContain("Not logged in anywhere.");
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
    expect([late.answer.status, heading(late), alerts(late)]).toEqual([
      404,
      one.name,
      ["There is no such API key any more."],
    ]);
  });

  it("deletes him for good", async () => {
    const { name } = await aPerson();
    const page = await send(pathOf(name), "delete", { version: "0" });
    expect([saidIn(page), page.answer.headers.get("location")]).toEqual([`${name} is deleted.`, LIST]);
    expect((await show(pathOf(name))).answer.status).toBe(404);
  });

  it("leaves the first administrator as he is, and says so", async () => {
    const path = pathOf(ADMIN.username);
    const page = await show(path);
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
    expect((await show(path)).answer.status).toBe(200);
  });

  it("mails no link to who can have none", async () => {
    for (const members of [{}, { email: uniqueEmail(), role: "ADMIN" as const }]) {
      const { name } = await aPerson(members);
      expect(textsOf(await show(pathOf(name)), "button")).not.toContain("Mail a link to set a password");
      expect((await send(pathOf(name), "reset")).answer.status).toBeGreaterThanOrEqual(400);
    }
  });
});
