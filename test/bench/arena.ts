import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import type { Vars } from "../../src/cli/dev-vars.ts";
import { builtWorker, bundleIn, modulesIn } from "../../src/cli/runtime.ts";
import { sealingKeys, signingKeys } from "../../src/cli/secrets.ts";
import { ROOT, wrangler } from "../../src/cli/wrangler.ts";

export const ADMIN = { name: "admin", password: "the administrator of the bench" };

/** Who is measured. `off` and `on` are Ostiary without and with snapshots of actors. */
export const CONTESTANTS = ["limit", "off", "on", "rival"] as const;
export type Contestant = (typeof CONTESTANTS)[number];

/** One runtime with every Worker of the bench in it, on stores of its own. */
export interface Arena {
  state: string;
  miniflare: Miniflare;
  url(worker: string): Promise<string>;
  /** Runs statements as one batch in the D1 of a Worker; gives the rows of each. */
  query(worker: string, statements: string[]): Promise<Record<string, unknown>[][]>;
  /** How long its process has worked so far, in milliseconds of CPU; NaN where that cannot be known. */
  cpuMs(): number;
  dispose(): Promise<void>;
}

/** What wrangler makes of the configuration besides is not in its types. */
type Worker = ReturnType<typeof builtWorker> & { name: string; compatibilityDate?: string };

/** Builds the Worker as it is deployed, into an empty folder of state. */
export function builtState(): string {
  const state = mkdtempSync(join(tmpdir(), "ostiary-bench-"));
  wrangler(["deploy", "--dry-run", "--outdir", bundleIn(state)]);
  return state;
}

/** The settings of every Ostiary of the bench. */
export async function settings(): Promise<Vars> {
  return {
    ADMIN_USERNAME: ADMIN.name,
    ADMIN_PASSWORD: ADMIN.password,
    ACCESS_API_KEY: "the access key of the bench",
    JWT_KEYS: await signingKeys(),
    SEALING_KEYS: sealingKeys(),
    MAIL_TRANSPORT: "outbox",
    PASSWORD_POLICY: "basic",
    // Nothing is refreshed while it is measured.
    JWT_TTL_SECONDS: "86400",
    JWT_REFRESH_SECONDS: "604800",
  };
}

const socket = { unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] };

/** Ostiary as a Worker of this name, on a D1 and a KV of the name `store`. */
export function ostiary(name: string, store: string, state: string, bindings: Vars): Worker {
  const worker = builtWorker(state, bindings);
  return {
    ...worker,
    ...socket,
    name,
    d1Databases: { DB: { id: store } },
    kvNamespaces: { TOKENS: { id: store } },
    // Log-ins by the thousand come from one address here.
    ratelimits: { PASSWORD_TRIES: { namespace_id: "1001", simple: { limit: 1_000_000, period: 60 } } },
  } as Worker;
}

/** The same with a meter on its stores (`workers/metered.js`). */
export function meteredOstiary(name: string, store: string, state: string, bindings: Vars): Worker {
  const worker = ostiary(name, store, state, bindings);
  const contents = readFileSync(join(import.meta.dirname, "workers/metered.js"), "utf8");
  const entry = { type: "ESModule" as const, path: join(bundleIn(state), "metered.js"), contents };
  return { ...worker, modules: [entry, ...worker.modules] };
}

/** A Worker of the bench's own, built from `workers/`. */
export async function ownWorker(name: string, state: string, bindings: Vars, more: object): Promise<Worker> {
  const outdir = join(state, "own", name);
  mkdirSync(outdir, { recursive: true });
  await build({
    entryPoints: [join(import.meta.dirname, `workers/${name}.ts`)],
    outfile: join(outdir, "index.js"),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    loader: { ".wasm": "copy" },
    logLevel: "error",
  });
  const { compatibilityDate } = ostiary(name, name, state, {});
  const modules = modulesIn(outdir);
  return { name, compatibilityDate, modules, modulesRoot: outdir, bindings, ...socket, ...more } as unknown as Worker;
}

/** Starts Workers in one runtime. */
export async function openArena(state: string, workers: Worker[], inspectorPort?: number): Promise<Arena> {
  const miniflare = new Miniflare({
    ...convertV4MiniflareOptions({
      workers,
      cf: false,
      logRequests: false,
      resourcePersistencePath: join(state, "v3"),
      ...(inspectorPort !== undefined && { inspectorPort }),
    }),
    handleStructuredLogs: ({ level, message }) => {
      if (level === "error") process.stderr.write(`${message}\n`);
    },
  });
  const before = workerds();
  await miniflare.ready;
  const pid = workerds().find((each) => !before.includes(each));
  return {
    state,
    miniflare,
    url: async (worker) => (await miniflare.unsafeGetDirectURL(worker)).origin,
    async query(worker, statements) {
      const db = await miniflare.getD1Database("DB", worker);
      const results = await db.batch<Record<string, unknown>>(statements.map((sql) => db.prepare(sql)));
      return results.map(({ results: rows }) => rows);
    },
    cpuMs: () => (pid === undefined ? Number.NaN : cpuMsOf(pid)),
    async dispose() {
      await miniflare.dispose();
      rmSync(state, { recursive: true, force: true });
    },
  };
}

/** Brings the D1 of a Worker to the newest schema. */
export async function migrate(arena: Arena, worker: string): Promise<void> {
  const folder = join(ROOT, "migrations");
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort()) {
    const statements = readFileSync(join(folder, file), "utf8").split("--> statement-breakpoint");
    await arena.query(worker, statements);
  }
}

/** The runtimes that this process has started, where the system tells. */
function workerds(): string[] {
  if (!existsSync("/proc/self/stat")) return [];
  return readdirSync("/proc").filter((pid) => /^[0-9]+$/.test(pid) && statOf(pid)[1] === String(process.pid));
}

/** The fields of /proc/<pid>/stat behind the name, from the state on (proc_pid_stat(5)). */
function statOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
  } catch {
    return [];
  }
}

const TICK_MS = 10;
const cpuMsOf = (pid: string): number => (Number(statOf(pid)[11]) + Number(statOf(pid)[12])) * TICK_MS;
