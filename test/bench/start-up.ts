import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundleIn } from "../../src/cli/runtime.ts";
import { ostiary, settings, startRuntime } from "./arena.ts";
import { median } from "./statistics.ts";

/** How large the built Worker is, all of its modules together, in KiB. */
export function bundleSize(state: string): { kib: number; gzippedKib: number } {
  const folder = bundleIn(state);
  const modules = readdirSync(folder).filter((name) => name.endsWith(".js") || name.endsWith(".wasm"));
  const contents = modules.map((name) => readFileSync(join(folder, name)));
  const sum = (sizes: number[]) => Math.round(sizes.reduce((total, size) => total + size, 0) / 1024);
  return {
    kib: sum(contents.map(({ byteLength }) => byteLength)),
    gzippedKib: sum(contents.map((content) => gzipSync(content).byteLength)),
  };
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
