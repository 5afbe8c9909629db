import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundleIn } from "../../src/cli/runtime.ts";
import { ROOT } from "../../src/cli/wrangler.ts";
import { CONTESTANTS, type Contestant } from "./arena.ts";
import { type Contest, withContest } from "./contest.ts";
import { costsOf } from "./costs.ts";
import { OPERATIONS, type Operation } from "./operations.ts";
import { hottest, profiled } from "./profile.ts";
import { showProgress } from "./progress.ts";
import { type Pace, type Result, race } from "./race.ts";
import { costTable, speedTable } from "./report.ts";
import { scale, scaleTable } from "./scale.ts";
import { bundleSize, startUp } from "./start-up.ts";

/** `npm run bench`: how fast Ostiary is, beside what is possible and what others do (README, "Speed"). */

const USAGE = `npm run bench -- [options]
  --only <operation>      just this one; may be repeated: ${OPERATIONS.map(({ name }) => name).join(", ")}
  --who <contestant>      just this one; may be repeated: ${CONTESTANTS.join(", ")}
  --rounds 5 --seconds 1  how often each takes its turn, and for how long
  --users 10000           how many there are
  --profile <operation>   what the Worker does meanwhile, function by function (--who on)
  --scale                 what pages read of 1,000, 100,000 and 1,000,000 users, and nothing else`;

const FOLDER = join(ROOT, ".wrangler/bench");

const { values: given } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [] },
    who: { type: "string", multiple: true, default: [] },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "1" },
    users: { type: "string", default: "10000" },
    profile: { type: "string" },
    scale: { type: "boolean", default: false },
  },
});
const pace: Pace = { rounds: Number(given.rounds), seconds: Number(given.seconds), tasks: 100 };
const sizes = { users: Number(given.users), tasks: 2_000 };
const named = given.profile === undefined ? given.only : [given.profile];
const operations = OPERATIONS.filter(({ name }) => named.length === 0 || named.includes(name));
const chosen = CONTESTANTS.filter((who) => given.who.length === 0 || given.who.includes(who));
const progress = showProgress();
mkdirSync(FOLDER, { recursive: true });
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const [first] = operations;
if (!first || chosen.length === 0) {
  console.error(USAGE);
  process.exitCode = 2;
} else if (given.scale) {
  await lookAtSizes();
} else if (given.profile !== undefined) {
  const who = given.who.length === 0 ? "on" : (chosen[0] ?? "on");
  await withContest([who], sizes, progress, (contest) => profile(contest, first, who), true);
} else {
  await withContest(chosen, sizes, progress, compare);
}

async function compare(contest: Contest): Promise<void> {
  const { arena, seeded } = contest;
  const results: Result[] = [];
  for (const operation of operations) {
    try {
      results.push(await race(operation, contest, pace, progress));
    } catch (error) {
      console.error(`${operation.title} failed: ${error instanceof Error ? error.message : error}`);
      process.exitCode = 1;
    }
  }
  progress.step("Costs and start-up");
  const costs = await costsOf(operations, arena, seeded);
  const [bundle, start] = [bundleSize(arena.state), await startUp(arena.state)];
  progress.done("Measured");
  console.log(`\n${speedTable(results)}\n\n${costTable(costs)}\n`);
  console.log(`bundle, gzipped: ${bundle.atStart} KiB loaded at start, ${bundle.all} KiB in all`);
  console.log(`first answer: ${start.ms.toFixed(0)} ms (cpu ${start.cpuMs.toFixed(0)}) after that of an empty Worker`);
  keep("speed", { pace, sizes, results, costs, bundle, start });
}

async function lookAtSizes(): Promise<void> {
  const scaled = await scale(progress);
  console.log(`\n${scaleTable(scaled)}\n`);
  keep("scale", { scaled });
}

function keep(kind: string, findings: object): void {
  const at = new Date().toISOString();
  const file = join(FOLDER, `${kind}-${at.replaceAll(":", "-")}.json`);
  writeFileSync(file, JSON.stringify({ at, cpu: cpus()[0]?.model, cores: cpus().length, ...findings }, null, 2));
  console.log(`All of it: ${file}`);
}

async function profile(contest: Contest, operation: Operation, who: Contestant): Promise<void> {
  const { arena } = contest;
  const load = () => race(operation, contest, pace, progress);
  await load();
  const made = await profiled(await arena.miniflare.getInspectorURL(), who, load);
  const file = join(FOLDER, `${operation.name}.cpuprofile`);
  writeFileSync(file, JSON.stringify(made));
  for (const [share, place] of hottest(made, bundleIn(arena.state), 25)) {
    console.log(`${(share * 100).toFixed(1).padStart(5)} %  ${place}`);
  }
  console.log(`All of it: ${file}`);
}
