import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clockIn, endOfDay, startOfDay, UTC } from "../../src/http/html/clock.ts";

const MINUTE_MS = 60_000;

/** Zones whose clocks are put forward and back at night, never at midnight, and those of odd offsets. */
const ZONES = ["UTC", "Europe/Amsterdam", "America/New_York", "Asia/Tokyo", "Asia/Kathmandu", "Australia/Lord_Howe"];

const days = fc
  .date({ min: new Date("2020-01-01"), max: new Date("2035-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

describe("the clock of a reader", () => {
  it.each(ZONES)("in %s shows midnight when a day begins, and the minute before it another day", (zone) => {
    const clock = clockIn(zone) ?? expect.fail();
    fc.assert(
      fc.property(days, (day) => {
        const begins = startOfDay(clock, day) ?? expect.fail();
        expect(clock.timeOf(begins)).toBe(`${day} 00:00`);
        expect(clock.timeOf(begins - MINUTE_MS).slice(11)).toBe("23:59");
        const next = new Date(Date.parse(day) + 36 * 60 * MINUTE_MS).toISOString().slice(0, 10);
        expect(endOfDay(clock, day)).toBe(startOfDay(clock, next));
      }),
    );
  });

  it("is one and the same for all pages of a zone", () => {
    for (const zone of ZONES) expect(clockIn(zone)).toBe(clockIn(zone) ?? expect.fail());
    expect(clockIn("Asia/Tokyo")).not.toBe(clockIn("Asia/Kathmandu"));
  });

  it("knows what is no day and what is no zone", () => {
    for (const day of ["", "x", "2026-13-01", "2026-1-1", "2026-11-22T00:00"]) {
      expect([startOfDay(UTC, day), endOfDay(UTC, day)]).toEqual([undefined, undefined]);
    }
    for (const zone of [undefined, "", "Mars/Olympus", "+01:00", "../etc", "x".repeat(99)]) {
      expect(clockIn(zone)).toBeUndefined();
    }
  });
});
