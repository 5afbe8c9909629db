import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Miniflare, type WorkerdStructuredLog } from "miniflare";
import { buildWorker } from "./build.ts";
import { askingWorker, shareDatabase } from "./database.ts";
import { devVars, type Vars } from "./dev-vars.ts";
import { bundleIn, runtimeOptions } from "./runtime.ts";
import { SETTING_NAMES } from "./setting-names.ts";
import { sourcePlaces } from "./source-places.ts";
import { ROOT, stateFolder, wrangler } from "./wrangler.ts";

/**
 * `npm start`: makes what a first start needs, brings the local D1 up to date, builds the Worker and serves it in workerd.
 * The runtime is driven without wrangler's own server, whose request log prints paths, and a task's link is a secret.
 */

const PORT_DEFAULT = 8787;
const MINUTE_MS = 60_000;

const port = portOf(process.env["PORT"]);
const state = stateFolder();
const given = givenSettings();

const { vars, made } = await devVars(join(ROOT, ".dev.vars"), given);
tellSecrets();
try {
  mkdirSync(state, { recursive: true });
} catch (error) {
  fail(`STATE_DIR cannot be used: ${error instanceof Error ? error.message : error}`);
}
try {
  wrangler(["d1", "migrations", "apply", "DB", "--local", "--persist-to", state], vars);
  await buildWorker(bundleIn(state));
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}

const inSource = sourcePlaces(bundleIn(state));
const miniflare = new Miniflare(options());
const url = await miniflare.ready.catch((error: unknown) => {
  const text = error instanceof Error ? error.message : String(error);
  return fail(/in use/.test(text) ? `Port ${port} is in use: choose another one with PORT=…` : text);
});
const sharing = await shareDatabase(miniflare);
console.log(`Ostiary is open at ${url.origin}`);
const cron = setInterval(() => void runCron(), MINUTE_MS);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    clearInterval(cron);
    sharing?.close();
    void miniflare.dispose().then(() => process.exit(0));
  });
}

function portOf(text: string | undefined): number {
  if (!text) return PORT_DEFAULT;
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  return fail(`PORT is not a port number: ${text}`);
}

function givenSettings(): Vars {
  return Object.fromEntries(SETTING_NAMES.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function options() {
  return {
    ...runtimeOptions(state, { ...vars, ...given }, askingWorker()),
    host: "localhost",
    port,
    handleStructuredLogs: ({ level, message }: WorkerdStructuredLog) => {
      (level === "error" ? process.stderr : process.stdout).write(`${inSource(message)}\n`);
    },
  };
}

/** Locally nobody else runs the cron triggers. */
async function runCron(): Promise<void> {
  const worker = await miniflare.getWorker();
  const now = new Date();
  const due = ["* * * * *", ...(now.getMinutes() === 17 ? ["17 * * * *"] : [])];
  for (const expression of due) await worker.scheduled({ cron: expression, scheduledTime: now }).catch(() => undefined);
}

/** Told once, and before anything else can fail. */
function tellSecrets(): void {
  const name = given["ADMIN_USERNAME"] ?? vars["ADMIN_USERNAME"] ?? "admin";
  if (made["ADMIN_PASSWORD"]) console.log(`Administrator: ${name}\nPassword:      ${made["ADMIN_PASSWORD"]}`);
  if (made["ACCESS_API_KEY"]) console.log(`Access key:    ${made["ACCESS_API_KEY"]}`);
  if (made["ADMIN_PASSWORD"] || made["ACCESS_API_KEY"])
    console.log("They are kept in .dev.vars and not shown again.\n");
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
