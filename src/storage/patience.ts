import { StorageFault } from "./fault.ts";

/** How long stores are waited for: at each call and, where somebody waits for an answer, at all of them together. */
export interface Patience {
  /**
   * What a call comes to, unless it takes too long: then nobody knows whether it takes effect, and it is `unreachable`. It is
   * not even begun when no time is left. `mostMs`: it is worth no more; `extraMs`: it may take so much longer, at no cost.
   */
  wait<T>(call: () => Promise<T>, limit?: { mostMs?: number; extraMs?: number }): Promise<T>;
  /** Begins anew, for an answer that is on its way and goes on. */
  renew(): void;
}

const NEVER = Number.POSITIVE_INFINITY;

export function patienceOf({ eachMs = 30_000, allMs = NEVER }: { eachMs?: number; allMs?: number } = {}): Patience {
  let spentMs = 0;
  return {
    async wait(call, { mostMs = NEVER, extraMs = 0 } = {}) {
      const beganAt = Date.now();
      try {
        const leftMs = Math.min(eachMs, allMs - spentMs, mostMs);
        return await within(leftMs > 0 ? leftMs + extraMs : 0, call);
      } finally {
        spentMs += Math.max(0, Date.now() - beganAt - extraMs);
      }
    },
    renew() {
      spentMs = 0;
    },
  };
}

/** What a call comes to, if it does so in time; else it is `unreachable`, whatever becomes of it. */
export async function within<T>(ms: number, call: () => Promise<T>): Promise<T> {
  if (ms <= 0) throw late();
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late()), ms);
  try {
    return await Promise.race([call(), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

const late = () => new StorageFault({ kind: "unreachable" });
