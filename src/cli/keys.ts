import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { signingKeys } from "./secrets.ts";

/**
 * `npm run keys -- rotate`: puts a fresh signing key before those of `.dev.vars` and says what to do. The first key signs,
 * all verify, so that nobody is logged out. `npm run keys -- drop <kid>` removes one that has signed nothing for long enough;
 * `npm run keys -- show` prints the set, for `wrangler secret put`.
 */

interface KeySet {
  keys: { kid: string }[];
}

const FILE = join(resolve(import.meta.dirname, "../.."), ".dev.vars");

const [command, kid] = process.argv.slice(2);
switch (command) {
  case "rotate":
    await rotate();
    break;
  case "drop":
    await drop(kid ?? "");
    break;
  case "show":
    console.log(JSON.stringify(known()));
    break;
  default:
    fail("npm run keys -- rotate | drop <kid> | show");
}

async function rotate(): Promise<void> {
  const fresh = JSON.parse(await signingKeys()) as KeySet;
  const { keys } = known();
  await put({ keys: [...fresh.keys, ...keys] });
  const [newest] = fresh.keys;
  console.log(`Key ${newest?.kid} signs from now on; ${keys.map((key) => key.kid).join(", ")} still verifies.

Locally: restart \`npm start\`.
Deployed: npm run --silent keys -- show | npx wrangler secret put JWT_KEYS
In JWT_REFRESH_SECONDS (a week), when nobody holds an older token any more, remove each older key:
${keys.map((key) => `  npm run keys -- drop ${key.kid}`).join("\n")}`);
}

async function drop(id: string): Promise<void> {
  const { keys } = known();
  const left = keys.filter((key) => key.kid !== id);
  if (left.length === keys.length) fail(`There is no key ${id}; there are ${keys.map((key) => key.kid).join(", ")}.`);
  if (left.length === 0) fail("The only key has to stay.");
  await put({ keys: left });
  console.log(`Key ${id} is gone; what it signed is refused after a restart, or after the secret is put again.`);
}

function known(): KeySet {
  const vars = existsSync(FILE) ? parseEnv(readFileSync(FILE, "utf8")) : {};
  const text = vars["JWT_KEYS"];
  return text ? (JSON.parse(text) as KeySet) : fail("There is no JWT_KEYS in .dev.vars yet: `npm start` makes it.");
}

/** Replaces the line of the set; what else a person wrote there stays. */
async function put(set: KeySet): Promise<void> {
  const lines = readFileSync(FILE, "utf8").replace(/^JWT_KEYS=.*$/m, () => `JWT_KEYS='${JSON.stringify(set)}'`);
  await writeFile(FILE, lines, { mode: 0o600 });
}

function fail(why: string): never {
  console.error(why);
  process.exit(1);
}
