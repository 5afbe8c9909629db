import { readdirSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import type { askingWorker } from "./database.ts";
import type { Vars } from "./dev-vars.ts";
import { ROOT } from "./wrangler.ts";

/** Beside the state, so that servers that start at the same time do not write over each other's. */
export const bundleIn = (state: string): string => join(state, "bundle");

/** What runs the Worker that was built into a folder of state, on that state, and others beside it. */
export function runtimeOptions(state: string, bindings: Vars, ...others: ReturnType<typeof askingWorker>[]) {
  const bundle = bundleIn(state);
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, "wrangler.toml"));
  const modules = readdirSync(bundle)
    .filter((name) => name.endsWith(".js") || name.endsWith(".wasm"))
    // The first module is the one that is served.
    .sort((one) => (one === "index.js" ? -1 : 1))
    .map((name) => ({
      type: name.endsWith(".js") ? ("ESModule" as const) : ("CompiledWasm" as const),
      path: join(bundle, name),
    }));
  const all = { ...(workerOptions["bindings"] as Vars), ...bindings };
  const worker = { ...workerOptions, modules, modulesRoot: bundle, bindings: all };
  return convertV4MiniflareOptions({
    workers: [worker, ...others],
    cf: false,
    logRequests: false,
    resourcePersistencePath: join(state, "v3"),
  });
}
