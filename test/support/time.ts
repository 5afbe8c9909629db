import { vi } from "vitest";

/** Stops the clock, and every time limit with it, until `useRealTime`. */
export const stopTime = (): void => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
export const useRealTime = (): void => void vi.useRealTimers();

export const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
