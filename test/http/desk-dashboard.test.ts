import { describe, expect, it } from "vitest";
import { linkAudit, signCheckpoint } from "../../src/core/audit-links.ts";
import { adminCore } from "../support/cores.ts";
import { cookieOf, visit, visitAs } from "../support/desk.ts";
import { adminToken, aUser, call, rows, tokenFor, unique, uniqueEmail } from "../support/http.ts";
import { allOf, heading, pageIn, textsOf } from "../support/pages.ts";
import { anApprovedSignUp, aSignUp } from "../support/tasks.ts";

/** The numbers that the gist of a plot tells. */
async function numbersOf(plot: "Log-ins" | "Tasks" | "Time to approval"): Promise<number[]> {
  const page = await visit("/console");
  const shown = textsOf(page, "h3").filter((title) => page.answer.text.includes(`<h3>${title}</h3><ul`));
  const gist = allOf(page, "svg")[shown.indexOf(plot)]?.["aria-label"] ?? "";
  return [...gist.matchAll(/\d+/g)].map(([number]) => Number(number));
}

describe("the dashboard", () => {
  it("is for administrators; others are led to the tasks that wait for them", async () => {
    const { answer } = await visitAs((await aUser()).token, "/console");
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/console/tasks"]);
    expect(heading(await pageIn(await call("GET", "/console")))).toBe("Log in");
  });

  it("shows the newest sign-ups that wait, and leads to them, whatever they are called", async () => {
    const [email, project] = [uniqueEmail(), `${unique("p")} <b>&amp;`];
    const { id } = await aSignUp(email, project);
    const page = await visit("/console");
    const [link] = page.parts.filter(({ tag, text }) => tag === "a" && text === email);
    expect(link?.attributes).toEqual({ href: `/console/tasks/${id}` });
    expect(textsOf(page, "b")).toEqual([]);
    expect(page.answer.text).toContain("&lt;b&gt;&amp;amp;");
  });

  it("shows errors until somebody acknowledges them", async () => {
    const { id } = await aSignUp();
    const text = unique("it broke");
    await rows(
      "update notifications set error = 1, notes = json_object('errors', json_array(?)) where task_id = ? returning id",
      `${text} <i>`,
      id,
    );
    const isShown = async () => (await visit("/console")).answer.text.includes(`${text} &lt;i&gt;`);
    expect(await isShown()).toBe(true);
    await rows("update notifications set acknowledged = 1 where task_id = ? returning id", id);
    expect(await isShown()).toBe(false);
  });

  it("counts log-ins, and those that were refused", async () => {
    const { name, password } = await aUser();
    const before = await numbersOf("Log-ins");
    await tokenFor(name, password);
    await call("PUT", "/user/token", {}, { username: name, password: "wrong" });
    const [letIn = 0, refused = 0] = before;
    expect(await numbersOf("Log-ins")).toEqual([letIn + 1, refused + 1]);
  });

  it("counts what was asked for and done, and how long it took to be approved", async () => {
    await anApprovedSignUp();
    const [made = 0] = await numbersOf("Tasks");
    const [approved = 0] = await numbersOf("Time to approval");
    await anApprovedSignUp();
    expect((await numbersOf("Tasks"))[0]).toBe(made + 1);
    expect((await numbersOf("Time to approval"))[0]).toBe(approved + 1);
  });

  it("has days that are the reader's, the last one being today", async () => {
    await anApprovedSignUp();
    const { Cookie } = cookieOf(await adminToken());
    for (const zone of ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"]) {
      const page = await pageIn(await call("GET", "/console", { Cookie: `${Cookie}; zone=${zone}` }));
      const today = new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format();
      const days = textsOf(page, "td").filter((text) => /^\d{4}-\d\d-\d\d$/.test(text));
      expect([zone, days[0], days.length % 14]).toEqual([zone, today, 0]);
    }
  });

  it("has a table behind each plot", async () => {
    const page = await visit("/console");
    const plots = allOf(page, "svg");
    expect(plots.length).toBeGreaterThan(0);
    for (const plot of plots)
      expect(plot).toMatchObject({ role: "img", "aria-label": expect.stringMatching(/\d.*\.$/) });
    expect(textsOf(page, "summary")).toEqual(plots.map(() => "The numbers"));
  });
});

describe("the chain of the audit log", () => {
  it("is told of in short, and in full what it is good for", async () => {
    const core = await adminCore();
    await linkAudit(core);
    await signCheckpoint(core);
    expect((await visit("/console")).answer.text).toContain("signed <time");
    const page = await visit("/console/audit");
    const [{ seq }] = await rows("select max(seq) as seq from audit_checkpoints");
    expect(page.answer.text).toContain(`number ${seq}, at <time`);
    expect(textsOf(page, "h2")).toContain("Can it be trusted?");
    expect(page.answer.text).toContain("<code>npm run audit</code>");
  });
});
