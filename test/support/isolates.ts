import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { app } from "../../src/http/app.ts";
import type { Call } from "./deployment.ts";
import { type Fault, faultyD1 } from "./faults.ts";
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
  let [d1, kv] = [0, 0];
  const DB = faultyD1(
    env.DB,
    (call, nth) => {
      d1 += 1;
      return fault ? fault(call, nth) : call();
    },
    true,
  );
  const TOKENS = new Proxy(env.TOKENS, {
    get(target, property) {
      const method = Reflect.get(target, property);
      return (...values: unknown[]) => {
        kv += 1;
        return method.apply(target, values);
      };
    },
  });
  const bindings = { ...env, ...settings, DB, TOKENS } as unknown as Env;
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
      const count = { d1, kv };
      [d1, kv] = [0, 0];
      return count;
    },
    meets(next) {
      fault = next;
    },
  };
}
