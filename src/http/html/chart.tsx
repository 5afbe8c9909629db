import { Table } from "./parts.tsx";
import { AREA, HEIGHT, type Plotted, plotOf, type Values, WIDTH } from "./plot.ts";

/** What is told of each day; `look` is how its bars look. */
export interface Series {
  name: string;
  look: "plain" | "hollow" | "bad";
  values: Values;
}

interface ChartProps extends Pick<Plotted, "how"> {
  title: string;
  /** What there is to be seen, in a sentence, for whoever cannot. */
  gist: string;
  /** As 2026-11-22, the last one being today. */
  days: string[];
  bars: Series[];
  line?: Omit<Series, "look">;
  /** What values are counted in, where they are no numbers of things. */
  unit?: string;
  /** What stands there as long as there is nothing to be seen. */
  empty: string;
}

/** A plot of days with bars, perhaps a line above them, and a table of its numbers behind it. */
export function Chart({ title, gist, days, bars, how, line, unit = "", empty }: ChartProps) {
  const all = [...bars, ...(line ? [line] : [])];
  if (!all.some(({ values }) => values.some((value) => value !== null && value > 0))) {
    return (
      <section class="chart">
        <h3>{title}</h3>
        <p class="empty">{empty}</p>
      </section>
    );
  }
  return (
    <section class="chart">
      <h3>{title}</h3>
      <Keys bars={bars} line={line} />
      <Drawing gist={gist} unit={unit} days={days} bars={bars} how={how} line={line} />
      <details>
        <summary>The numbers</summary>
        <Table
          caption={title}
          columns={["Day", ...all.map(({ name }) => name)]}
          rows={days.map((day, at) => [day, ...all.map(({ values }) => exact(values[at], unit))]).reverse()}
          empty=""
        />
      </details>
    </section>
  );
}

const Keys = ({ bars, line }: Pick<ChartProps, "bars"> & { line: ChartProps["line"] | undefined }) => (
  <ul class="keys">
    {bars.map(({ name, look }) => (
      <li class={look}>{name}</li>
    ))}
    {line && <li class="line">{line.name}</li>}
  </ul>
);

type Drawn = Pick<ChartProps, "gist" | "days" | "bars" | "how"> & {
  unit: string;
  line: ChartProps["line"] | undefined;
};

function Drawing({ gist, days, bars, how, line, unit }: Drawn) {
  const places = days.map((day, at) => (at === days.length - 1 ? "today" : day.slice(5)));
  const plot = plotOf({ places, bars: bars.map(({ values }) => values), how, line: line?.values });
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={gist}>
      {plot.marks.map(({ y, value }) => (
        <>
          <path class="mark" d={`M${AREA.left},${fine(y)}H${AREA.right}`} />
          <text x={AREA.left - 4} y={fine(y + 4)} text-anchor="end">
            {short.format(value)} {value > 0 && unit}
          </text>
        </>
      ))}
      {plot.names.map(({ x, name }) => (
        <text
          x={fine(x)}
          y={HEIGHT - 4}
          text-anchor={name === "today" ? "end" : "middle"}
          dx={name === "today" ? 10 : 0}
        >
          {name}
        </text>
      ))}
      {plot.bars.map(({ of, x, y, width, height }) => (
        <rect class={bars[of]?.look} x={fine(x)} y={fine(y)} width={fine(width)} height={fine(height)} />
      ))}
      {plot.line && <path class="line" d={plot.line} />}
      {plot.points.map(({ x, y }) => (
        <circle class="point" cx={fine(x)} cy={fine(y)} r="2.5" />
      ))}
    </svg>
  );
}

/** As fine as anybody can see. */
const fine = (length: number): number => Math.round(length * 100) / 100;

const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const long = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const exact = (value: number | null | undefined, unit: string): string =>
  value == null ? "–" : `${long.format(value)}${unit && ` ${unit}`}`;
