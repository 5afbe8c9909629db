import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundleIn } from "../../src/cli/runtime.ts";
import { ostiary, settings, startRuntime } from "./arena.ts";
import { median } from "./statistics.ts";

/** How large the built Worker is, gzipped, in KiB: what its entry imports by itself, and all of its modules. */
export function bundleSize(state: string): { atStart: number; all: number } {
  const folder = bundleIn(state);
  const atStart = new Set(["index.js"]);
  for (const name of atStart) {
    const text = readFileSync(join(folder, name), "latin1");
    for (const [, imported] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) atStart.add(imported ?? "");
  }
  const all = readdirSync(folder).filter((name) => name.endsWith(".js") || name.endsWith(".wasm"));
  const kib = (names: string[]) =>
    Math.round(names.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).byteLength, 0) / 1024);
  return { atStart: kib([...atStart]), all: kib(all) };
}

const TIMES = 5;
const EMPTY = "export default { fetch: () => new Response() };";

/** Milliseconds by the clock, and of the CPU of the runtime (NaN where that cannot be known). */
export interface Took {
  ms: number;
  cpuMs: number;
}

/**
 * How much longer than an empty Worker this one takes from the start of a runtime to its first answer (404 of a path that
 * nobody serves, without asking a store): the middle of several, in turns.
 */
export async function startUp(state: string): Promise<Took> {
  const built = ostiary("started", "started", state, await settings());
  const empty = { name: "started", modules: true, script: EMPTY, compatibilityDate: "2026-10-20" };
  const ms: number[] = [];
  const cpuMs: number[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    const [without, own] = [await firstAnswer(empty), await firstAnswer(built)];
    ms.push(own.ms - without.ms);
    cpuMs.push(own.cpuMs - without.cpuMs);
  }
  return { ms: median(ms), cpuMs: median(cpuMs) };
}

async function firstAnswer(worker: object): Promise<Took> {
  const begin = performance.now();
  const { miniflare, cpuMs } = await startRuntime({ workers: [worker as never] });
  await (await fetch(new URL("/nowhere", await miniflare.ready))).text();
  const took = { ms: performance.now() - begin, cpuMs: cpuMs() };
  await miniflare.dispose();
  return took;
}
