import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { aWindow, isThere, logIn } from "./support/browser.ts";
import { aStage } from "./support/stage.ts";
import { PASSWORD } from "./support/world.ts";

describe.skipIf(!isThere)("what somebody looks at", () => {
  const stage = aStage();

  /** An administrator's window at a page; `deaf`: without WebSockets. */
  async function atDesk(path: string, { deaf = false } = {}): Promise<Page> {
    const { page } = await aWindow(stage.browser, stage.world.base);
    if (deaf) await page.addInitScript(DEAF);
    await logIn(page, "admin", PASSWORD, path);
    await page.getByRole("button", { name: "Log out" }).waitFor();
    await page.evaluate("window.isSame = true");
    return page;
  }

  /** Every WebSocket fails, as where something between does not let it through. */
  const DEAF = `window.WebSocket = class {
    constructor() { setTimeout(() => { this.onerror?.(); this.onclose?.(); }); }
    close() {}
  };`;

  const isSame = (page: Page) => page.evaluate("window.isSame === true");

  async function signUp(name: string): Promise<void> {
    const body = JSON.stringify({ email: `${name}@example.org`, project_name: name });
    const { status } = await fetch(`${stage.world.base}/v1/openstack/sign-up`, { method: "POST", body });
    expect(status).toBe(202);
  }

  async function approveElsewhere(task: string): Promise<void> {
    const page = await atDesk(`/console/tasks/${task}`);
    await page.getByRole("button", { name: "Approve" }).click();
    await page.waitForURL("**/console/tasks");
  }

  it.each([false, true])("the queue shows by itself what is asked for; deaf: %s", async (deaf) => {
    const page = await atDesk("/console/tasks", { deaf });
    const name = deaf ? "alaria" : "fucus";
    await signUp(name);
    await page.getByRole("link", { name: new RegExp(name) }).waitFor({ timeout: 60_000 });
    expect(await isSame(page)).toBe(true);
  });

  it("a task's page shows by itself that it was decided elsewhere", async () => {
    const [task] = stage.world.tasks;
    const page = await atDesk(`/console/tasks/${task}`);
    await approveElsewhere(task ?? "");
    await page.getByRole("button", { name: "Mail a new link" }).waitFor({ timeout: 60_000 });
    expect(await page.getByRole("button", { name: "Approve" }).count()).toBe(0);
    expect(await isSame(page)).toBe(true);
  });

  it("what somebody types is left alone, and he is told that there is news", async () => {
    const [, task] = stage.world.tasks;
    const page = await atDesk(`/console/tasks/${task}`);
    const reason = page.getByLabel("Reason (optional)").first();
    await reason.fill("I know her.");
    await approveElsewhere(task ?? "");
    await page.getByText("This has changed").waitFor({ timeout: 60_000 });
    expect(await reason.inputValue()).toBe("I know her.");
    await page.getByRole("link", { name: "look again" }).click();
    await page.getByRole("button", { name: "Mail a new link" }).waitFor();
  });

  it("what somebody types outlives his log-in, and is done when he is logged in again", async () => {
    await signUp("zostera");
    const page = await atDesk("/console/tasks");
    await page.getByRole("link", { name: /zostera/ }).click();
    const reason = page.getByLabel("Reason (optional)").first();
    await reason.fill("I know “her”.");
    await page.context().clearCookies({ name: "__Host-ostiary" });
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await page.getByText("Your log-in has ended").waitFor();
    expect(await reason.inputValue()).toBe("I know “her”.");
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText("what you typed is kept").waitFor();
    await page.getByLabel("User name or e-mail address").fill("admin");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("button", { name: "Send it now" }).click();
    await page.waitForURL("**/console/tasks");
    expect(await page.getByRole("status").textContent()).toMatch(/^Approved/);
  });

  it("what was sent back to somebody stays there, and is no news by itself", async () => {
    await signUp("ulva");
    const page = await atDesk("/console/tasks");
    await page.getByRole("link", { name: /ulva/ }).click();
    const reason = page.getByLabel("Reason (optional)").first();
    await reason.fill("I know her.");
    const task = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    const elsewhere = await atDesk(`/console/tasks/${task}`);
    await elsewhere.getByText("Edit …").click();
    await elsewhere.getByLabel("Project").fill("ulva-2");
    await elsewhere.getByRole("button", { name: "Save" }).click();
    await elsewhere.getByText("What is asked for is changed.").waitFor();
    const look = () => page.waitForResponse((answer) => answer.url().endsWith(task) && answer.status() === 200);
    const looked = look();
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByRole("alert").waitFor();
    expect(await page.evaluate("document.activeElement.role")).toBe("alert");
    await looked;
    await page.getByRole("heading", { name: "History" }).click();
    // By the second look the first one is taken in.
    await Promise.all([look(), page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")]);
    expect(await page.locator("#live-note").textContent()).toBe("");
    expect([await page.getByRole("alert").count(), await reason.inputValue()]).toEqual([1, "I know her."]);
  });

  it("times are those of the reader's zone", async () => {
    const page = await atDesk("/console/audit");
    await page.getByText("Times are those of Asia/Tokyo.").waitFor();
    const time = page.locator("main time").first();
    const at = new Date((await time.getAttribute("datetime")) ?? "");
    const shown = new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(0, 16).replace("T", " ");
    expect(await time.textContent()).toBe(shown);
  });

  it("can be used with the keyboard alone", async () => {
    await signUp("porphyra");
    const { page } = await aWindow(stage.browser, stage.world.base);
    const toNext = async (name: RegExp) => {
      for (let steps = 0; steps < 60; steps += 1) {
        await page.keyboard.press("Tab");
        const text = (await page.evaluate("document.activeElement.innerText || document.activeElement.name")) as string;
        const outline = (await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")) as string;
        if (name.test(text)) return expect([text, outline]).toEqual([text, "solid"]);
      }
      return expect.fail(`${name} cannot be reached`);
    };
    await page.goto("/console/tasks");
    await toNext(/username/);
    await page.keyboard.type("admin");
    await toNext(/password/);
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Log out" }).waitFor();
    await toNext(/porphyra/);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Approve" }).waitFor();
    await toNext(/^Approve$/);
    await page.keyboard.press("Enter");
    await page.getByRole("status").first().waitFor();
    expect(await page.getByRole("status").first().textContent()).toMatch(/^Approved/);
  });
});
