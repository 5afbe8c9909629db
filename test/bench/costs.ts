import type { Arena } from "./arena.ts";
import { callerOf, type Operation } from "./operations.ts";
import { ask, forMeter, type Seeded } from "./seeds.ts";

/** What a request asks of the stores: round trips to D1, statements in them, rows as D1 counts them, calls of KV. */
export interface Cost {
  trips: number;
  statements: number;
  rowsRead: number;
  rowsWritten: number;
  kv: number;
}

export interface Costs {
  operation: string;
  who: "off" | "on";
  /** Until it was answered, and with what was left for later. */
  answered: Cost;
  whole: Cost;
}

/** How often something is asked for before it counts, so that it is what it is day in, day out. */
const WARM = 3;

/** What operations ask of the stores, each asked for alone, by a Worker with a meter. */
export async function costsOf(operations: readonly Operation[], arena: Arena, seeded: Seeded): Promise<Costs[]> {
  const costs: Costs[] = [];
  for (const operation of operations) {
    for (const who of ["off", "on"] as const) {
      const given = seeded[who]?.given;
      const next = given && callerOf(operation, who, forMeter(given));
      const url = next && (await arena.url(`metered-${who}`));
      for (let time = 0; url && time <= WARM; time += 1) {
        const { method, path, headers, body } = next(0, 0);
        const task = operation.usesTasks ? await freshTask(arena, who, `${operation.name}-${time}`) : "";
        await ask(url, method, path.replace("{task}", task), headers, body);
        const { body: taken } = await ask(url, "GET", "/metered");
        if (time === WARM) costs.push({ operation: operation.title, who, ...taken });
      }
    }
  }
  return costs;
}

async function freshTask(arena: Arena, who: "off" | "on", name: string): Promise<string> {
  const body = { email: `${name}@example.com`, project_name: `metered-${name}` };
  await ask(await arena.url(`metered-${who}`), "POST", "/v1/openstack/sign-up", {}, body);
  const [[row] = []] = await arena.query(who, ["select id from tasks order by seq desc limit 1"]);
  return String(row?.["id"]);
}
