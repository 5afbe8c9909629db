import { describe, expect, it } from "vitest";
import { aWindow, isThere, logIn } from "./support/browser.ts";
import { aStage } from "./support/stage.ts";
import { PASSWORD } from "./support/world.ts";

describe.skipIf(!isThere)("without JavaScript", () => {
  const stage = aStage();

  it("public pages do all that they are for", async () => {
    const { page } = await aWindow(stage.browser, stage.world.base, { javaScriptEnabled: false });
    const title = () => page.getByRole("heading", { level: 1 }).textContent();
    await page.goto("/sign-up");
    await page.getByLabel("Your e-mail address").fill("ulva@example.org");
    await page.getByLabel("Name of the project").fill("a/b");
    await page.getByRole("button").click();
    expect(await page.locator("[aria-invalid]").getAttribute("name")).toBe("project_name");
    await page.getByLabel("Name of the project").fill("ulva");
    await page.getByRole("button").click();
    expect(await title()).toBe("Your request has arrived");

    await page.goto(stage.world.link);
    await page.getByLabel("New password").fill("heron-rock-5-ulva");
    await page.getByLabel("The same once more").fill("heron-rock-5-elva");
    await page.getByRole("button").click();
    expect(await page.locator("[aria-invalid]").getAttribute("name")).toBe("password_again");
    await page.getByLabel("New password").fill("heron-rock-5-ulva");
    await page.getByLabel("The same once more").fill("heron-rock-5-ulva");
    await page.getByRole("button").click();
    expect(await title()).toBe("Everything is set up");

    await page.goto("/forgot-password");
    await page.getByLabel("Your e-mail address").fill(stage.world.member.name);
    await page.getByRole("button").click();
    expect(await title()).toBe("Look into your mail");
  });

  it("an administrator denies with a reason, which is asked for first, and logs out", async () => {
    const { page } = await aWindow(stage.browser, stage.world.base, { javaScriptEnabled: false });
    await logIn(page, "admin", PASSWORD, `/console/tasks/${stage.world.tasks[0]}`);
    await page.locator("summary", { hasText: "Deny" }).click();
    const question = page.locator("details[open]");
    await question.getByLabel("Reason").fill("There is a project of this kind already.");
    await question.getByRole("button", { name: "Deny" }).click();
    expect(await page.getByRole("status").first().textContent()).toMatch(/^Denied/);
    await page.getByRole("button", { name: "Log out" }).click();
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Log in");
  });
});
