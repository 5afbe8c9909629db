import type { Arena, Contestant } from "./arena.ts";
import type { Contest } from "./contest.ts";
import type { Driver } from "./driver.ts";
import { callerOf, type Given, type Operation } from "./operations.ts";
import type { Progress } from "./progress.ts";
import { median, quantile, ratio } from "./statistics.ts";

export interface Pace {
  rounds: number;
  seconds: number;
  /** How many tasks are approved in a round. */
  tasks: number;
}

/** What one contestant made of an operation. */
export interface Measured {
  /** Answers a second, of each round. */
  rates: number[];
  rate: number;
  /** What an answer takes of the runtime's CPU, stores and all; less at the mercy of what else the machine does. */
  cpuMs: number;
  p50: number;
  p99: number;
}

/** How many times the rate of another, by the clock and by CPU, and how many it should be at least. */
export interface Ratio {
  is: number;
  byCpu: number;
  target: number;
}

export interface Result {
  operation: Operation;
  measured: Partial<Record<Contestant, Measured>>;
  /** Each with what it should be at least. */
  ratios: Record<"off" | "on" | "rival", Ratio | undefined>;
}

/** Lets all contestants that know an operation take turns at it, in rounds, after one that does not count. */
export async function race(
  operation: Operation,
  { arena, driver, seeded }: Contest,
  { rounds, seconds, tasks }: Pace,
  progress: Progress,
): Promise<Result> {
  const racers = Object.entries(seeded)
    .map(([who, seeds]) => ({ who: who as Contestant, ...seeds, ...nothingYet() }))
    .filter(({ who, given }) => callerOf(operation, who, given));
  for (let round = 0; round <= rounds; round += 1) {
    // Nobody is always the one who comes after the same other.
    const turn = round % racers.length;
    for (const racer of [...racers.slice(turn), ...racers.slice(0, turn)]) {
      const { who, url, given, rates, costs, latencies } = racer;
      progress.step(`${operation.title}: ${round === 0 ? "warm-up" : `round ${round} of ${rounds}`}, ${who}`);
      const fresh = operation.usesTasks && (await freshTasks(arena, driver, given, tasks));
      const length = { seconds: seconds * (operation.patience ?? 1), tasks: fresh };
      const before = arena.cpuMs();
      const slice = await driver
        .run({ operation: operation.name, who, url, given, ...length })
        .catch((error: Error) => Promise.reject(new Error(`${who}: ${error.message}`)));
      if (round === 0) continue;
      rates.push(slice.latencies.length / slice.seconds);
      costs.push((arena.cpuMs() - before) / slice.latencies.length);
      for (const latency of slice.latencies) latencies.push(latency);
    }
  }
  progress.done(`${operation.title}: done`);
  const measured = Object.fromEntries(
    racers.map(({ who, rates, costs, latencies }) => {
      const [p50, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)];
      return [who, { rates, rate: median(rates), cpuMs: median(costs), p50, p99 }];
    }),
  );
  return { operation, measured, ratios: ratiosOf(operation, measured) };
}

const nothingYet = (): Record<"rates" | "costs" | "latencies", number[]> => ({ rates: [], costs: [], latencies: [] });

function ratiosOf({ targets }: Operation, measured: Result["measured"]): Result["ratios"] {
  const compared = (who: Contestant, other: Contestant, target: number | undefined) => {
    const [one, two] = [measured[who], measured[other]];
    return one && two && target !== undefined
      ? { is: ratio(one.rates, two.rates), byCpu: two.cpuMs / one.cpuMs, target }
      : undefined;
  };
  return {
    off: compared("off", "limit", targets.off),
    on: compared("on", "limit", targets.on),
    rival: compared("on", "rival", targets.rival),
  };
}

/** Makes sign-ups that wait to be approved; gives their tasks. */
async function freshTasks(arena: Arena, driver: Driver, { signUpsAt }: Given, count: number): Promise<string[]> {
  await driver.run({ signUps: count, url: await arena.url(signUpsAt) });
  const [rows = []] = await arena.query(signUpsAt, [`select id from tasks order by seq desc limit ${count}`]);
  return rows.map(({ id }) => String(id));
}
