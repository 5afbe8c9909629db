import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Chart } from "../../src/http/html/chart.tsx";
import { AREA, HEIGHT, plotOf, type Values, WIDTH } from "../../src/http/html/plot.ts";
import { pageIn, textsOf } from "../support/pages.ts";

const value = fc.oneof(
  fc.nat(20),
  fc.constant(0),
  fc.double({ min: 0, max: 1e15, noNaN: true }),
  fc.constant(Number.MAX_SAFE_INTEGER),
);
const values = (length: number): fc.Arbitrary<Values> =>
  fc.array(fc.option(value), { minLength: length, maxLength: length });
const plotted = fc.integer({ min: 1, max: 31 }).chain((length) =>
  fc.record({
    places: fc.constant(Array.from({ length }, (_, at) => `day ${at}`)),
    bars: fc.array(values(length), { minLength: 1, maxLength: 4 }),
    how: fc.constantFrom("grouped" as const, "stacked" as const),
    line: fc.option(values(length), { nil: undefined }),
  }),
);

const CLOSE = 1e-6;
const isWithin = (x: number, y: number) =>
  x >= AREA.left - CLOSE && x <= AREA.right + CLOSE && y >= AREA.top - CLOSE && y <= AREA.bottom + CLOSE;

describe("a plot", () => {
  it("has all that it shows within its area, whatever the values are", () => {
    fc.assert(
      fc.property(plotted, (wanted) => {
        const plot = plotOf(wanted);
        for (const { x, y, width, height } of plot.bars) {
          expect([x, y, width, height, isWithin(x, y) && isWithin(x + width, y + height)]).toEqual([
            x,
            y,
            width,
            height,
            true,
          ]);
        }
        for (const { x, y } of plot.points) expect(isWithin(x, y)).toBe(true);
        for (const { y } of plot.marks) expect(isWithin(AREA.left, y)).toBe(true);
        expect(`${plot.line}`).not.toMatch(/NaN|Infinity/);
      }),
    );
  });

  it("draws a bar for each value that is not 0, as high as it is, and a point for each of the line", () => {
    fc.assert(
      fc.property(plotted, (wanted) => {
        const plot = plotOf(wanted);
        const isDrawn = (each: number | null) => each !== null && each > 0;
        const unitOf = plot.marks.map(({ y, value: of }) => (AREA.bottom - y) / of).at(-1) ?? 0;
        for (const [of, ofBar] of wanted.bars.entries()) {
          const heights = plot.bars.filter((bar) => bar.of === of).map(({ height }) => height);
          // What is too small beside the others may vanish where bars stand upon each other.
          if (wanted.how === "grouped") expect(heights).toHaveLength(ofBar.filter(isDrawn).length);
          const total = ofBar.reduce<number>((sum, each) => sum + (each ?? 0), 0);
          expect(heights.reduce((sum, height) => sum + height, 0)).toBeCloseTo(total * unitOf, 3);
        }
        expect(plot.points).toHaveLength((wanted.line ?? []).filter((each) => each !== null).length);
      }),
    );
  });

  it("never lets bars of one place cover each other", () => {
    fc.assert(
      fc.property(plotted, (wanted) => {
        const { bars } = plotOf(wanted);
        const apart = (one: (typeof bars)[number], other: (typeof bars)[number]) =>
          one.x + one.width <= other.x + CLOSE || one.y + one.height <= other.y + CLOSE;
        for (const one of bars)
          for (const other of bars) expect(one === other || apart(one, other) || apart(other, one)).toBe(true);
      }),
    );
  });

  it("of nothing has no bars, and a scale of whole numbers all the same", () => {
    const { bars, line, marks } = plotOf({ places: ["today"], bars: [[0]], how: "stacked" });
    expect([bars, line, marks.map(({ value: of }) => of)]).toEqual([[], null, [0, 1, 2, 3, 4]]);
  });

  it("of one value shows it, with the name of its place below", () => {
    const { bars, names } = plotOf({ places: ["today"], bars: [[1]], how: "grouped" });
    expect([bars.length, names.map(({ name }) => name)]).toEqual([1, ["today"]]);
  });

  it("names the last place, and every fourth before it", () => {
    const places = Array.from({ length: 14 }, (_, at) => String(at));
    const { names } = plotOf({ places, bars: [places.map(Number)], how: "grouped" });
    expect(names.map(({ name }) => name)).toEqual(["1", "5", "9", "13"]);
  });

  it("breaks its line where there is no value", () => {
    const { line } = plotOf({ places: ["a", "b", "c", "d"], bars: [], how: "grouped", line: [1, null, 2, 3] });
    expect(line?.match(/M/g)).toHaveLength(2);
  });
});

describe("a chart", () => {
  const chart = async (of: Values) => {
    const html = Chart({
      title: "Log-ins",
      gist: "What there is to see.",
      days: ["2026-11-21", "2026-11-22"],
      bars: [{ name: "Let in", look: "plain", values: of }],
      how: "grouped",
      unit: "h",
      empty: "Nobody has logged in.",
    });
    return pageIn({ status: 200, headers: new Headers(), text: String(await html), body: undefined });
  };

  it("has what there is to see in words, and its numbers in a table, newest first", async () => {
    const page = await chart([12_345.67, null]);
    const [svg] = page.parts.filter(({ tag }) => tag === "svg");
    expect(svg?.attributes).toMatchObject({ role: "img", "aria-label": "What there is to see." });
    expect(svg?.attributes["viewbox"] ?? svg?.attributes["viewBox"]).toBe(`0 0 ${WIDTH} ${HEIGHT}`);
    expect(textsOf(page, "td")).toEqual(["2026-11-22", "–", "2026-11-21", "12,345.7 h"]);
    expect(textsOf(page, "text").map((text) => text.trim())).toContain("15K h");
  });

  it("says so where there is nothing to be seen, without axes", async () => {
    for (const of of [[0, 0], [null, null], []] as Values[]) {
      const page = await chart(of);
      expect([textsOf(page, "p"), textsOf(page, "svg", "table")]).toEqual([["Nobody has logged in."], []]);
    }
  });
});
