import type { Row } from "./kinds.ts";
import type { Line } from "./lines-in.ts";
import type { KindName } from "./shapes.ts";

/** D1 takes statements of 100 KB, and a program arguments of 128. */
export const PORTION_BYTES = 92_000;
/** What a row grows by on its way into a statement. */
const ROW_BYTES = 100;

/** What a row takes of a statement. */
export const bytesOf = (row: Row): number => Buffer.byteLength(JSON.stringify(row).replaceAll("'", "''")) + ROW_BYTES;

/** Lines in their order, as many of one kind together as fit into a statement. */
export async function* portionsOf<L extends Line>(lines: AsyncIterable<L>): AsyncGenerator<[KindName, L[]]> {
  let portion: L[] = [];
  let bytes = 0;
  for await (const line of lines) {
    const more = bytesOf(line.row);
    const [first] = portion;
    if (first && (first.kind !== line.kind || bytes + more > PORTION_BYTES)) {
      yield [first.kind, portion];
      [portion, bytes] = [[], 0];
    }
    portion.push(line);
    bytes += more;
  }
  const [first] = portion;
  if (first) yield [first.kind, portion];
}
