import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");

/** Where `npm start` keeps its state. */
export const stateFolder = (): string => resolve(ROOT, process.env["STATE_DIR"] || ".wrangler/state");

/** Runs wrangler on this project; gives what it printed, and throws what it complained of. */
export function wrangler(args: string[], vars: Record<string, string> = {}): string {
  const env = { ...process.env, ...vars, WRANGLER_SEND_METRICS: "false", CI: "true" };
  // By its file and this very Node, whatever is first on the PATH.
  const command = [join(ROOT, "node_modules/wrangler/bin/wrangler.js"), ...args];
  const options = { cwd: ROOT, env, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, command, options);
  if (status !== 0) throw new Error(`wrangler ${args[0]} failed:\n${stdout ?? ""}${stderr ?? ""}`);
  return stdout;
}
