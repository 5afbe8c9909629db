import type { Ratio, Result } from "./race.ts";

/** Columns as wide as their widest cell; the first one to the left, the others to the right. */
export function table(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row) =>
      row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join("  "),
    )
    .join("\n");
}

const rate = (value: number | undefined) => (value === undefined ? "–" : value.toFixed(value < 100 ? 1 : 0));

const compared = (ratio: Ratio | undefined) =>
  ratio
    ? `${ratio.is.toFixed(2)} (cpu ${ratio.byCpu.toFixed(2)}) ${ratio.is >= ratio.target ? "≥" : "MISSED"} ${ratio.target}`
    : "–";

/** The table of the targets: answers a second, and how they compare with what they should. */
export function speedTable(results: Result[]): string {
  const head = [
    "operation",
    "limit/s",
    "off/s",
    "off:limit",
    "on/s",
    "on:limit",
    "better-auth/s",
    "on:better-auth",
    "p50 ms",
    "p99 ms",
  ];
  const rows = results.map(({ operation, measured, ratios }) => [
    operation.title,
    rate(measured.limit?.rate),
    rate(measured.off?.rate),
    compared(ratios.off),
    rate(measured.on?.rate),
    compared(ratios.on),
    rate(measured.rival?.rate),
    compared(ratios.rival),
    measured.on?.p50.toFixed(1) ?? "–",
    measured.on?.p99.toFixed(1) ?? "–",
  ]);
  return table([head, ...rows]);
}
