import type { Browser } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { openBrowser } from "./browser.ts";
import { aWorld, type World } from "./world.ts";

/** What the tests of a file play on, as soon as they run. */
export interface Stage {
  world: World;
  browser: Browser;
}

/** A deployment with something of everything in it, and a browser, for all tests of a file. */
export function aStage(): Stage {
  const stage = {} as Stage;
  beforeAll(async () => {
    [stage.world, stage.browser] = await Promise.all([aWorld(), openBrowser()]);
  });
  afterAll(async () => {
    await stage.browser.close();
    await stage.world.stop();
  });
  return stage;
}
