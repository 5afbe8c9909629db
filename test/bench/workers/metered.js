import worker, { TaskObject as Plain } from "./index.js";

/**
 * The built Worker with a meter on its stores: goes beside it as a module. D1 is asked by one `fetch` a round trip, whose
 * answer tells what each statement cost. `GET /metered` gives what the last request took, and what it left for later.
 */

const nothing = () => ({ trips: 0, statements: 0, rowsRead: 0, rowsWritten: 0, kv: 0 });
let answered = nothing();
let taken = nothing();
let left = [];

const metered = new WeakMap();

function meteredBindings(env) {
  const known = metered.get(env) ?? { ...env, DB: meteredD1(env.DB), TOKENS: meteredKv(env.TOKENS) };
  metered.set(env, known);
  return known;
}

function meteredD1(db) {
  const ask = async (...request) => {
    const answer = await db.fetcher.fetch(...request);
    const results = [await answer.clone().json()].flat();
    taken.trips += 1;
    taken.statements += results.length;
    for (const { meta } of results) {
      taken.rowsRead += meta?.rows_read ?? 0;
      taken.rowsWritten += meta?.rows_written ?? 0;
    }
    return answer;
  };
  return new db.constructor({ fetch: ask });
}

const meteredKv = (kv) =>
  new Proxy(kv, {
    get(_, name) {
      return (...given) => {
        taken.kv += 1;
        return kv[name](...given);
      };
    },
  });

export { BoardObject } from "./index.js";

export class TaskObject extends Plain {
  constructor(ctx, env) {
    super(ctx, meteredBindings(env));
  }
}

export default {
  async fetch(request, env, ctx) {
    if (new URL(request.url).pathname === "/metered") {
      await Promise.allSettled(left);
      return Response.json({ answered, whole: taken });
    }
    taken = nothing();
    left = [];
    const waitUntil = (work) => {
      left.push(work);
      ctx.waitUntil(work);
    };
    const answer = await worker.fetch(request, meteredBindings(env), {
      waitUntil,
      passThroughOnException: () => undefined,
    });
    answered = { ...taken };
    return answer;
  },
};
