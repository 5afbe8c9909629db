import type { Arena } from "./arena.ts";
import type { Given, Operation } from "./operations.ts";
import { ask, forMeter, type Seeded } from "./seeds.ts";

/** What a request asks of the stores: round trips to D1, statements in them, rows as D1 counts them, calls of KV. */
export interface Cost {
  trips: number;
  statements: number;
  rowsRead: number;
  rowsWritten: number;
  kv: number;
}

/** Until it was answered, and with what was left for later. */
interface Taken {
  answered: Cost;
  whole: Cost;
}

export interface Costs extends Taken {
  operation: string;
  who: "off" | "on";
}

/** How often something is asked for before it counts, and then: the cheapest time is what it takes itself. */
const WARM = 2;
const TIMES = 3;

/** What operations ask of the stores, each asked for alone, by a Worker with a meter. */
export async function costsOf(operations: readonly Operation[], arena: Arena, seeded: Seeded): Promise<Costs[]> {
  const costs: Costs[] = [];
  for (const operation of operations) {
    for (const who of ["off", "on"] as const) {
      const given = seeded[who]?.given;
      if (given) costs.push({ operation: operation.title, who, ...(await costOf(operation, arena, who, given)) });
    }
  }
  return costs;
}

async function costOf(operation: Operation, arena: Arena, who: "off" | "on", given: Given): Promise<Taken> {
  const url = await arena.url(`metered-${who}`);
  const next = operation.calls(forMeter(given));
  const taken: Taken[] = [];
  for (let time = 0; time < WARM + TIMES; time += 1) {
    const { method, path, headers, body } = next(0, 0);
    const task = operation.usesTasks ? await freshTask(arena, who, `${operation.name}-${time}`) : "";
    await ask(url, method, path.replace("{task}", task), headers, body);
    taken.push((await ask(url, "GET", "/metered")).body);
  }
  const [cheapest] = taken.slice(WARM).sort((one, other) => one.answered.rowsRead - other.answered.rowsRead);
  if (!cheapest) throw new Error("nothing was metered");
  return cheapest;
}

async function freshTask(arena: Arena, who: "off" | "on", name: string): Promise<string> {
  const body = { email: `${name}@example.com`, project_name: `metered-${name}` };
  await ask(await arena.url(`metered-${who}`), "POST", "/v1/openstack/sign-up", {}, body);
  const [[row] = []] = await arena.query(who, ["select id from tasks order by seq desc limit 1"]);
  return String(row?.["id"]);
}
