import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { basename, join, relative, resolve } from "node:path";
import { ROOT } from "../../src/cli/wrangler.ts";

interface CallFrame {
  functionName: string;
  url: string;
  lineNumber: number;
  columnNumber: number;
}

/** What V8 gives (Chrome DevTools Protocol, `Profiler.Profile`): times in microseconds. */
export interface Profile {
  nodes: { id: number; callFrame: CallFrame }[];
  startTime: number;
  endTime: number;
  samples: number[];
  timeDeltas: number[];
}

const SAMPLED_US = 200;

/** Profiles a Worker while something is done, by the inspector of the runtime. */
export async function profiled(inspector: URL, worker: string, work: () => Promise<unknown>): Promise<Profile> {
  const debugger_ = new WebSocket(`ws://${inspector.host}/core:user:${worker}`);
  const waiting = new Map<number, (result: { profile: Profile }) => void>();
  debugger_.addEventListener("message", ({ data }) => {
    const { id, result } = JSON.parse(String(data));
    waiting.get(id)?.(result);
  });
  await new Promise((resolve, reject) => {
    debugger_.addEventListener("open", resolve);
    debugger_.addEventListener("error", () => reject(new Error(`the inspector knows no ${worker}`)));
  });
  const tell = (method: string, params: object = {}) =>
    new Promise<{ profile: Profile }>((resolve) => {
      const id = waiting.size + 1;
      waiting.set(id, resolve);
      debugger_.send(JSON.stringify({ id, method, params }));
    });
  await tell("Profiler.enable");
  await tell("Profiler.setSamplingInterval", { interval: SAMPLED_US });
  await tell("Profiler.start");
  await work();
  const { profile } = await tell("Profiler.stop");
  debugger_.close();
  return profile;
}

/** The functions that took most of the time themselves: share of all that was not idle, and where they stand. */
export function hottest(profile: Profile, bundle: string, count: number): [share: number, place: string][] {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map<string, number>();
  const placeOf = placesIn(bundle);
  for (const [at, id] of profile.samples.entries()) {
    const frame = frames.get(id);
    if (!frame || frame.functionName === "(idle)") continue;
    const place = placeOf(frame);
    times.set(place, (times.get(place) ?? 0) + (profile.timeDeltas[at] ?? 0));
  }
  const busy = [...times.values()].reduce((sum, time) => sum + time, 0);
  const sorted = [...times].sort(([, one], [, other]) => other - one).slice(0, count);
  return sorted.map(([place, time]) => [time / busy, place]);
}

/** Names a function by the source that it came from, and how it begins there. */
function placesIn(bundle: string): (frame: CallFrame) => string {
  const maps = new Map<string, SourceMap | undefined>();
  return ({ functionName, url, lineNumber, columnNumber }) => {
    const file = basename(url);
    if (!maps.has(file)) maps.set(file, mapOf(join(bundle, `${file}.map`)));
    const map = maps.get(file);
    const entry = map?.findEntry(lineNumber, columnNumber);
    if (!map || !entry || !("originalSource" in entry)) return `${functionName || "(anonymous)"} ${file}`.trim();
    const { originalSource, originalLine } = entry;
    const text = map.payload.sourcesContent?.[map.payload.sources.indexOf(originalSource)]?.split("\n")[originalLine];
    const path = relative(ROOT, resolve(bundle, originalSource));
    return `${path}:${originalLine + 1}  ${text?.trim().slice(0, 70) ?? functionName}`;
  };
}

const mapOf = (path: string) => (existsSync(path) ? new SourceMap(JSON.parse(readFileSync(path, "utf8"))) : undefined);
