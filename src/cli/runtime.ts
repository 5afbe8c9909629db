import { readdirSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import type { askingWorker } from "./database.ts";
import type { Vars } from "./dev-vars.ts";
import { ROOT } from "./wrangler.ts";

/** Beside the state, so that servers that start at the same time do not write over each other's. */
export const bundleIn = (state: string): string => join(state, "bundle");

/** The modules of a folder that a Worker was built into, the served one first. */
export const modulesIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".js") || name.endsWith(".wasm"))
    // The first module is the one that is served.
    .sort((one) => (one === "index.js" ? -1 : 1))
    .map((name) => ({
      type: name.endsWith(".js") ? ("ESModule" as const) : ("CompiledWasm" as const),
      path: join(folder, name),
    }));

/** The Worker that was built into a folder of state. */
export function builtWorker(state: string, bindings: Vars) {
  const bundle = bundleIn(state);
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, "wrangler.toml"));
  const all = { ...(workerOptions["bindings"] as Vars), ...bindings };
  return { ...workerOptions, modules: modulesIn(bundle), modulesRoot: bundle, bindings: all };
}

/** What runs the Worker that was built into a folder of state, on that state, and others beside it. */
export function runtimeOptions(state: string, bindings: Vars, ...others: ReturnType<typeof askingWorker>[]) {
  return convertV4MiniflareOptions({
    workers: [builtWorker(state, bindings), ...others],
    cf: false,
    logRequests: false,
    resourcePersistencePath: join(state, "v3"),
  });
}
