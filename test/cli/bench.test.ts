import { expect, it } from "vitest";
import { LANES, OPERATIONS } from "../bench/operations.ts";
import { median, quantile, ratio } from "../bench/statistics.ts";

it("takes the middle of numbers, and the mean of the two in the middle", () => {
  expect([median([9, 1, 10]), median([4, 1, 2, 30])]).toEqual([9, 3]);
});

it("takes quantiles by nearest rank", () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
  expect([quantile(hundred, 0.5), quantile(hundred, 0.99), quantile([7], 0.99)]).toEqual([50, 99, 7]);
});

it("compares rates round by round", () => {
  expect(ratio([10, 20, 300], [10, 10, 100])).toBe(2);
});

it("never lets two connections change the same user, and knows the version that each is at", () => {
  const changed = Array.from({ length: 3 * LANES + 5 }, (_, at) => `u-${at}`);
  const patch = OPERATIONS.find(({ name }) => name === "patch");
  const next = patch?.calls({ people: [], admins: ["a"], changed, signUpsAt: "on" });
  const lanes = new Map<string, Set<number>>();
  const versions = new Map<string, number[]>();
  for (let turn = 0; turn < 10; turn += 1) {
    for (let lane = 0; lane < LANES; lane += 1) {
      const { path, body } = next?.(lane, turn) ?? { path: "", body: {} };
      lanes.set(path, (lanes.get(path) ?? new Set()).add(lane));
      versions.set(path, [...(versions.get(path) ?? []), (body as { version: number }).version]);
    }
  }
  expect(lanes.size).toBe(changed.length);
  expect([...lanes.values()].every(({ size }) => size === 1)).toBe(true);
  expect([...versions.values()].every((each) => each.every((version, at) => version === at))).toBe(true);
});
