import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { deployedWith, servedWith } from "../support/deployment.ts";
import { faultyD1 } from "../support/faults.ts";
import { ADMIN, call, rows, tokenFor, unique, uniqueEmail } from "../support/http.ts";
import { allOf, fillIn, flawOf, heading, type Page, sendForm, textAt, visit } from "../support/pages.ts";
import { aMember, anInvitation, aProjectAdmin, rolesOf, somebody } from "../support/projects.ts";
import { anApprovedSignUp, approve, cancel, mailedToken, mailsTo, taskAbout, usersNamed } from "../support/tasks.ts";

afterEach(() => void vi.restoreAllMocks());

const seen = (page: Page) => [page.answer.status, heading(page)];
const twice = (password: string) => ({ password, password_again: password });
const DEAD = "This link does not work, or no longer";
const lost = faultyD1(env.DB, () => Promise.reject(new Error("D1_ERROR: lost")), true);

describe("a person with nothing but a browser", () => {
  it("gets from the form to a log-in: asks, is approved, follows the link, chooses a password", async () => {
    const [email, password] = [uniqueEmail(), unique("password")];
    const sent = await fillIn("/sign-up", { email, project_name: unique("project") });
    expect(seen(sent)).toEqual([200, "Your request has arrived"]);
    await approve(await taskAbout(email));
    const link = `/token/${await mailedToken(email)}`;
    const asked = await visit(link);
    expect([...seen(asked), asked.answer.text]).toEqual([200, "Choose your password", expect.stringContaining(email)]);
    const done = await fillIn(link, twice(password));
    expect([...seen(done), done.answer.text]).toEqual([200, "Everything is set up", expect.stringContaining(email)]);
    expect(await tokenFor(email, password)).toBeTruthy();
  });

  it("resets a forgotten password", async () => {
    const [{ name }, password] = [await somebody(), unique("password")];
    await fillIn("/forgot-password", { email: name });
    const link = `/token/${await mailedToken(name)}`;
    expect(seen(await fillIn(link, twice(password)))).toEqual([200, "Your password has been changed"]);
    expect(await tokenFor(name, password)).toBeTruthy();
    expect((await call("PUT", "/user/token", {}, { username: name, password: "a-password" })).status).toBe(401);
  });

  it("accepts an invitation, whether he has to be made first or has an account", async () => {
    const { headers, project } = await aProjectAdmin();
    for (const [email, values] of [
      [uniqueEmail(), twice("a-password")],
      [(await somebody()).name, {}],
    ] as const) {
      await anInvitation(headers, email, ["member", "heat_stack_owner"]);
      const link = `/token/${await mailedToken(email)}`;
      const asked = await visit(link);
      expect(heading(asked)).toBe("You are invited to a project");
      expect(asked.answer.text).toContain("member, heat_stack_owner");
      expect(seen(await fillIn(link, values))).toEqual([200, "You are a member of the project now"]);
      const [{ id }] = await usersNamed(email);
      expect(await rolesOf(project, id)).toEqual(["member", "heat_stack_owner"]);
    }
  });

  it("confirms another e-mail address", async () => {
    const [{ name, headers }, new_email] = [await somebody(), uniqueEmail()];
    await call("POST", "/v1/openstack/users/email-update", headers, { new_email });
    const link = `/token/${await mailedToken(new_email)}`;
    const asked = await visit(link);
    expect(asked.answer.text).toContain(new_email);
    expect(seen(await fillIn(link, {}))).toEqual([200, "Your e-mail address has been changed"]);
    expect([await usersNamed(name), (await usersNamed(new_email)).length]).toEqual([[], 1]);
  });
});

describe("the link of a mail", () => {
  it("may be looked at as often as one likes, by HEAD too", async () => {
    const link = `/token/${(await anApprovedSignUp()).token}`;
    for (let times = 0; times < 3; times += 1) expect((await visit(link)).answer.status).toBe(200);
    const { status, text } = await call("HEAD", link);
    expect([status, text]).toEqual([200, ""]);
  });

  it("says the same of itself to a stranger, unknown, malformed, used, expired or of a cancelled task", async () => {
    const [used, expired, cancelled] = [await anApprovedSignUp(), await anApprovedSignUp(), await anApprovedSignUp()];
    await sendForm(`/token/${used.token}`, twice("a-password"));
    await rows("update task_tokens set expires_at = 1 where task_id = ? returning digest", expired.id);
    await cancel(cancelled.id);
    const tokens = ["0".repeat(32), "x", used.token, expired.token, cancelled.token];
    const answers = await Promise.all(
      tokens.flatMap((token) => [visit(`/token/${token}`), sendForm(`/token/${token}`, twice("a-password"))]),
    );
    for (const page of answers) expect(seen(page)).toEqual([404, DEAD]);
    expect(new Set(answers.map(({ answer }) => answer.text)).size).toBe(1);
  });

  it("clicked twice at the same moment is done once, and tells the second click so", async () => {
    const { email, token } = await anApprovedSignUp();
    const pages = await Promise.all([1, 2].map(() => sendForm(`/token/${token}`, twice("a-password"))));
    const others = [DEAD, "This is being done right now"];
    expect(pages.map(heading).filter((title) => title === "Everything is set up")).toHaveLength(1);
    expect(pages.map(heading).filter((title) => others.includes(title ?? ""))).toHaveLength(1);
    expect(await mailsTo(email, "Signup completed")).toHaveLength(1);
  });

  it("for what has become impossible says so", async () => {
    const { token, email } = await anApprovedSignUp();
    await rows("update users set state = 'inactive' where name = ? returning id", email);
    const page = await sendForm(`/token/${token}`, twice("a-password"));
    expect(seen(page)).toEqual([409, "This is no longer possible"]);
  });

  it("stands in no line of the log, and on no page that it leads to", async () => {
    const lines: string[] = [];
    for (const level of ["log", "error", "warn", "info"] as const) {
      vi.spyOn(console, level).mockImplementation((...parts) => void lines.push(parts.join(" ")));
    }
    const { token } = await anApprovedSignUp();
    const [link, password] = [`/token/${token}`, unique("password")];
    const pages = [
      await visit(link),
      await visit(link, servedWith({ DB: lost })),
      await sendForm(link, { password, password_again: "x" }),
      await sendForm(link, twice(password)),
      await visit(link),
    ];
    expect(pages.map(({ answer }) => answer.status)).toEqual([200, 503, 400, 200, 404]);
    for (const secret of [token, password]) {
      expect(lines.join("\n")).not.toContain(secret);
      for (const { answer } of pages) expect(answer.text).not.toContain(secret);
    }
    expect(lines.some((line) => line.includes('"route":"/token/{token}"'))).toBe(true);
  });
});

describe("a new password", () => {
  const strong = deployedWith({ PASSWORD_POLICY: "strong" });

  it("that is typed in two ways, or not at all, is asked for again", async () => {
    const { token } = await anApprovedSignUp();
    const differs = await sendForm(`/token/${token}`, { password: "one-of-them", password_again: "the-other" });
    expect([differs.answer.status, flawOf(differs, "password_again")]).toEqual([
      400,
      expect.stringMatching(/not the same/),
    ]);
    for (const fields of [{}, twice("")]) {
      const page = await sendForm(`/token/${token}`, fields);
      expect([page.answer.status, flawOf(page, "password")]).toEqual([400, "Please fill this in."]);
    }
    expect((await sendForm(`/token/${token}`, twice("a-password"))).answer.status).toBe(200);
  });

  it("that the policy refuses is told why, at its field, and never sent back", async () => {
    const { email, token } = await anApprovedSignUp();
    for (const [password, why] of [
      ["seven77", "at least 8"],
      [email, "Your own"],
      ["iloveyou", "Too many people"],
      ["x".repeat(1025), "at most 1024 bytes"],
    ] as const) {
      const page = await sendForm(`/token/${token}`, twice(password), strong);
      expect([page.answer.status, flawOf(page, "password")]).toEqual([400, expect.stringContaining(why)]);
      expect(allOf(page, "input").flatMap(({ type, value }) => (type === "password" ? [value] : []))).toEqual([
        undefined,
        undefined,
      ]);
      expect(textAt(page, "role", "alert")).toMatch(/marked below/);
    }
    expect((await sendForm(`/token/${token}`, twice("heron-rock-5"), strong)).answer.status).toBe(200);
  });
});

describe("the form to sign up", () => {
  it("tells at its field what is wrong, and keeps what was typed, escaped", async () => {
    const typed = { email: `"><script>alert(1)</script>`, project_name: "a/b & 'c'" };
    const page = await sendForm("/sign-up", typed);
    expect(page.answer.status).toBe(400);
    expect([flawOf(page, "email"), flawOf(page, "project_name")]).toEqual([
      expect.stringContaining("not an e-mail address"),
      expect.stringContaining("no slash"),
    ]);
    expect(page.answer.text).not.toContain("<script");
    expect(page.answer.text).toContain("&quot;&gt;&lt;script&gt;");
    expect(allOf(page, "input").flatMap((field) => ("autofocus" in field ? [field["name"]] : []))).toEqual(["email"]);
    const missing = await sendForm("/sign-up", {});
    expect([flawOf(missing, "email"), flawOf(missing, "project_name")]).toEqual(Array(2).fill("Please fill this in."));
  });

  it("says of what waits already that it does, and asks once", async () => {
    const wanted = { email: uniqueEmail(), project_name: unique("project") };
    expect((await sendForm("/sign-up", wanted)).answer.status).toBe(200);
    expect(seen(await sendForm("/sign-up", wanted))).toEqual([409, "You have asked for this already"]);
    expect(await mailsTo(wanted.email)).toHaveLength(1);
  });

  it("asks for a user name and a network only where the deployment has a use for them", async () => {
    const names = async (ask = call) => allOf(await visit("/sign-up", ask), "input").map(({ name }) => name);
    expect(await names()).toEqual(["email", "project_name"]);
    const other = deployedWith({ USERNAME_IS_EMAIL: "false", NETWORK_PROVISIONER_URL: "http://net.test" });
    expect(await names(other)).toEqual(["email", "username", "project_name", "setup_network"]);
    const [username, email] = [unique("ines"), uniqueEmail()];
    const wanted = { email, username, project_name: unique("project"), setup_network: "true" };
    expect((await sendForm("/sign-up", wanted, other)).answer.status).toBe(200);
    const [{ body }] = await rows("select body from tasks where id = ?", await taskAbout(email));
    expect(JSON.parse(body).actions.map(({ data }: { data: object }) => data)).toMatchObject([
      { username },
      { setup_network: true },
      {},
    ]);
  });
});

describe("the form for a forgotten password", () => {
  it("says the same to everybody, after a whole number of quarters of a second", async () => {
    const known = await somebody();
    const pages = [];
    for (const email of [known.name, "nobody@example.org", "admin@localhost"]) {
      const lines: { ms: number }[] = [];
      vi.spyOn(console, "log").mockImplementation((line) => void lines.push(JSON.parse(line)));
      pages.push(await sendForm("/forgot-password", { email }));
      vi.restoreAllMocks();
      expect(lines.some(({ ms }) => ms >= 250)).toBe(true);
    }
    expect(new Set(pages.map(({ answer }) => answer.text)).size).toBe(1);
    expect(pages.map(seen)).toEqual(Array(3).fill([200, "Look into your mail"]));
    expect(await mailsTo(known.name, "Password reset")).toHaveLength(1);
  });

  it("tells what is no address", async () => {
    const page = await sendForm("/forgot-password", { email: "ines" });
    expect([page.answer.status, flawOf(page, "email")]).toEqual([
      400,
      expect.stringContaining("not an e-mail address"),
    ]);
    expect(allOf(page, "input").find(({ name }) => name === "email")?.["value"]).toBe("ines");
  });
});

it("nobody is asked who he is: a credential, good or bad, changes nothing", async () => {
  const plain = await call("GET", "/sign-up");
  for (const token of ["w".repeat(43), await tokenFor(ADMIN.username, ADMIN.password)]) {
    expect((await call("GET", "/sign-up", { "X-Auth-Token": token })).text).toBe(plain.text);
  }
  const { project } = await aProjectAdmin();
  const member = await aMember(project, "member");
  const email = uniqueEmail();
  const form = new URLSearchParams({ email, project_name: unique("project") });
  expect((await call("POST", "/sign-up", member.headers, String(form))).status).toBe(200);
  const [{ body }] = await rows("select body from tasks where id = ?", await taskAbout(email));
  expect(JSON.parse(body).requester).toBeNull();
});
