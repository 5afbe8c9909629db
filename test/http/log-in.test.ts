import { describe, expect, it } from "vitest";
import { formTokenOf } from "../../src/http/html/form-token.ts";
import { deployedWith } from "../support/deployment.ts";
import { cookieOf, formOf, saidIn, sendAs, visitAs } from "../support/desk.ts";
import { ADMIN, type Answer, adminToken, aUser, call, deactivate, rows, unique, uniqueEmail } from "../support/http.ts";
import { allOf, flawOf, heading, pageIn, textsOf } from "../support/pages.ts";
import { mailsTo } from "../support/tasks.ts";

const FORM = { "Content-Type": "application/x-www-form-urlencoded" };

/** The cookies that an answer leaves, by name. */
const cookiesOf = ({ headers }: Answer): Record<string, string> =>
  Object.fromEntries(headers.getSetCookie().map((each) => [each.split("=")[0] ?? "", each] as const));

/** Logs in as a browser does that was never here. */
async function logIn(
  username: string,
  password: string,
  fields: Record<string, string> = {},
  ask = call,
): Promise<Answer> {
  const guest = cookiesOf(await call("GET", "/log-in"))["__Host-form"]?.split(";")[0] ?? "";
  const form_token = formTokenOf(guest.slice("__Host-form=".length));
  const form = new URLSearchParams({ form_token, username, password, ...fields });
  return ask("POST", "/log-in", { ...FORM, Cookie: guest }, String(form));
}

const sessionIn = (answer: Answer) => /^__Host-ostiary=(\w{43});/.exec(cookiesOf(answer)["__Host-ostiary"] ?? "")?.[1];

describe("logging in by browser", () => {
  it("gives a cookie that no script reads, no other site sends with a form, and no other host is given", async () => {
    const { name, password } = await aUser();
    const answer = await logIn(name, password);
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/me"]);
    const attributes = cookiesOf(answer)["__Host-ostiary"]?.split("; ").slice(1) ?? [];
    expect(attributes).toEqual(expect.arrayContaining(["Path=/", "HttpOnly", "Secure", "SameSite=Lax"]));
    expect(attributes.some((each) => each.startsWith("Domain"))).toBe(false);
    const me = await visitAs(sessionIn(answer) ?? "", "/me");
    expect([me.answer.status, textsOf(me, "dd")[0]]).toEqual([200, name]);
  });

  it("gives one that browsers keep for 400 days at most where log-ins last longer", async () => {
    const { name, password } = await aUser();
    const answer = await logIn(name, password, {}, deployedWith({ SESSION_TTL_SECONDS: "315360000" }));
    expect([answer.status, sessionIn(answer)]).toEqual([303, expect.any(String)]);
    const [, expires = ""] = /Expires=([^;]+)/.exec(cookiesOf(answer)["__Host-ostiary"] ?? "") ?? [];
    expect(Date.parse(expires) - Date.now()).toBeGreaterThan(399 * 86_400_000);
  });

  it("leads an administrator to the console, and everybody to where he wanted to go, never elsewhere", async () => {
    await adminToken();
    expect((await logIn(ADMIN.username, ADMIN.password)).headers.get("location")).toBe("/console");
    const { name, password } = await aUser();
    for (const [to, location] of [
      ["/me/keys", "/me/keys"],
      ["/console/tasks?state=waiting", "/console/tasks?state=waiting"],
      ["//evil.example", "/me"],
      ["/\\evil.example", "/me"],
      ["/me//evil.example", "/me//evil.example"],
      ["/mevil", "/me"],
      ["https://evil.example/me", "/me"],
      ["/me\r\nX-Evil: 1", "/me"],
    ]) {
      const answer = await logIn(name, password, { to: to ?? "" });
      expect([to, answer.headers.get("location")]).toEqual([to, location]);
    }
  });

  it("with a wrong password says so, the same of whoever there is or is not, and keeps the name", async () => {
    const { name } = await aUser();
    const off = await aUser();
    await deactivate(off.name);
    for (const [username, password] of [
      [name, "wrong"],
      [unique("nobody"), "wrong"],
      [off.name, off.password],
      ["", ""],
    ] as const) {
      const page = await pageIn(await logIn(username, password));
      expect([page.answer.status, sessionIn(page.answer)]).toEqual([401, undefined]);
      expect(flawOf(page, "password")).toBe("That is not the password of an active user of this name.");
      const [field] = allOf(page, "input").filter(({ name: each }) => each === "username");
      expect(field?.["value"] ?? "").toBe(username);
      expect(page.answer.text).not.toContain('value="wrong"');
    }
  });

  it("is locked like every other log-in, and says for how long", async () => {
    const name = unique("locked");
    for (let tries = 0; tries < 10; tries += 1) expect((await logIn(name, "wrong")).status).toBe(401);
    const { status, headers, text } = await logIn(name, "wrong");
    expect([status, text]).toEqual([429, expect.stringMatching(/Please wait \d+ seconds/)]);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  });

  it("by a form of another site is refused, whatever cookie comes with it", async () => {
    const { name, password, token } = await aUser();
    for (const [cookie, form_token] of [
      ["", ""],
      ["__Host-form=abc", ""],
      ["__Host-form=abc", formTokenOf("abd")],
      [cookieOf(token)["Cookie"], formTokenOf("abc")],
    ]) {
      const form = new URLSearchParams({ username: name, password, form_token: form_token ?? "" });
      const answer = await call("POST", "/log-in", { ...FORM, Cookie: cookie ?? "" }, String(form));
      expect([answer.status, sessionIn(answer)]).toEqual([403, undefined]);
    }
  });
});

describe("a page of the desk", () => {
  it("asks whoever is not logged in to do so, and leads on to where he was", async () => {
    for (const headers of [{}, cookieOf("w".repeat(43)), { Cookie: "__Host-ostiary=x" }]) {
      const page = await pageIn(await call("GET", "/me?x=1", headers));
      expect([page.answer.status, heading(page)]).toEqual([401, "Log in"]);
      expect(allOf(page, "input").find(({ name }) => name === "to")?.["value"]).toBe("/me?x=1");
    }
  });

  it("looks at no other credential, and no API at its cookie", async () => {
    const { token } = await aUser();
    const headers = { Authorization: `Bearer ${token}`, "X-Auth-Token": token };
    expect((await call("GET", "/me", headers)).status).toBe(401);
    for (const path of ["/v1/approvals", "/v3/auth/projects"]) {
      expect((await call("GET", path, cookieOf(token))).status).toBe(401);
    }
  });

  it("takes no form that did not stand on a page of this log-in", async () => {
    const [{ token }, other] = [await aUser(), await aUser()];
    const email = uniqueEmail();
    for (const form_token of ["", "x", formTokenOf(other.token)]) {
      const form = new URLSearchParams({ form_token, do: "email", new_email: email });
      const page = await pageIn(await call("POST", "/me", { ...cookieOf(token), ...FORM }, String(form)));
      expect([page.answer.status, heading(page)]).toEqual([403, "This form was not sent from a page of ours"]);
    }
    expect(await mailsTo(email)).toEqual([]);
  });

  it("says of a form that it does not know so, and does nothing", async () => {
    const { token } = await aUser();
    for (const deed of ["", "constructor", "nope"]) {
      expect((await sendAs(token, "/me", deed)).answer.status).toBe(400);
    }
  });
});

it("logging out ends the session at once, and says so once", async () => {
  const { token } = await aUser();
  const form = String(formOf(token, ""));
  const out = await pageIn(await call("POST", "/log-out", { ...cookieOf(token), ...FORM }, form));
  expect([saidIn(out), out.answer.headers.get("location")]).toEqual(["You are logged out.", "/log-in"]);
  expect((await call("GET", "/me", cookieOf(token))).status).toBe(401);
  const said = cookiesOf(out.answer)["__Host-said"]?.split(";")[0] ?? "";
  const next = await call("GET", "/log-in", { Cookie: said });
  expect(next.text).toContain("You are logged out.");
  expect(cookiesOf(next)["__Host-said"]).toContain("Max-Age=0");
});

describe("on his own page somebody", () => {
  const anAddressee = async () => {
    const [user, email] = [await aUser(), uniqueEmail()];
    await rows("update users set email = ?, email_key = ? where name = ?", email, email, user.name);
    return { ...user, email };
  };

  it("changes his password, stays logged in here and nowhere else", async () => {
    const { name, password, token } = await aUser();
    const new_password = unique("new");
    const done = await sendAs(token, "/me", "password", { password, new_password, new_password_again: new_password });
    expect(saidIn(done)).toMatch(/^Your password is changed/);
    expect((await visitAs(token, "/me")).answer.status).toBe(401);
    expect((await visitAs(sessionIn(done.answer) ?? "", "/me")).answer.status).toBe(200);
    expect([(await logIn(name, password)).status, (await logIn(name, new_password)).status]).toEqual([401, 303]);
  });

  it("is told at its field what is wrong with a new one", async () => {
    const { password, token } = await aUser();
    for (const [fields, at, why] of [
      [{ password: "wrong", new_password: "a-new-one", new_password_again: "a-new-one" }, "password", "not your"],
      [{ password, new_password: "", new_password_again: "" }, "new_password", "fill this in"],
      [{ password, new_password: "a-new-one", new_password_again: "another" }, "new_password_again", "not the same"],
    ] as const) {
      const page = await sendAs(token, "/me", "password", fields);
      expect([page.answer.status, flawOf(page, at)]).toEqual([400, expect.stringContaining(why)]);
    }
    expect((await visitAs(token, "/me")).answer.status).toBe(200);
  });

  it("asks for another address, and is mailed there", async () => {
    const { token } = await aUser();
    const email = uniqueEmail();
    expect(saidIn(await sendAs(token, "/me", "email", { new_email: email }))).toContain(email);
    expect(await mailsTo(email, "Confirm your new e-mail address")).toHaveLength(1);
  });

  it("is told of an address that it is his already, or somebody else's", async () => {
    const [own, other] = [await anAddressee(), await anAddressee()];
    const token = own.token;
    const same = await sendAs(token, "/me", "email", { new_email: ` ${own.email.toUpperCase()} ` });
    expect([saidIn(same), await mailsTo(own.email)]).toEqual(["This is your address already.", []]);
    for (const [new_email, flaw] of [
      ["no-address", "This is not an e-mail address, like ines@example.org."],
      [other.email, "Somebody else has it already."],
    ] as const) {
      const again = await sendAs(token, "/me", "email", { new_email });
      expect([again.answer.status, flawOf(again, "new_email")]).toEqual([400, flaw]);
    }
  });
});
