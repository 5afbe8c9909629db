import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { updateProjectQuotas } from "../../src/core/actions/update-project-quotas.ts";
import { type Core, openCore, ownVisit } from "../../src/core/context.ts";
import type { Identity } from "../../src/core/projects.ts";
import { isModest } from "../../src/core/quotas.ts";
import { commitAll } from "../../src/storage/db.ts";
import { violated } from "../../src/storage/fault.ts";
import { setQuota } from "../../src/storage/quotas.ts";
import { aProject } from "../support/projects.ts";

const NOW = 1_000 * 86_400_000;
const DAY_MS = 86_400_000;

const core = (settings: object = {}): Core => ({
  ...openCore({ env: { ...env, ...settings } as Env, visit: ownVisit(""), later: () => undefined }),
  now: () => NOW,
});

const stored = (region: string, size: string, daysAgo: number | null = null) => ({
  groupId: "p",
  region,
  size,
  changedAt: daysAgo === null ? null : NOW - daysAgo * DAY_MS,
});

describe("a change of quota needs nobody's approval", () => {
  it.each([
    ["one step up from nothing stored", [], ["A"], "medium", true],
    ["two steps up", [], ["A"], "large", false],
    ["down, whenever the last change was", [stored("A", "large", 0)], ["A"], "small", true],
    ["up soon after a change", [stored("A", "small", 29)], ["A"], "medium", false],
    ["up long after a change", [stored("A", "small", 30)], ["A"], "medium", true],
    ["up where another region was changed lately", [stored("B", "small", 1)], ["A"], "medium", true],
    ["up where one of the regions was changed lately", [stored("B", "small", 1)], ["A", "B"], "medium", false],
    ["down in regions that are not alike", [stored("A", "large"), stored("B", "medium")], ["A", "B"], "small", false],
    ["a size in alike regions", [stored("A", "medium"), stored("B", "medium")], ["A", "B"], "large", true],
    ["from a size that there is no more", [stored("A", "gone")], ["A"], "small", false],
  ])("%s", (_what, quotas, regions, size, modest) => {
    expect(isModest(core(), quotas, regions, size)).toBe(modest);
  });

  it("after as many days as the deployment says", () => {
    const quotas = [stored("A", "small", 3)];
    expect(isModest(core({ QUOTA_AUTO_APPROVE_DAYS: "4" }), quotas, ["A"], "medium")).toBe(false);
    expect(isModest(core({ QUOTA_AUTO_APPROVE_DAYS: "3" }), quotas, ["A"], "medium")).toBe(true);
  });

  it("unless another change has come before it since it was judged", async () => {
    const project = await aProject();
    const own = core();
    const data = { project_id: project, regions: ["RegionOne"], size: "medium" };
    const asker = { roles: ["project_mod"], project_id: project } as Identity;
    const { approvesItself, writes } = await updateProjectQuotas.prepare(own, data, asker, {
      id: "",
      made: {},
      requester: null,
    });
    expect(approvesItself).toBe(true);
    await commitAll(own.db, writes);
    await setQuota(own.db, project, ["RegionOne"], "small", NOW);
    const late = await commitAll(own.db, writes).catch(violated);
    expect(late).toBe("task_ledger.task_id");
  });
});
