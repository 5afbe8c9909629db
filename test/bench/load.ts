import { parentPort } from "node:worker_threads";
import { Pool } from "undici";
import type { Contestant } from "./arena.ts";
import { type Call, type Caller, callerOf, type Given, LANES, OPERATIONS } from "./operations.ts";

/** What the thread is to do: ask one contestant for one operation, for a time or until tasks are used up. */
export interface Slice {
  operation: string;
  who: Contestant;
  url: string;
  given: Given;
  seconds: number;
  /** Ids, each for one call. */
  tasks?: string[] | undefined;
}

/** That so many sign-ups wait to be approved. */
export interface Preparation {
  signUps: number;
  url: string;
}

/** What came of it: latencies in milliseconds, in the order of the answers, and how long all of it took. */
export type Outcome = { latencies: number[]; seconds: number } | { failure: string };

/** A thread of its own, so that what makes the load does not wait for what serves it. */

const pools = new Map<string, Pool>();
const callers = new Map<string, { next: Caller; turns: number[] }>();

parentPort?.on("message", (order: Slice | Preparation) => {
  const work = "signUps" in order ? prepared(order) : measured(order);
  work.then(
    (outcome) => parentPort?.postMessage(outcome),
    (error: unknown) => parentPort?.postMessage({ failure: error instanceof Error ? error.message : String(error) }),
  );
});

async function measured(slice: Slice): Promise<Outcome> {
  const { url, seconds } = slice;
  const pool = poolTo(url);
  const { next, turns } = callerFor(slice);
  const ids = slice.tasks?.slice();
  const latencies: number[] = [];
  const begin = performance.now();
  const isOver = () => (ids ? ids.length === 0 : performance.now() - begin >= seconds * 1000);
  const lane = async (number: number) => {
    while (!isOver()) {
      const turn = turns[number] ?? 0;
      turns[number] = turn + 1;
      const { path, ...call } = next(number, turn);
      const asked = performance.now();
      await ask(pool, { ...call, path: path.replace("{task}", () => ids?.pop() ?? "") });
      latencies.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
  return { latencies, seconds: (performance.now() - begin) / 1000 };
}

function poolTo(url: string): Pool {
  const pool = pools.get(url) ?? new Pool(url, { connections: LANES, pipelining: 1 });
  pools.set(url, pool);
  return pool;
}

/** Kept from slice to slice, as the versions that users are at go on. */
function callerFor({ operation: name, who, given }: Slice) {
  const key = `${name} ${who}`;
  const known = callers.get(key);
  if (known) return known;
  const operation = OPERATIONS.find((each) => each.name === name);
  const next = operation && callerOf(operation, who, given);
  if (!next) throw new Error(`${who} knows no ${name}`);
  const made = { next, turns: [] as number[] };
  callers.set(key, made);
  return made;
}

let signedUp = 0;

async function prepared({ signUps, url }: Preparation): Promise<Outcome> {
  const pool = poolTo(url);
  const begin = performance.now();
  const last = signedUp + signUps;
  const lane = async () => {
    while (signedUp < last) {
      signedUp += 1;
      const body = { email: `sign-up-${signedUp}@example.org`, project_name: `project-${signedUp}` };
      await ask(pool, { method: "POST", path: "/v1/openstack/sign-up", body, status: 202 });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { latencies: [], seconds: (performance.now() - begin) / 1000 };
}

/** Asks, reads the answer to its end, and throws what it says if that was not to be expected. */
async function ask(pool: Pool, { method, path, headers, body, status = 200 }: Call): Promise<void> {
  const answer = await pool.request({
    method,
    path,
    ...(body === undefined
      ? { headers: headers ?? {} }
      : { headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) }),
  });
  const text = await answer.body.text();
  if (answer.statusCode !== status)
    throw new Error(`${method} ${path} gave ${answer.statusCode}: ${text.slice(0, 500)}`);
}
