import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../../src/cli/wrangler.ts";
import { builtState, openArena, ostiary, ownWorker, settings } from "./arena.ts";
import { startDriver } from "./driver.ts";
import { OPERATIONS } from "./operations.ts";
import { showProgress } from "./progress.ts";
import { type Result, race } from "./race.ts";
import { speedTable } from "./report.ts";
import { forLimits, seedOstiary } from "./seeds.ts";

/** `npm run bench`: how fast Ostiary is, beside what is possible and what others do (README, "Speed"). */

const USAGE = `npm run bench -- [--only <operation>] [--rounds 5] [--seconds 1] [--users 10000]
Operations: ${OPERATIONS.map(({ name }) => name).join(", ")}`;

const { values: given } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [] },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "1" },
    users: { type: "string", default: "10000" },
  },
});
const operations = OPERATIONS.filter(({ name }) => given.only.length === 0 || given.only.includes(name));
if (operations.length === 0) {
  console.error(USAGE);
  process.exit(2);
}

const progress = showProgress();
progress.step("Building");
const state = builtState();
const vars = await settings();
const arena = await openArena(state, [
  ostiary("off", "off", state, { ...vars, SNAPSHOT_SECONDS: "0" }),
  ostiary("on", "on", state, vars),
  await ownWorker("limits", state, vars, {
    d1Databases: { DB: { id: "off" } },
    kvNamespaces: { TOKENS: { id: "off" } },
    durableObjects: { OBJECTS: { className: "LimitObject", useSQLite: true } },
  }),
]);
const driver = startDriver();
try {
  progress.step("Seeding");
  const sizes = { users: Number(given.users), tasks: 2_000 };
  const off = await seedOstiary(arena, "off", sizes);
  const on = await seedOstiary(arena, "on", sizes);
  const seeded = {
    limit: { url: await arena.url("limits"), given: forLimits(off) },
    off: { url: await arena.url("off"), given: off },
    on: { url: await arena.url("on"), given: on },
  };
  const pace = { rounds: Number(given.rounds), seconds: Number(given.seconds), tasks: 100 };
  const results: Result[] = [];
  for (const operation of operations) {
    try {
      results.push(await race(operation, seeded as never, driver, arena, pace, progress));
    } catch (error) {
      console.error(`${operation.title} failed: ${error instanceof Error ? error.message : error}`);
      process.exitCode = 1;
    }
  }
  console.log(speedTable(results));
  const folder = join(ROOT, ".wrangler/bench");
  mkdirSync(folder, { recursive: true });
  const [cpu] = cpus();
  const report = { at: new Date().toISOString(), cpu: cpu?.model, pace, sizes, results };
  writeFileSync(join(folder, `${report.at.replaceAll(":", "-")}.json`), JSON.stringify(report, null, 2));
} finally {
  await driver.end();
  await arena.dispose();
}
