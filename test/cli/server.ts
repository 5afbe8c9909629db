import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sealingKeys, signingKeys } from "../../src/cli/secrets.ts";

export interface Server {
  base: string;
  /** An empty folder of its own, removed at the end. */
  folder: string;
  password: string;
  log: string[];
  stop(): Promise<void>;
}

/** Runs `npm start`'s program on an empty state. */
export async function startServer(password: string, settings: Record<string, string> = {}): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-"));
  const env = {
    ...process.env,
    PORT: "0",
    STATE_DIR: join(folder, "state"),
    ADMIN_PASSWORD: password,
    ACCESS_API_KEY: "a",
    JWT_KEYS: await signingKeys(),
    SEALING_KEYS: sealingKeys(),
    MAIL_TRANSPORT: "outbox",
    PASSWORD_POLICY: "basic",
    ...settings,
  };
  const child = spawn("node", ["src/cli/start.ts"], { env, stdio: ["ignore", "pipe", "pipe"] });
  const log: string[] = [];
  const base = await addressIn(child, log);
  return { base, folder, password, log, stop: () => stop(child, folder) };
}

function addressIn(child: ChildProcess, log: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      log.push(chunk.toString());
      const address = /open at (http:\S+)/.exec(log.join(""))?.[1];
      if (address) resolve(address);
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("exit", () => reject(new Error(log.join(""))));
  });
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
