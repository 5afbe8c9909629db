import type { Approvals, Day, Statistics } from "../../../core/statistics.ts";
import { Chart } from "../../html/chart.tsx";

/** What happened day by day, drawn. */
export function Charts({ of: { days, approvals, incomplete } }: { of: Statistics }) {
  const values = <K extends keyof Day>(name: K): Day[K][] => days.map((day) => day[name]);
  const sum = (name: "signIns" | "refusedSignIns" | "made" | "completed" | "cancelled") =>
    values(name).reduce((total, count) => total + count, 0);
  const { unit, ms } = unitFor(days);
  const waits = (name: "medianMs" | "ninetiethMs") => values(name).map((wait) => (wait === null ? null : wait / ms));
  const dates = values("day");
  return (
    <>
      <div class="charts">
        <Chart
          title="Log-ins"
          gist={`${sum("signIns")} log-ins, and ${sum("refusedSignIns")} refused.`}
          days={dates}
          how="stacked"
          bars={[
            { name: "Let in", look: "plain", values: values("signIns") },
            { name: "Refused", look: "bad", values: values("refusedSignIns") },
          ]}
          empty="Nobody has logged in."
        />
        <Chart
          title="Tasks"
          gist={`${sum("made")} asked for, ${sum("completed")} done, ${sum("cancelled")} denied, cancelled or too old.`}
          days={dates}
          how="grouped"
          bars={[
            { name: "Asked for", look: "hollow", values: values("made") },
            { name: "Done", look: "plain", values: values("completed") },
            { name: "Given up", look: "bad", values: values("cancelled") },
          ]}
          empty="Nobody has asked for anything."
        />
        <Chart
          title="Time to approval"
          gist={gistOf(approvals)}
          days={dates}
          how="grouped"
          bars={[{ name: "Half within", look: "plain", values: waits("medianMs") }]}
          line={{ name: "Nine in ten within", values: waits("ninetiethMs") }}
          unit={unit}
          empty="Nobody has approved of anything. What approves itself is not counted."
        />
      </div>
      {incomplete.length > 0 && (
        <p class="hint">
          There was so much of it that only the newest events are counted: the first days may lack some.
        </p>
      )}
    </>
  );
}

const MINUTE = { unit: "min", ms: 60_000 };
const UNITS = [{ unit: "d", ms: 86_400_000 }, { unit: "h", ms: 3_600_000 }, MINUTE];

/** The largest unit of which the longest wait is more than two. */
const unitFor = (days: Day[]) => {
  const longest = Math.max(...days.map(({ ninetiethMs }) => ninetiethMs ?? 0));
  return UNITS.find(({ ms }) => longest > 2 * ms) ?? MINUTE;
};

const gistOf = ({ approved, medianMs, ninetiethMs }: Approvals) =>
  `${approved} approved, half of them within ${wait(medianMs)}, nine in ten within ${wait(ninetiethMs)}.`;

function wait(ms: number | null): string {
  const { unit, ms: length } = UNITS.find((each) => (ms ?? 0) > 2 * each.ms) ?? MINUTE;
  return `${Math.round((ms ?? 0) / length)} ${unit}`;
}
