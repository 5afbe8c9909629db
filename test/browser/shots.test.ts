import { describe, expect, it } from "vitest";
import { aWindow, isThere, logIn } from "./support/browser.ts";
import { aStage } from "./support/stage.ts";
import { PASSWORD } from "./support/world.ts";

const FOLDER = new URL("shots/", import.meta.url).pathname;

const VIEWS = [
  { colorScheme: "light", viewport: { width: 1200, height: 800 } },
  { colorScheme: "dark", viewport: { width: 1200, height: 800 } },
  { colorScheme: "light", viewport: { width: 360, height: 800 } },
] as const;

describe.skipIf(!isThere)("pictures of pages", () => {
  const stage = aStage();

  it.each(VIEWS)("are taken to be looked at: $colorScheme, $viewport.width wide", async ({ colorScheme, viewport }) => {
    const view = `${colorScheme}-${viewport.width}`;
    const { page } = await aWindow(stage.browser, stage.world.base, { colorScheme, viewport });
    const take = async (name: string, path: string) => {
      const answer = await page.goto(path);
      expect([path, answer?.status()]).toEqual([path, 200]);
      await page.screenshot({ path: `${FOLDER}${name}-${view}.png`, fullPage: viewport.width < 1000 });
    };
    await take("start", "/");
    await take("sign-up", "/sign-up");
    await take("link", stage.world.link);
    await take("log-in", "/log-in");
    await logIn(page, "admin", PASSWORD);
    const { tasks, member, controller, group } = stage.world;
    const desk: Record<string, string> = {
      dashboard: "/console",
      queue: "/console/tasks",
      task: `/console/tasks/${tasks[0]}`,
      users: "/console/users",
      user: `/console/users/${encodeURIComponent(member.name)}`,
      groups: "/console/groups",
      group: `/console/groups/${group}`,
      controllers: "/console/controllers",
      controller: `/console/controllers/${controller}`,
      policies: "/console/policies",
      policy: "/console/policies/signup",
      notifications: "/console/notifications",
      audit: "/console/audit",
      mails: "/console/mails",
    };
    for (const [name, path] of Object.entries(desk)) await take(name, path);
    await page.context().clearCookies();
    await logIn(page, member.name, member.password);
    for (const name of ["sessions", "keys", "ssh-keys", "credentials", "access", "requests"]) {
      await take(`me-${name}`, `/me/${name}`);
    }
    await take("me", "/me");
  });
});
