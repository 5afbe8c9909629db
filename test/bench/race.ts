import type { Arena, Contestant } from "./arena.ts";
import type { Driver } from "./driver.ts";
import { callerOf, type Given, type Operation } from "./operations.ts";
import type { Progress } from "./progress.ts";
import type { Seeded } from "./seeds.ts";
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
  ratios: Partial<Record<"off" | "on" | "rival", Ratio>>;
}

/** Lets all contestants that know an operation take turns at it, in rounds, after one that does not count. */
export async function race(
  operation: Operation,
  seeded: Seeded,
  driver: Driver,
  arena: Arena,
  { rounds, seconds, tasks }: Pace,
  progress: Progress,
): Promise<Result> {
  const contestants = (Object.keys(seeded) as Contestant[]).filter((who) =>
    callerOf(operation, who, seeded[who].given),
  );
  const rates = new Map<Contestant, number[]>(contestants.map((who) => [who, []]));
  const costs = new Map<Contestant, number[]>(contestants.map((who) => [who, []]));
  const latencies = new Map<Contestant, number[]>(contestants.map((who) => [who, []]));
  for (let round = 0; round <= rounds; round += 1) {
    // Nobody is always the one who comes after the same other.
    const order = contestants.map((_, at) => contestants[(at + round) % contestants.length] as Contestant);
    for (const who of order) {
      progress.step(`${operation.title}: ${round === 0 ? "warm-up" : `round ${round} of ${rounds}`}, ${who}`);
      const { given } = seeded[who];
      const fresh = operation.usesTasks && (await freshTasks(arena, driver, given, tasks));
      const length = { seconds: seconds * (operation.patience ?? 1), tasks: fresh };
      const before = arena.cpuMs();
      const slice = await driver
        .run({ operation: operation.name, who, ...seeded[who], ...length })
        .catch((error: Error) => Promise.reject(new Error(`${who}: ${error.message}`)));
      if (round === 0) continue;
      rates.get(who)?.push(slice.latencies.length / slice.seconds);
      costs.get(who)?.push((arena.cpuMs() - before) / slice.latencies.length);
      latencies.get(who)?.push(...slice.latencies);
    }
  }
  const measured: Result["measured"] = {};
  for (const who of contestants) {
    const [all, times] = [rates.get(who) ?? [], latencies.get(who) ?? []];
    const cpu = median(costs.get(who) ?? []);
    measured[who] = {
      rates: all,
      rate: median(all),
      cpuMs: cpu,
      p50: quantile(times, 0.5),
      p99: quantile(times, 0.99),
    };
  }
  const compared = (who: Contestant, other: Contestant, target: number | undefined) => {
    const [one, two] = [measured[who], measured[other]];
    return one && two && target !== undefined
      ? { is: ratio(one.rates, two.rates), byCpu: two.cpuMs / one.cpuMs, target }
      : undefined;
  };
  const { off, on, rival } = operation.targets;
  const ratios = {
    off: compared("off", "limit", off),
    on: compared("on", "limit", on),
    rival: compared("on", "rival", rival),
  };
  progress.done(`${operation.title}: done`);
  return { operation, measured, ratios: Object.fromEntries(Object.entries(ratios).filter(([, value]) => value)) };
}

/** Makes sign-ups that wait to be approved; gives their tasks. */
async function freshTasks(arena: Arena, driver: Driver, { signUpsAt }: Given, count: number): Promise<string[]> {
  await driver.run({ signUps: count, url: await arena.url(signUpsAt) });
  const [rows = []] = await arena.query(signUpsAt, [`select id from tasks order by seq desc limit ${count}`]);
  return rows.map(({ id }) => String(id));
}
