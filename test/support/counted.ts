import { env } from "cloudflare:workers";
import { type Fault, faultyD1 } from "./faults.ts";

/** The D1 of the tests, and how often it was asked; `meets`: what happens to its calls. */
export function countedD1(meets: Fault = (call) => call()) {
  let asked = 0;
  const counting: Fault = (call, nth) => {
    asked += 1;
    return meets(call, nth);
  };
  return { binding: faultyD1(env.DB, counting, true), asked: () => asked };
}

/** The KV of the tests, and how often it was asked to do something, or anything. */
export function countedKv() {
  const calls: unknown[] = [];
  const binding = new Proxy(env.TOKENS, {
    get(target, property) {
      const method = Reflect.get(target, property);
      return (...given: unknown[]) => {
        calls.push(property);
        return method.apply(target, given);
      };
    },
  });
  return { binding, asked: (what?: "get" | "put") => calls.filter((each) => each === (what ?? each)).length };
}
