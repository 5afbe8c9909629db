import { parseArgs } from "node:util";
import { progress } from "@clack/prompts";
import { check } from "./data/check.ts";
import { type Line, linesOf } from "./data/lines-in.ts";
import { portionsOf } from "./data/portions.ts";
import { batchOf } from "./data/statements.ts";
import { type Query, withDatabase } from "./database.ts";

/**
 * `npm run import [-- --remote] <file>`: the whole file is checked first, and nothing of one that has a fault is written. Then
 * it is written in batches, each of them whole or not at all; what is there already stays, so that an import that was broken
 * off is done again from the beginning. Ends with 1 for a file with faults, with 2 where it could not be done.
 */

const USAGE = "npm run import [-- --remote] <file>";

try {
  const { positionals, values } = parseArgs({ options: { remote: { type: "boolean" } }, allowPositionals: true });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new Error(USAGE);
  await withDatabase(values.remote ?? false, (query) => importFrom(file, query));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

async function importFrom(file: string, query: Query): Promise<void> {
  const { complaints, count } = await check(query, file);
  if (complaints.length > 0) {
    for (const { number, why } of complaints) console.error(`line ${number}: ${why}`);
    console.error("Nothing was imported.");
    process.exitCode = 1;
    return;
  }
  const bar = process.stderr.isTTY ? progress({ output: process.stderr, max: count }) : undefined;
  bar?.start("Importing");
  const counts = new Map<string, { all: number; written: number }>();
  for await (const [kind, lines] of portionsOf(checked(file))) {
    const [, [event] = []] = await query(
      batchOf(
        kind,
        lines.map(({ row }) => row),
        Date.now(),
      ),
    );
    const { all, written } = counts.get(kind) ?? { all: 0, written: 0 };
    counts.set(kind, { all: all + lines.length, written: written + Number(event?.["rows"] ?? 0) });
    bar?.advance(lines.length);
  }
  bar?.stop("Imported");
  for (const [kind, { all, written }] of counts)
    console.log(`${kind}: ${written} of ${all} written, the others were there`);
  if (counts.has("cloud_credential") || counts.has("controller")) {
    console.log("What is sealed opens only if SEALING_KEYS holds the keys of where it came from.");
  }
}

async function* checked(file: string): AsyncGenerator<Line> {
  for await (const line of linesOf(file)) {
    if ("why" in line) throw new Error(`line ${line.number}: ${line.why}: the file was changed meanwhile`);
    yield line;
  }
}
