import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shownTime, zonedTime } from "../../src/core/times.ts";

describe("times with an offset", () => {
  it("are shown as they were given, whole seconds, for every instant and offset", () => {
    const instants = fc.integer({ min: 86_400_000, max: Date.UTC(9998, 0) });
    fc.assert(
      fc.property(instants, fc.integer({ min: -1439, max: 1439 }), (at, offset) => {
        const whole = Math.floor(at / 1000) * 1000;
        expect(zonedTime(shownTime(whole, offset))).toEqual({ at: whole, offset });
      }),
    );
  });

  it.each([
    ["2019-07-29T12:43:27-05:00", "2019-07-29T12:43:27-05:00"],
    ["2019-07-29T12:43:27.999Z", "2019-07-29T12:43:27+00:00"],
    ["2019-07-29T12:43Z", "2019-07-29T12:43:00+00:00"],
    ["2024-02-29T00:00:00+23:59", "2024-02-29T00:00:00+23:59"],
  ])("%s is shown as %s", (text, shown) => {
    const time = zonedTime(text);
    expect(time && shownTime(time.at, time.offset)).toBe(shown);
  });

  it.each([
    "2019-07-29",
    "2019-07-29T12:43:27",
    "2019-02-29T00:00:00Z",
    "2019-13-01T00:00:00Z",
    "2019-07-29T24:00:00Z",
    "2019-07-29T12:60:00Z",
    "2019-07-29T12:43:60Z",
    "1969-12-31T23:59:59Z",
    "2019-07-29T12:43:27+24:00",
    "2019-07-29 12:43:27Z",
    "2019-07-29t12:43:27z",
    "2019-07-29T12:43:27+0500",
    "",
    "now",
  ])("%s is none", (text) => {
    expect(zonedTime(text)).toBeUndefined();
  });

  it("refuse or read any text without a throw", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => zonedTime(text)).not.toThrow();
      }),
    );
  });
});
