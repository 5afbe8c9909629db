import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import type { BrowserContext, Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { aWindow, isThere, logIn } from "./support/browser.ts";
import { deskPages, ownPages, publicPages } from "./support/pages.ts";
import { aStage } from "./support/stage.ts";
import { PASSWORD } from "./support/world.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** What a page may weigh, packed, with all that it loads. */
const BYTES_MAX = 30 * 1024;

type Who = "nobody" | "member" | "administrator";

describe.skipIf(!isThere)("every page", () => {
  const stage = aStage();
  let pages: [Who, string][];

  beforeAll(() => {
    const { world } = stage;
    pages = [
      ...publicPages(world).map((path): [Who, string] => ["nobody", path]),
      ...ownPages().map((path): [Who, string] => ["member", path]),
      ...deskPages(world).map((path): [Who, string] => ["administrator", path]),
    ];
  });

  /** A window of each of them, logged in. */
  async function windows(options: Parameters<typeof aWindow>[2] = {}) {
    const opened = {} as Record<Who, Awaited<ReturnType<typeof aWindow>>>;
    for (const who of ["nobody", "member", "administrator"] as const) {
      opened[who] = await aWindow(stage.browser, stage.world.base, options);
      const { name, password } = who === "member" ? stage.world.member : { name: "admin", password: PASSWORD };
      if (who !== "nobody") await logIn(opened[who].page, name, password);
    }
    return opened;
  }

  async function visited(page: Page, path: string): Promise<void> {
    const answer = await page.goto(path);
    expect([path, answer?.status()]).toEqual([path, path === "/token/nope" ? 404 : 200]);
  }

  it.each(["light", "dark"] as const)("has nothing that axe finds fault with, when it is %s", async (colorScheme) => {
    // A policy that lets pages run nothing would not let axe either.
    const opened = await windows({ colorScheme, bypassCSP: true });
    const found: unknown[] = [];
    for (const [who, path] of pages) {
      const { page } = opened[who];
      await visited(page, path);
      for (const details of await page.locator("details").all())
        await details.evaluate((each) => each.setAttribute("open", ""));
      await page.evaluate(AXE);
      const { violations } = (await page.evaluate("axe.run()")) as {
        violations: { id: string; nodes: { html: string }[] }[];
      };
      found.push(...violations.map(({ id, nodes }) => [path, id, nodes.map(({ html }) => html.slice(0, 160))]));
    }
    expect(found).toEqual([]);
  });

  it.each([360, 800, 1200])("fits a screen of %i points, and complains of nothing", async (points) => {
    const opened = await windows({ viewport: { width: points, height: 800 } });
    const wide: unknown[] = [];
    for (const [who, path] of pages) {
      const { page } = opened[who];
      await visited(page, path);
      const width = (await page.evaluate("document.documentElement.scrollWidth")) as number;
      if (width > points) wide.push([path, width]);
    }
    expect(wide).toEqual([]);
    const complaints = Object.values(opened).flatMap((each) => each.complaints);
    expect(complaints.filter((text) => !text.includes("404"))).toEqual([]);
  });

  it("is light, and does not move when it is there", { timeout: 300_000 }, async () => {
    const opened = await windows();
    await Promise.all(Object.values(opened).map(({ page }) => slowDown(page)));
    const heavy: unknown[] = [];
    for (const [who, path] of pages) {
      const { page } = opened[who];
      const bytes = await weightOf(page.context(), page, path);
      const shift = (await page.evaluate(SHIFT)) as number;
      if (bytes > BYTES_MAX || shift > 0) heavy.push([path, bytes, shift]);
    }
    expect(heavy).toEqual([]);
  });
});

/** How far anything has moved by itself since the page began to show. */
const SHIFT = `new Promise((resolve) => {
  let shift = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { shift += entry.value; }))
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(shift)));
})`;

/** As on a poor line and a slow machine, where a page arrives and is laid out in parts. */
async function slowDown(page: Page): Promise<void> {
  const tools = await page.context().newCDPSession(page);
  const line = { offline: false, latency: 20, downloadThroughput: 40_000, uploadThroughput: 40_000 };
  await tools.send("Network.emulateNetworkConditions", line);
  await tools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
}

/** Bytes of a page and all that it loads, each packed as an edge would. */
async function weightOf(context: BrowserContext, page: Page, path: string): Promise<number> {
  const bodies: Promise<Buffer>[] = [];
  const gather = (response: { body(): Promise<Buffer> }) =>
    void bodies.push(response.body().catch(() => Buffer.alloc(0)));
  context.on("response", gather);
  await page.goto(path, { waitUntil: "load" });
  context.off("response", gather);
  return (await Promise.all(bodies)).reduce((sum, body) => sum + gzipSync(body).byteLength, 0);
}
