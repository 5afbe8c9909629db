import { describe, expect, it } from "vitest";
import { saidIn, send, sendAs, visit, visitAs } from "../support/desk.ts";
import { aStoredUser, aUser, rows, tokenFor, unique, uniqueEmail } from "../support/http.ts";
import { allOf, flawOf, type Page, textsOf } from "../support/pages.ts";
import { mailsTo } from "../support/tasks.ts";

const LIST = "/console/users";
const pathOf = (name: string) => `${LIST}/${encodeURIComponent(name)}`;

const aPerson = (members = {}) => aStoredUser(unique("person"), "a-password", members);
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
    const found = async (query: string) => listed(await visit(`${LIST}?name=${stem.toUpperCase()}${query}`));
    expect(await found("")).toEqual([`${stem}-a`, `${stem}-b`, `${stem}-C`]);
    expect(await found("&role=ADMIN")).toEqual([`${stem}-b`]);
    expect(await found("&state=inactive&role=")).toEqual([`${stem}-C`]);
    const kept = await visit(`${LIST}?name=${stem}&role=ADMIN`);
    expect(allOf(kept, "input").find(({ name }) => name === "name")?.["value"]).toBe(stem);
    expect(textsOf(await visit(`${LIST}?name=${unique("nobody")}`), "p").join()).toContain("Nobody matches");
  });

  it("goes from page to page with what it is narrowed by, and shows the first one where there is no such page", async () => {
    const stem = unique("row");
    for (let at = 0; at < 27; at += 1) await aStoredUser(`${stem}-${at}`, "a-password");
    const first = await visit(`${LIST}?name=${stem}`);
    expect([listed(first).length, textsOf(first, "p").join()]).toEqual([25, expect.stringContaining("27 users")]);
    const next = allOf(first, "a")
      .find(({ href }) => href?.includes("page=2"))
      ?.["href"]?.replaceAll("&amp;", "&");
    expect(listed(await visit(LIST + next))).toEqual([`${stem}-25`, `${stem}-26`]);
    for (const page of ["0", "-1", "3", "x", "99999999999999999999", "%00", "1e3", ""]) {
      const odd = await visit(`${LIST}?name=${stem}&page=${page}&role=GOD&state=%ff`);
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
    expect(textsOf(await visit(pathOf((await aPerson({ email })).name)), "button")).toContain(
      "Mail a link to set a password",
    );
  });
});
