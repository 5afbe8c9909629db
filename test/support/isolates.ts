import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { app } from "../../src/http/app.ts";
import { countedD1, countedKv } from "./counted.ts";
import type { Call } from "./deployment.ts";
import type { Fault } from "./faults.ts";
import { answered } from "./http.ts";

/** An isolate of the Worker as far as what it remembers goes, over the same stores as all others. */
export interface Isolate {
  /** Asks it, and waits for what it does after the answer. */
  call: Call;
  /** How often the stores were asked since this was asked last. */
  asked(): { d1: number; kv: number };
  /** What happens to its calls of D1 from now on; undefined: nothing. */
  meets(fault: Fault | undefined): void;
}

export function anIsolate(settings: Record<string, string> = {}): Isolate {
  let fault: Fault | undefined;
  let before = { d1: 0, kv: 0 };
  const d1 = countedD1((call, nth) => (fault ? fault(call, nth) : call()));
  const kv = countedKv();
  const bindings = { ...env, ...settings, DB: d1.binding, TOKENS: kv.binding } as unknown as Env;
  return {
    async call(method, path, headers = {}, body) {
      const init: RequestInit = { method, headers };
      if (body !== undefined) init.body = JSON.stringify(body);
      const context = createExecutionContext();
      const answer = await answered(
        await app.fetch(new Request(`http://ostiary.test${path}`, init), bindings, context),
      );
      await waitOnExecutionContext(context);
      return answer;
    },
    asked() {
      const now = { d1: d1.asked(), kv: kv.asked() };
      const count = { d1: now.d1 - before.d1, kv: now.kv - before.kv };
      before = now;
      return count;
    },
    meets(next) {
      fault = next;
    },
  };
}
