import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Server, startServer } from "../cli/server.ts";
import { aWindow, isThere, logIn, openBrowser } from "./support/browser.ts";

const PASSWORD = "the-password-of-this-test";

describe.skipIf(!isThere)("with a browser alone", () => {
  let server: Server;
  let browser: Browser;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(PASSWORD), openBrowser()]);
  });

  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  it("somebody asks for a project, is approved, chooses a password and logs in", async () => {
    const email = "ines@example.org";
    const [guest, desk] = [await aWindow(browser, server.base), await aWindow(browser, server.base)];
    const { page } = guest;
    await page.goto("/");
    await page.getByRole("link", { name: "Ask for a project" }).click();
    await page.getByLabel("Your e-mail address").fill(email);
    await page.getByLabel("Name of the project").fill("kelp");
    await page.getByRole("button", { name: "Ask for it" }).click();
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Your request has arrived");

    const admin = desk.page;
    await logIn(admin, "admin", PASSWORD);
    await admin.getByRole("link", { name: "Tasks", exact: true }).click();
    await admin.getByRole("link", { name: /kelp/ }).first().click();
    await admin.getByRole("button", { name: "Approve" }).click();
    expect(await admin.getByRole("status").first().textContent()).toMatch(/^Approved/);
    await admin.getByRole("link", { name: "Mails" }).click();
    const mails = await admin.getByRole("main").textContent();
    const [link] = /http:\/\/\S+\/token\/\w+/.exec(mails ?? "") ?? expect.fail("no link was mailed");

    await page.goto(link);
    await page.getByLabel("New password").fill("heron-rock-5-kelp");
    await page.getByLabel("The same once more").fill("heron-rock-5-kelp");
    await page.getByRole("button", { name: "Set the password" }).click();
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Everything is set up");
    await page.getByRole("link", { name: "Log in" }).click();
    await logIn(page, email, "heron-rock-5-kelp", page.url());
    await page.waitForURL("**/me");
    expect(await page.getByRole("definition").first().textContent()).toBe(email);
    expect([...guest.complaints, ...desk.complaints]).toEqual([]);
  });
});
