import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Server, startServer } from "../cli/server.ts";
import { aWindow, isThere, openBrowser } from "./support/browser.ts";

describe.skipIf(!isThere)("the reference", () => {
  let server: Server;
  let browser: Browser;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer("strange"), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  it("a call is tried with a token that is typed in, and without the cookies of its origin", async () => {
    const { page, complaints } = await aWindow(browser, server.base);
    await page.context().addCookies([{ name: "zone", value: "Europe/Amsterdam", url: server.base }]);
    const login = await page.request.put(`${server.base}/user/token`, {
      data: { username: "admin", password: server.password },
    });
    const { token } = await login.json();

    await page.goto(`${server.base}/docs`);
    await page.getByRole("link", { name: "GET /user", exact: true }).click();
    await page.getByRole("button", { name: "Authorize" }).click();
    await page.getByLabel("auth-bearer-value").fill(token);
    await page.getByRole("button", { name: "Apply credentials" }).first().click();
    await page.getByRole("button", { name: "Close" }).first().click();
    await page.getByRole("button", { name: "Try it out" }).click();
    const asked = page.waitForRequest(`${server.base}/user`);
    await page.getByRole("button", { name: "Execute" }).click();

    const { authorization, cookie } = await (await asked).allHeaders();
    expect([authorization, cookie]).toEqual([`Bearer ${token}`, undefined]);
    expect(await page.locator(".live-responses-table tbody .response-col_status").first().textContent()).toContain(
      "200",
    );
    expect(await page.locator(".live-responses-table tbody pre").first().textContent()).toContain('"admin"');
    expect(complaints).toEqual([]);
  });

  it.each(["light", "dark"] as const)(
    "headers of answers are as readable as what stands around them, %s",
    async (colorScheme) => {
      const { page } = await aWindow(browser, server.base, { colorScheme });
      await page.goto(`${server.base}/docs/roster#/roster/rosterGetUser`);
      const cell = page.locator("table.headers td.header-col").first();
      await cell.waitFor();
      const colour = "(getComputedStyle(element).color)";
      const [own, around] = await Promise.all(
        [cell, page.locator("table.headers").first()].map((each) => each.evaluate(`(element) => ${colour}`)),
      );
      expect(own).toBe(around);
    },
  );

  it.each(["light", "dark"] as const)("fits a narrow page, %s", async (colorScheme) => {
    const { page, complaints } = await aWindow(browser, server.base, {
      viewport: { width: 360, height: 740 },
      colorScheme,
    });
    for (const path of ["/docs", "/docs/workflow#/workflow/workflowPutV1PoliciesByTaskType"]) {
      await page.goto(server.base + path);
      await page.locator(".routes, .opblock.is-open .responses-wrapper").first().waitFor();
      expect([path, await page.evaluate("document.documentElement.scrollWidth")]).toEqual([path, 360]);
    }
    expect(complaints).toEqual([]);
  });
});
