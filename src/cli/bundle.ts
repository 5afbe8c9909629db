import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildWorker } from "./build.ts";
import { ROOT } from "./wrangler.ts";

/** `npm run bundle`: builds what is deployed, tells how large it is, and fails when too much of it is loaded at every start. */

const START_KIB_MAX = 140;

const { outputs } = await buildWorker(join(ROOT, ".wrangler/bundle"));
const start = loadedAtStart();
const total = sum(start.map(gzipped));

console.log(`Loaded at start: ${kib(total)} KiB gzipped, of ${START_KIB_MAX} at most; most of it, before gzip:`);
for (const [name, bytes] of origins().slice(0, 12)) console.log(row(bytes, name));
console.log("Loaded on demand, gzipped:");
for (const [file, { entryPoint }] of Object.entries(outputs)) {
  if (entryPoint !== undefined && !start.includes(file)) console.log(row(gzipped(file), entryPoint));
}
if (total > START_KIB_MAX * 1024) {
  console.error("That is too much: load what is seldom needed by import().");
  process.exit(1);
}

/** The files that the entry imports, directly or not. */
function loadedAtStart(): string[] {
  const files = new Set(Object.keys(outputs).filter((file) => outputs[file]?.entryPoint === "src/index.ts"));
  for (const file of files) {
    for (const { kind, path } of outputs[file]?.imports ?? []) {
      if (kind === "import-statement" && path in outputs) files.add(path);
    }
  }
  return [...files];
}

/** How much of what is loaded at start came from each package and each of our folders, most first. */
function origins(): [name: string, bytes: number][] {
  const bytes = new Map<string, number>();
  for (const { inputs } of start.flatMap((file) => outputs[file] ?? [])) {
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      const [name = input] = /(?<=node_modules\/)(?:@[^/]+\/)?[^/]+|^src\/[^/]+/.exec(input) ?? [];
      bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
    }
  }
  return [...bytes].sort(([, one], [, other]) => other - one);
}

function gzipped(file: string): number {
  return gzipSync(readFileSync(join(ROOT, file))).byteLength;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function kib(bytes: number): string {
  return (bytes / 1024).toFixed(1);
}

function row(bytes: number, name: string): string {
  return `${kib(bytes).padStart(8)} KiB  ${name}`;
}
