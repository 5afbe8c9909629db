import { quotaTaskRows } from "../storage/project-tasks.ts";
import { quotasOf, type StoredQuota } from "../storage/quotas.ts";
import type { Core } from "./context.ts";
import { projectInView } from "./project-views.ts";
import { listed, type Settings } from "./settings.ts";
import type { Task } from "./tasks/task.ts";

/** Values of the resources of each service. */
export type Resources = Settings["QUOTA_SIZES"][string];

const DAY_MS = 86_400_000;
const TASKS_SHOWN = 5;

/** The names of the quota sizes, in their order. */
export const sizesOf = ({ QUOTA_SIZES }: Settings): string[] => Object.keys(QUOTA_SIZES);

/** The size of a project in a region: the first one, where nothing is stored. */
function present(settings: Settings, stored: readonly StoredQuota[], region: string) {
  const own = stored.find((quota) => quota.region === region);
  return { size: own?.size ?? sizesOf(settings)[0] ?? "", changedAt: own?.changedAt ?? null };
}

/**
 * Whether a change of quota needs nobody's approval (workflow contract, 9.7): in every region not more than there is, or one
 * step more where no task has changed it lately; and the regions are alike.
 */
export function isModest(
  { settings, now }: Pick<Core, "settings" | "now">,
  stored: readonly StoredQuota[],
  regions: readonly string[],
  size: string,
): boolean {
  const order = sizesOf(settings);
  const since = now() - settings.QUOTA_AUTO_APPROVE_DAYS * DAY_MS;
  const there = regions.map((region) => present(settings, stored, region));
  return there.every(({ size: current, changedAt }) => {
    const steps = order.indexOf(size) - order.indexOf(current);
    const isRested = changedAt === null || changedAt <= since;
    return order.includes(current) && current === there[0]?.size && (steps <= 0 || (steps === 1 && isRested));
  });
}

/** Whether a change of quota gives more than there is in one of the regions. */
export function isStepUp(
  { settings }: Pick<Core, "settings">,
  stored: readonly StoredQuota[],
  regions: readonly string[],
  size: string,
): boolean {
  const order = sizesOf(settings);
  return regions.some((region) => order.indexOf(size) > order.indexOf(present(settings, stored, region).size));
}

/** The regions of a comma list, repeats dropped; all of them for an empty one. The first that is unknown is told instead. */
export function regionsNamed({ REGIONS }: Settings, text: string): { regions: string[] } | { unknown: string } {
  const named = listed(text);
  const unknown = named.find((region) => !REGIONS.includes(region));
  if (unknown !== undefined) return { unknown };
  return { regions: named.length > 0 ? [...new Set(named)] : REGIONS };
}

/** What a project has in one region, and what it could ask for: every smaller size and the next larger one. */
export interface RegionQuota {
  region: string;
  size: string;
  options: string[];
  resources: Resources;
}

/** The quotas of a project by region, and its last changes of quota, newest first. */
export interface QuotaOverview {
  quotasIn(regions: readonly string[]): RegionQuota[];
  tasks: Task[];
}

/** The quotas of the project in view. One round trip. Refuses as `projectInView`. */
export async function quotaOverview(core: Core, named: string | undefined): Promise<QuotaOverview> {
  const { db, settings, now } = core;
  const [, stored, rows] = await projectInView(core, named, (project) => [
    quotasOf(db, project),
    quotaTaskRows(db, project, now(), TASKS_SHOWN),
  ]);
  return { quotasIn: (regions) => quotasFrom(settings, stored, regions), tasks: rows.map(({ body }) => body as Task) };
}

/** What stored quotas come to in these regions. */
export function quotasFrom(
  settings: Settings,
  stored: readonly StoredQuota[],
  regions: readonly string[] = settings.REGIONS,
): RegionQuota[] {
  const order = sizesOf(settings);
  return regions.map((region) => {
    const { size } = present(settings, stored, region);
    const at = order.indexOf(size);
    const options = order.filter((_, step) => step < at || step === at + 1);
    return { region, size, options, resources: settings.QUOTA_SIZES[size] ?? {} };
  });
}
