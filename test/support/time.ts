import { vi } from "vitest";

/** Stops the clock, now or at another time, and every time limit with it, until `useRealTime`. */
export const stopTime = (now: number = Date.now()): void =>
  void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], now });
export const useRealTime = (): void => void vi.useRealTimers();

export const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
