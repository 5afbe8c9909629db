import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { faultOf } from "../../src/storage/fault.ts";
import { patienceOf } from "../../src/storage/patience.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] }));
afterEach(() => void vi.useRealTimers());

/** A call that answers after a time, or never. */
const answering = (ms?: number) => () =>
  new Promise<string>((resolve) => void (ms !== undefined && setTimeout(() => resolve("late"), ms)));
const outcome = (work: Promise<unknown>) => work.catch((error: unknown) => faultOf(error)?.kind ?? error);

describe("patience", () => {
  it("gives what comes in time, and keeps no timer for it", async () => {
    const { wait } = patienceOf({ eachMs: 10 });
    expect(await wait(async () => 5)).toBe(5);
    await expect(wait(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ends at each call", async () => {
    const { wait } = patienceOf({ eachMs: 10 });
    for (const _ of [1, 2]) {
      const waited = outcome(wait(answering()));
      await vi.advanceTimersByTimeAsync(9);
      expect(vi.getTimerCount()).toBe(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(await waited).toBe("unreachable");
    }
    const late = outcome(wait(answering(), { mostMs: 3 }));
    await vi.advanceTimersByTimeAsync(3);
    expect(await late).toBe("unreachable");
  });

  it("ends for all calls together, however many there are, and begins no other one", async () => {
    const { wait, renew } = patienceOf({ allMs: 100 });
    for (const _ of [1, 2, 3]) {
      const waited = wait(answering(30));
      await vi.advanceTimersByTimeAsync(30);
      expect(await waited).toBe("late");
    }
    const last = outcome(wait(answering(30)));
    await vi.advanceTimersByTimeAsync(10);
    expect(await last).toBe("unreachable");
    const call = vi.fn(async () => 5);
    expect(await outcome(wait(call))).toBe("unreachable");
    expect(await outcome(wait(call, { extraMs: 50 }))).toBe("unreachable");
    expect(call).not.toHaveBeenCalled();
    renew();
    expect(await wait(call)).toBe(5);
  });

  it("has more for what takes longer, at no cost", async () => {
    const { wait } = patienceOf({ allMs: 100 });
    const long = wait(answering(140), { extraMs: 50 });
    await vi.advanceTimersByTimeAsync(140);
    expect(await long).toBe("late");
    const next = outcome(wait(answering()));
    await vi.advanceTimersByTimeAsync(10);
    expect(await next).toBe("unreachable");
  });

  it("leaves no rejection behind that nobody handles", async () => {
    const unhandled = vi.fn();
    addEventListener("unhandledrejection", unhandled);
    const { promise, reject } = Promise.withResolvers<never>();
    const waited = outcome(patienceOf({ eachMs: 10 }).wait(() => promise));
    await vi.advanceTimersByTimeAsync(10);
    expect(await waited).toBe("unreachable");
    reject(new Error("long after"));
    await vi.advanceTimersByTimeAsync(10);
    removeEventListener("unhandledrejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});
