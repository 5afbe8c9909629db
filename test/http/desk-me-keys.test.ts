import { describe, expect, it } from "vitest";
import { WAITS } from "../support/access-registry.ts";
import { saidIn, sendAs, visitAs } from "../support/desk.ts";
import { aUser, call, rows, unique } from "../support/http.ts";
import { anApiKey, storedUser } from "../support/keys.ts";
import { allOf, flawOf, heading, type Page, textsOf } from "../support/pages.ts";
import { under } from "../support/policies.ts";
import { anSshKey } from "../support/ssh-keys.ts";
import { approve } from "../support/tasks.ts";

const MARKUP = '<b onclick="x">&';

/** What the hidden fields of a name say. */
const hidden = (page: Page, field: string): string[] =>
  allOf(page, "input").flatMap(({ name, value }) => (name === field && value ? [value] : []));

describe("API keys", () => {
  const path = "/me/keys";
  const works = async (key: string) => (await call("GET", "/auth/self", { "X-API-KEY": key })).status === 200;
  const form = (password: string, more: [string, string][] = []): [string, string][] => [
    ["password", password],
    ["scopes", "pas:read"],
    ...more,
  ];

  it("are made for what they shall reach, shown once, used, and ended", async () => {
    const { token, password } = await aUser();
    const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    const made = await sendAs(token, path, "make", [
      ...form(password, [
        ["label", ` ${MARKUP} `],
        ["scopes", "access"],
        ["scopes", "access"],
        ["expires_at", day],
      ]),
    ]);
    expect([made.answer.status, heading(made)]).toEqual([200, "Your new API key"]);
    expect(made.answer.headers.get("cache-control")).toBe("no-store");
    const key = textsOf(made, "code")[0] ?? "";
    expect(key).toMatch(/^[0-9a-f]{32}\.[0-9a-f]{32}$/);
    expect(await works(key)).toBe(true);
    expect((await call("DELETE", "/auth/self", { "X-API-KEY": key }, {})).status).toBe(403);
    const page = await visitAs(token, path);
    expect(page.answer.text).not.toContain(key.split(".")[1]);
    expect(textsOf(page, "td").slice(0, 2)).toEqual(["&lt;b onclick=&quot;x&quot;&gt;&amp;", "pas:read, access"]);
    const [stored] = await rows("select expires_at from api_keys where identity = ?", key.split(".")[0]);
    expect(new Date(stored.expires_at - 1).toISOString().slice(0, 10)).toBe(day);
    const [id = ""] = hidden(page, "key");
    expect(saidIn(await sendAs(token, path, "end", { key: id }))).toBe("That key has ended.");
    expect(await works(key)).toBe(false);
    expect((await visitAs(token, path)).answer.text).toContain("You have none.");
    expect((await sendAs(token, path, "end", { key: id })).answer.status).toBe(404);
  });

  it("are not made without the password, without a scope, or for a time that is over", async () => {
    const { name, token, password } = await aUser();
    for (const [fields, at, flaw] of [
      [form("wrong"), "password", "That is not your password."],
      [form(password, [["expires_at", "2001-01-01"]]), "expires_at", /^Choose today or a later day/],
      [form(password, [["expires_at", "tomorrow"]]), "expires_at", /^Choose today or a later day/],
      [form(password, [["label", "x".repeat(257)]]), "label", /at most 256 characters/],
      [form(password, [["label", "a\u0007b"]]), "label", /on one line/],
    ] as const) {
      const page = await sendAs(token, path, "make", [...fields]);
      const told = typeof flaw === "string" ? flaw : expect.stringMatching(flaw);
      expect([fields, page.answer.status, flawOf(page, at)]).toEqual([fields, 400, told]);
      expect(page.answer.text).not.toContain(password);
    }
    for (const scopes of [[], ["everything"], ["pas", "x"]]) {
      const given: [string, string][] = [["password", password], ...scopes.map((s): [string, string] => ["scopes", s])];
      const page = await sendAs(token, path, "make", given);
      const flaw = page.parts.find(({ attributes }) => attributes["id"] === "make-scopes-flaw")?.text;
      expect([scopes, page.answer.status, flaw]).toEqual([scopes, 400, "Tick at least one of these."]);
    }
    expect(await rows("select id from api_keys where user_id = ?", (await storedUser(name)).id)).toEqual([]);
  });

  it("keep what was ticked where something else is wrong", async () => {
    const { token } = await aUser();
    const page = await sendAs(token, path, "make", form("wrong"));
    const ticked = allOf(page, "input").filter((each) => each["type"] === "checkbox" && "checked" in each);
    expect(ticked.map(({ value }) => value)).toEqual(["pas:read"]);
  });

  it("wait after ten wrong passwords, which is told above the form", async () => {
    const { token, password } = await aUser();
    for (let tries = 0; tries < 10; tries += 1) await sendAs(token, path, "make", form("wrong"));
    const page = await sendAs(token, path, "make", form(password));
    expect([page.answer.status, textsOf(page, "p").join()]).toEqual([429, expect.stringContaining("Too many tries")]);
    expect(page.answer.headers.get("retry-after")).toMatch(/^\d+$/);
  });

  it("of others are not there", async () => {
    const [own, other] = [await aUser(), await aUser()];
    const secret = await anApiKey(other.name);
    const [key = ""] = hidden(await visitAs(other.token, path), "key");
    for (const id of [key, "", "x"]) {
      expect((await sendAs(own.token, path, "end", { key: id })).answer.status).toBe(404);
    }
    expect((await visitAs(own.token, path)).answer.text).not.toContain(key);
    expect(await works(secret)).toBe(true);
  });
});

describe("SSH keys", () => {
  const path = "/me/ssh-keys";

  it("are added and removed, and told by what they are", async () => {
    const { token } = await aUser();
    const done = await sendAs(token, path, "add", { "ssh-key": `${anSshKey(MARKUP)}\r\n` });
    expect(saidIn(done)).toBe("The key is added.");
    const page = await visitAs(token, path);
    expect(textsOf(page, "code")).toEqual([expect.stringMatching(/^SHA256:/)]);
    expect(textsOf(page, "td").slice(1, 3)).toEqual(["ssh-ed25519, 256 bits", expect.stringContaining("&lt;b")]);
    const [fingerprint = ""] = hidden(page, "fingerprint");
    expect(saidIn(await sendAs(token, path, "remove", { fingerprint }))).toBe("The key is removed.");
    expect((await visitAs(token, path)).answer.text).toContain("You have none.");
    expect((await sendAs(token, path, "remove", { fingerprint })).answer.status).toBe(404);
  });

  it("wait where the policy wants it, which is said, and stand among the requests", async () => {
    const { token } = await aUser();
    await under("request_access", WAITS, async () => {
      const page = await sendAs(token, path, "add", { "ssh-key": anSshKey() });
      expect(saidIn(page)).toContain("It waits to be approved");
      expect(page.answer.headers.get("location")).toBe("/me/requests");
    });
    expect((await visitAs(token, path)).answer.text).toContain("You have none.");
    const requests = await visitAs(token, "/me/requests");
    const [task = ""] = hidden(requests, "task");
    expect(textsOf(requests, "span").join()).toContain("Waiting");
    expect((await approve(task)).status).toBe(200);
    expect(hidden(await visitAs(token, path), "fingerprint")).toHaveLength(1);
  });

  it("that are none are told at the field", async () => {
    const { token } = await aUser();
    for (const key of ["", "ssh-rsa AAAA", `${anSshKey()}\n${anSshKey()}`, "-----BEGIN OPENSSH PRIVATE KEY-----"]) {
      const page = await sendAs(token, path, "add", { "ssh-key": key });
      expect([key, page.answer.status, flawOf(page, "ssh-key")]).toEqual([
        key,
        400,
        expect.stringMatching(/public key/),
      ]);
    }
  });

  it("of others are not there", async () => {
    const [own, other] = [await aUser(), await aUser()];
    await sendAs(other.token, path, "add", { "ssh-key": anSshKey() });
    const [fingerprint = ""] = hidden(await visitAs(other.token, path), "fingerprint");
    expect((await sendAs(own.token, path, "remove", { fingerprint })).answer.status).toBe(404);
    expect(hidden(await visitAs(other.token, path), "fingerprint")).toEqual([fingerprint]);
  });
});

describe("credentials", () => {
  const path = "/me/credentials";
  const content = '{\r\n "key": "<b>very secret</b>"\r\n}';
  const fields = (name: string) => ({ name, type: "jsonfile", credentials: content });

  it("are added, told without their content, shown when asked for, and removed", async () => {
    const { token } = await aUser();
    const name = `of a ${MARKUP}`;
    expect(saidIn(await sendAs(token, path, "add", fields(name)))).toBe("The credential is added.");
    const page = await visitAs(token, path);
    expect(page.answer.text).not.toContain("very secret");
    expect(textsOf(page, "td").slice(0, 2)).toEqual([expect.stringContaining("&lt;b onclick"), "jsonfile"]);
    const shown = await sendAs(token, path, "reveal", { name });
    expect([shown.answer.status, textsOf(shown, "b")]).toEqual([200, []]);
    expect(textsOf(shown, "pre")[0]).toBe("{\n &quot;key&quot;: &quot;&lt;b&gt;very secret&lt;/b&gt;&quot;\n}");
    expect(saidIn(await sendAs(token, path, "remove", { name }))).toBe("The credential is removed.");
    for (const deed of ["remove", "reveal"]) {
      expect((await sendAs(token, path, deed, { name })).answer.status).toBe(404);
    }
  });

  it("are told at the field what is wrong with them, and their content does not come back", async () => {
    const { token } = await aUser();
    for (const [more, at] of [
      [{ name: "" }, "name"],
      [{ name: "a\u0007" }, "name"],
      [{ name: "x".repeat(257) }, "name"],
      [{ type: "rubber stamp" }, "type"],
      [{ credentials: "" }, "credentials"],
      [{ credentials: "very secret".repeat(6000) }, "credentials"],
    ] as const) {
      const page = await sendAs(token, path, "add", { ...fields("cloud"), ...more });
      expect([at, page.answer.status, flawOf(page, at)]).toEqual([at, 400, expect.stringMatching(/./)]);
      expect(page.answer.text).not.toContain("very secret");
    }
    await sendAs(token, path, "add", fields("cloud"));
    const page = await sendAs(token, path, "add", { ...fields("cloud"), credentials: "another very secret" });
    expect([page.answer.status, textsOf(page, "p").join()]).toEqual([
      409,
      expect.stringContaining("such a credential"),
    ]);
    expect(page.answer.text).not.toContain("very secret");
  });

  it("of others are not there, whatever they are called", async () => {
    const [own, other] = [await aUser(), await aUser()];
    const name = unique("cloud");
    await sendAs(other.token, path, "add", fields(name));
    for (const deed of ["remove", "reveal"]) {
      const { answer } = await sendAs(own.token, path, deed, { name });
      expect([answer.status, answer.text.includes("very secret")]).toEqual([404, false]);
    }
    expect((await sendAs(other.token, path, "reveal", { name })).answer.text).toContain("very secret");
  });
});
