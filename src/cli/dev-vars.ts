import { existsSync, readFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import { readableSecret, sealingKeys, signingKeys } from "./secrets.ts";

export type Vars = Record<string, string>;

/** What has been made for the first time, to be told to the person who started it. */
export interface DevVars {
  vars: Vars;
  made: Vars;
}

/**
 * The local secrets and settings of `.dev.vars`, completed and written where something is missing. What the environment
 * gives is not made up, so that it is not told either.
 */
export async function devVars(file: string, given: Vars): Promise<DevVars> {
  const kept: Vars = existsSync(file) ? (parseEnv(readFileSync(file, "utf8")) as Vars) : {};
  const makers: Record<string, () => string | Promise<string>> = {
    ADMIN_PASSWORD: readableSecret,
    ACCESS_API_KEY: readableSecret,
    JWT_KEYS: signingKeys,
    SEALING_KEYS: sealingKeys,
    MAIL_TRANSPORT: () => "outbox",
    PASSWORD_POLICY: () => "basic",
  };
  const made: Vars = {};
  for (const [name, make] of Object.entries(makers)) {
    if (!kept[name] && !given[name]) made[name] = await make();
  }
  const lines = Object.entries(made).map(([name, value]) => `${name}='${value}'\n`);
  // Appended, so that what a person wrote there stays.
  if (lines.length > 0) await appendFile(file, lines.join(""), { mode: 0o600 });
  return { vars: { ...kept, ...made }, made };
}
