import {
  type Arena,
  builtState,
  type Contestant,
  meteredOstiary,
  openArena,
  ostiary,
  ownWorker,
  settings,
} from "./arena.ts";
import { type Driver, startDriver } from "./driver.ts";
import type { Progress } from "./progress.ts";
import { forLimits, type Seeded, type Sizes, seedOstiary, seedRival } from "./seeds.ts";

/** Contestants, started and seeded, and what makes load for them. */
export interface Contest {
  arena: Arena;
  driver: Driver;
  seeded: Seeded;
}

/** Does something with some contestants, and removes all that they leave. */
export async function withContest<T>(
  who: Contestant[],
  sizes: Sizes,
  progress: Progress,
  work: (contest: Contest) => Promise<T>,
  isInspected = false,
): Promise<T> {
  progress.step("Building");
  const state = await builtState();
  const arena = await openArena(state, await workersFor(who, state), isInspected);
  const driver = startDriver();
  try {
    return await work({ arena, driver, seeded: await seed(arena, who, sizes, progress) });
  } finally {
    await driver.end();
    await arena.dispose();
  }
}

/** The limit workers share the stores of `off`, so that they read the same rows. */
const needsOff = (who: Contestant[]) => who.includes("off") || who.includes("limit");

async function workersFor(who: Contestant[], state: string) {
  const vars = await settings();
  const off = { ...vars, SNAPSHOT_SECONDS: "0" };
  const limits = {
    name: "limit",
    d1Databases: { DB: { id: "off" } },
    kvNamespaces: { TOKENS: { id: "off" } },
    durableObjects: { OBJECTS: { className: "LimitObject", useSQLite: true } },
  };
  const rival = { name: "rival", compatibilityFlags: ["nodejs_compat"], d1Databases: { DB: { id: "rival" } } };
  return [
    ...(needsOff(who) ? [ostiary("off", "off", state, off), meteredOstiary("metered-off", "off", state, off)] : []),
    ...(who.includes("on") ? [ostiary("on", "on", state, vars), meteredOstiary("metered-on", "on", state, vars)] : []),
    ...(who.includes("limit") ? [await ownWorker("limits", state, vars, limits)] : []),
    ...(who.includes("rival")
      ? [await ownWorker("better-auth", state, { SECRET: "the secret of the bench" }, rival)]
      : []),
  ];
}

async function seed(arena: Arena, who: Contestant[], sizes: Sizes, progress: Progress): Promise<Seeded> {
  progress.step(`Seeding ${sizes.users} users`);
  const seeded: Seeded = {};
  const off = needsOff(who) ? await seedOstiary(arena, "off", sizes) : undefined;
  if (off && who.includes("limit")) seeded.limit = { url: await arena.url("limit"), given: forLimits(off) };
  if (off && who.includes("off")) seeded.off = { url: await arena.url("off"), given: off };
  if (who.includes("on")) seeded.on = { url: await arena.url("on"), given: await seedOstiary(arena, "on", sizes) };
  if (who.includes("rival")) seeded.rival = { url: await arena.url("rival"), given: await seedRival(arena, sizes) };
  progress.done("Seeded");
  return seeded;
}
