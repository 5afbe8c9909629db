import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { sealingKeys, signingKeys } from "./secrets.ts";
import { ROOT } from "./wrangler.ts";

/** A JSON Web Key Set (RFC 7517); the first key is the one in use, the others are for what older ones have made. */
export interface KeySet {
  keys: { kid: string; kty: string; [member: string]: unknown }[];
}

/** The sets of a deployment by the names of their settings, and what makes one with a fresh key. */
export const MAKERS = { JWT_KEYS: signingKeys, SEALING_KEYS: sealingKeys };
export type SetName = keyof typeof MAKERS;

const FILE = join(ROOT, ".dev.vars");

/** A set as it is in `.dev.vars`. Throws when there is none yet. */
export function keySet(name: SetName): KeySet {
  const vars = existsSync(FILE) ? parseEnv(readFileSync(FILE, "utf8")) : {};
  const text = vars[name];
  if (!text) throw new Error(`There is no ${name} in .dev.vars yet: \`npm start\` makes it.`);
  return JSON.parse(text);
}

/** Replaces the line of a set; what else a person wrote there stays. */
export async function putKeySet(name: SetName, set: KeySet): Promise<void> {
  const line = new RegExp(`^${name}=.*$`, "m");
  const lines = readFileSync(FILE, "utf8").replace(line, () => `${name}='${JSON.stringify(set)}'`);
  await writeFile(FILE, lines, { mode: 0o600 });
}
