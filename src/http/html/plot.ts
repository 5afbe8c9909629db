import { scaleBand, scaleLinear } from "d3-scale";
import { line, stack } from "d3-shape";

/** What a plot measures, in units of its own; on the page it is as wide as its place. */
export const WIDTH = 360;
export const HEIGHT = 190;
export const AREA = { left: 36, right: WIDTH - 2, top: 10, bottom: HEIGHT - 20 };

/** How fine the scale is, and how far it reaches at least, so that its marks are whole numbers. */
const MARKS = 4;
/** How many places apart the names of places stand. */
const NAMED_EVERY = 4;

/** Values of a place each; null where there is none. None is below 0. */
export type Values = (number | null)[];

export interface Plotted {
  /** The names of places, from left to right. */
  places: string[];
  bars: Values[];
  /** Bars of one place stand side by side, or one upon the other. */
  how: "grouped" | "stacked";
  line?: Values | undefined;
}

/** Where everything is; `of`: whose of `bars` it is. */
export interface Plot {
  bars: { of: number; x: number; y: number; width: number; height: number }[];
  /** The path of the line, as SVG writes it, and where its values are. */
  line: string | null;
  points: { x: number; y: number }[];
  /** Marks of the scale at the left, and the names of places below: of every fourth, the last one among them. */
  marks: { y: number; value: number }[];
  names: { x: number; name: string }[];
}

export function plotOf({ places, bars, how, line: drawn = [] }: Plotted): Plot {
  const x = scaleBand<number>(places.keys(), [AREA.left, AREA.right]).paddingInner(0.25).paddingOuter(0.1);
  const ofGroup = scaleBand<number>(bars.keys(), [0, x.bandwidth()]);
  const layers = stack<unknown, number, number>()
    .keys(bars.keys())
    .value((place, key) => bars[key]?.[place] ?? 0)([...places.keys()]);
  const spans =
    how === "stacked" ? layers.map((layer) => layer.map(([from, to]) => [from, to] as const)) : fromZero(bars);
  const highest = Math.max(MARKS, ...spans.flat(2), ...drawn.map((value) => value ?? 0));
  const y = scaleLinear([0, highest], [AREA.bottom, AREA.top]).nice(MARKS);
  const middle = (place: number) => (x(place) ?? 0) + x.bandwidth() / 2;
  const path = line<number | null>(
    (_, place) => middle(place),
    (value) => y(value ?? 0),
  ).defined((value) => value !== null);

  return {
    bars: spans.flatMap((ofBar, of) =>
      ofBar.flatMap(([from, to], place) => {
        const [left, width] = how === "stacked" ? [0, x.bandwidth()] : [ofGroup(of) ?? 0, ofGroup.bandwidth()];
        return to > from ? [{ of, x: (x(place) ?? 0) + left, y: y(to), width, height: y(from) - y(to) }] : [];
      }),
    ),
    line: path(drawn),
    points: drawn.flatMap((value, place) => (value === null ? [] : [{ x: middle(place), y: y(value) }])),
    marks: y.ticks(MARKS).map((value) => ({ y: y(value), value })),
    names: places.flatMap((name, place) =>
      (places.length - 1 - place) % NAMED_EVERY === 0 ? [{ x: middle(place), name }] : [],
    ),
  };
}

const fromZero = (bars: Values[]) => bars.map((values) => values.map((value) => [0, value ?? 0] as const));
