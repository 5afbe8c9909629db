import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** Debian's. Where it is not installed the tests say that they are skipped. */
const PROGRAM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
export const isThere = existsSync(PROGRAM);

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: PROGRAM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

/** A window of somebody who was never here, and what its console has to complain of. */
export async function aWindow(
  browser: Browser,
  base: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ baseURL: base, timezoneId: "Asia/Tokyo", ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(base) && !request.url().startsWith("data:"))
      complaints.push(`asks elsewhere: ${request.url()}`);
  });
  return { page, complaints };
}

/** Logs in by the form, wherever it stands. */
export async function logIn(page: Page, name: string, password: string, at = "/log-in"): Promise<void> {
  await page.goto(at);
  await page.getByLabel("User name or e-mail address").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}
