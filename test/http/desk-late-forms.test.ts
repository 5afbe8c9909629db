import { describe, expect, it } from "vitest";
import { aController } from "../support/access.ts";
import { cookieOf, formOf, formTokenIn, saidIn, sendAs, visitAs } from "../support/desk.ts";
import { type Answer, aUser, call, type Headers, rows, tokenFor } from "../support/http.ts";
import { storedUser } from "../support/keys.ts";
import { allOf, heading, type Page, pageIn, textAt, textsOf } from "../support/pages.ts";

const FORM = { "Content-Type": "application/x-www-form-urlencoded" };
/** What browsers say of a form that stands on a page of ours. */
const FROM_HERE = { "Sec-Fetch-Site": "same-origin" };
const GOOD_KEY = { label: "for the pump", scopes: "roster" };

const post = async (path: string, headers: Headers, form: URLSearchParams): Promise<Page> =>
  pageIn(await call("POST", path, { ...FORM, ...headers }, String(form)));

const CHARACTERS: Record<string, string> = { amp: "&", quot: '"', lt: "<", gt: ">", "#39": "'" };
const plain = (html: string): string => html.replace(/&(\w+|#39);/g, (all, name) => CHARACTERS[name] ?? all);

/** What the one form of a page sends, and where. */
const sentBy = (page: Page, more: Record<string, string> = {}): [to: string | undefined, form: URLSearchParams] => {
  const fields = allOf(page, "input").flatMap(({ name, value = "" }) => (name ? [[name, plain(value)]] : []));
  const [own] = allOf(page, "form").filter(({ action }) => action !== "/log-out");
  return [own?.["action"], new URLSearchParams({ ...Object.fromEntries(fields), ...more })];
};

const cookieIn = ({ headers }: Answer, name: string): string =>
  headers
    .getSetCookie()
    .find((each) => each.startsWith(`${name}=`))
    ?.split(";")[0] ?? "";

const keysOf = async (name: string) =>
  rows("select label from api_keys where user_id = ?", (await storedUser(name)).id);

describe("a form about something that is gone", () => {
  it.each([
    ["/me/sessions", "end", { session: "0".repeat(32) }, "My log-ins"],
    ["/me/keys", "end", { key: "x" }, "My API keys"],
    ["/me/ssh-keys", "remove", { fingerprint: "SHA256:x" }, "My SSH keys"],
    ["/me/credentials", "reveal", { name: "x" }, "My credentials"],
    ["/me/access", "project", { project: "0".repeat(32) }, "My access"],
  ])("is answered with the page %s as it is now, which says so once", async (path, deed, fields, title) => {
    const page = await sendAs((await aUser()).token, path, deed, fields);
    expect([page.answer.status, heading(page)]).toEqual([404, title]);
    const alerts = page.parts.filter(({ attributes }) => attributes["role"] === "alert");
    expect(alerts.map(({ text }) => text)).toEqual([expect.stringMatching(/^There is no such .+ any more\.$/)]);
  });
});

describe("a form whose log-in has ended", () => {
  const send = async (headers: Headers, fields = {}) => {
    const { name, password } = await aUser();
    const form = new URLSearchParams({ form_token: "x", do: "make", ...GOOD_KEY, password: "typed-secret", ...fields });
    return { name, password, page: await post("/me/keys", headers, form) };
  };

  it("is kept through the log-in, but for its secrets, and done when it is sent after all", async () => {
    const { name, password, page } = await send(FROM_HERE);
    expect([page.answer.status, heading(page)]).toEqual([401, "Log in"]);
    expect(page.answer.text).toContain("what you typed is kept");
    expect(page.answer.text).not.toContain("typed-secret");
    const guest = { Cookie: cookieIn(page.answer, "__Host-form") };

    const wrong = await post("/log-in", guest, sentBy(page, { username: name, password: "wrong" })[1]);
    expect(wrong.answer.status).toBe(401);
    const known = await post("/log-in", guest, sentBy(wrong, { username: name, password })[1]);
    expect([known.answer.status, heading(known)]).toEqual([200, "You are logged in"]);
    expect(known.answer.text).toContain(name);
    const session = { Cookie: cookieIn(known.answer, "__Host-ostiary") };

    const [to = "", form] = sentBy(known);
    const flawed = await post(to, session, form);
    expect([to, flawed.answer.status, textAt(flawed, "id", "make-password-flaw")]).toEqual([
      "/me/keys",
      400,
      "That is not your password.",
    ]);
    expect(allOf(flawed, "input").find(({ id }) => id === "make-label")?.["value"]).toBe(GOOD_KEY.label);
    form.set("password", password);
    expect(heading(await post(to, session, form))).toBe("Your new API key");
    expect(await keysOf(name)).toEqual([{ label: GOOD_KEY.label }]);
  });

  it("is not kept when another site may have filled it in, or when it is very long", async () => {
    for (const [headers, fields] of [
      [{}, {}],
      [{ "Sec-Fetch-Site": "cross-site" }, {}],
      [{ "Sec-Fetch-Site": "same-site" }, {}],
      [FROM_HERE, { label: "x".repeat(65 * 1024) }],
    ] as const) {
      const { page } = await send(headers, fields);
      expect(page.answer.text).toContain("what you sent was not taken");
      expect(allOf(page, "input").filter(({ name }) => name === "kept")).toEqual([]);
    }
  });

  it("leads nowhere but to a page of the desk", async () => {
    const { name, password } = await aUser();
    const guest = cookieIn(await call("GET", "/log-in"), "__Host-form");
    const form_token = formTokenIn(`__Host-ostiary=${guest.split("=")[1]}`);
    const form = { form_token, username: name, password, kept: "do=x", to: "https://evil.example/" };
    const { answer } = await post("/log-in", { Cookie: guest }, new URLSearchParams(form));
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/me"]);
  });
});

describe("a form of an earlier log-in", () => {
  const sendStale = async (headers: Headers) => {
    const { name, password, token } = await aUser();
    const form = formOf(await tokenFor(name, password), "ask", [
      ["controller", (await aController()).name],
      ["access", "login"],
      ["reason", "to read\r\nthe “gauge” <b>"],
    ]);
    return { name, token, page: await post("/me/access", { ...cookieOf(token), ...headers }, form) };
  };

  it("is not carried out, and can be sent after all", async () => {
    const { name, token, page } = await sendStale(FROM_HERE);
    expect([page.answer.status, heading(page)]).toEqual([403, "You have logged in anew"]);
    expect(textsOf(page, "p").join()).toContain(`You are logged in as ${name}`);
    expect((await visitAs(token, "/me/requests")).answer.text).toContain("You have not asked for anything yet");
    const [to = "", form] = sentBy(page);
    const done = await post(to, cookieOf(token), form);
    expect([to, done.answer.headers.get("location")]).toEqual(["/me/access", "/me/requests"]);
    expect((await visitAs(token, "/me/requests")).answer.text).toContain("the “gauge” &lt;b&gt;");
  });

  it("is refused when another site may have sent it", async () => {
    for (const headers of [{}, { "Sec-Fetch-Site": "cross-site" }, { "Sec-Fetch-Site": "same-site" }]) {
      const { page } = await sendStale(headers);
      expect([page.answer.status, heading(page)]).toEqual([403, "This form was not sent from a page of ours"]);
    }
  });

  it("to log in is shown again with the name that was typed", async () => {
    const { token } = await aUser();
    const form = new URLSearchParams({
      form_token: "x",
      username: "somebody",
      password: "secret",
      to: "/me/keys",
      kept: "do=all",
    });
    const page = await post("/log-in", cookieOf(token), form);
    expect([page.answer.status, heading(page)]).toEqual([403, "Log in"]);
    expect(page.answer.text).toContain("type your password again");
    const sent = Object.fromEntries(allOf(page, "input").map(({ name, value }) => [name, value]));
    expect(sent).toMatchObject({
      username: "somebody",
      to: "/me/keys",
      form_token: formTokenIn(cookieOf(token)["Cookie"] ?? ""),
    });
    expect(sent).not.toHaveProperty("kept");
    expect(page.answer.text).not.toContain("secret");
  });

  it("to log out does so, but none of another site, and whoever is logged out already is told the same", async () => {
    const { token } = await aUser();
    const form = new URLSearchParams({ form_token: "x" });
    for (const headers of [cookieOf(token), { "Sec-Fetch-Site": "cross-site" }]) {
      const { answer } = await post("/log-out", headers, form);
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([403, []]);
    }
    expect((await visitAs(token, "/me")).answer.status).toBe(200);
    for (const headers of [{ ...cookieOf(token), ...FROM_HERE }, { ...cookieOf(token), ...FROM_HERE }, FROM_HERE]) {
      const page = await post("/log-out", headers, form);
      expect([saidIn(page), page.answer.headers.get("location")]).toEqual(["You are logged out.", "/log-in"]);
    }
    expect((await visitAs(token, "/me")).answer.status).toBe(401);
  });
});

it("whoever is logged in already is sent on by the log-in to where he wanted to go", async () => {
  const { token } = await aUser();
  for (const [asked, to] of [
    ["/log-in", "/me"],
    ["/log-in?to=/me/keys", "/me/keys"],
    ["/log-in?to=//evil.example", "/me"],
    [`/log-in?to=${encodeURIComponent("/console/users/o'neil!(*)~")}`, "/console/users/o'neil!(*)~"],
  ] as const) {
    expect([asked, (await call("GET", asked, cookieOf(token))).headers.get("location")]).toEqual([asked, to]);
  }
});
