import { type Query, withDatabase } from "./database.ts";
import { type KeySet, keySet, MAKERS, putKeySet, type SetName } from "./key-sets.ts";
import { reseal, rowsByKey } from "./sealed-rows.ts";

/**
 * `npm run keys`: the keys of `.dev.vars`. Of each set the first key signs or seals and all verify or open, so that a fresh one
 * logs nobody out and closes nothing.
 */

const USAGE = `npm run keys -- rotate [sealing]         a fresh key for signing, or for sealing
npm run keys -- reseal [--remote]        seal everything under the newest key
npm run keys -- drop <kid> [--remote]    remove a key
npm run keys -- show [sealing]           print a set, for \`wrangler secret put\``;

const args = process.argv.slice(2).filter((arg) => arg !== "--remote");
const isRemote = process.argv.includes("--remote");
const [command, given = ""] = args;
const named: SetName = given === "sealing" ? "SEALING_KEYS" : "JWT_KEYS";

try {
  switch (command) {
    case "rotate":
      await rotate(named);
      break;
    case "reseal":
      await withDatabase(isRemote, resealAll);
      break;
    case "drop":
      await drop(given);
      break;
    case "show":
      console.log(JSON.stringify(keySet(named)));
      break;
    default:
      throw new Error(USAGE);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function rotate(name: SetName): Promise<void> {
  const fresh = JSON.parse(await MAKERS[name]()) as KeySet;
  const { keys } = keySet(name);
  await putKeySet(name, { keys: [...fresh.keys, ...keys] });
  const [newest] = fresh.keys;
  const older = keys.map(({ kid }) => kid);
  console.log(name === "JWT_KEYS" ? afterSigning(newest?.kid, older) : afterSealing(newest?.kid, older));
}

function afterSigning(newest: string | undefined, older: string[]): string {
  return `Key ${newest} signs from now on; ${older.join(", ")} still verifies.

Locally: restart \`npm start\`.
Deployed: npm run --silent keys -- show | npx wrangler secret put JWT_KEYS
In JWT_REFRESH_SECONDS (a week), when nobody holds an older token any more, remove each older key:
${older.map((kid) => `  npm run keys -- drop ${kid}`).join("\n")}`;
}

function afterSealing(newest: string | undefined, older: string[]): string {
  return `Key ${newest} seals from now on; ${older.join(", ")} still opens.

Locally: restart \`npm start\`, then npm run keys -- reseal
Deployed: npm run --silent keys -- show sealing | npx wrangler secret put SEALING_KEYS
          npm run keys -- reseal --remote
Then remove each older key, with --remote where it is deployed, and put the secret again:
${older.map((kid) => `  npm run keys -- drop ${kid}`).join("\n")}`;
}

/** The environment wins over `.dev.vars`, as it does for `npm start`. */
function sealing(): KeySet {
  const text = process.env["SEALING_KEYS"];
  return text ? JSON.parse(text) : keySet("SEALING_KEYS");
}

async function resealAll(query: Query): Promise<void> {
  const keys = sealing();
  const { resealed, closed } = await reseal(query, keys, console.log);
  console.log(`${resealed} rows are sealed under ${keys.keys[0]?.kid} now.`);
  for (const [kid, count] of closed) console.error(`${count} rows cannot be opened with the key ${kid}.`);
  const left = [...(await rowsByKey(query))].filter(([kid]) => kid !== keys.keys[0]?.kid && !closed.has(kid));
  for (const [kid, count] of left) {
    console.error(`${count} rows came under ${kid} meanwhile: let the server have the new key, then do this again.`);
  }
  if (closed.size + left.length > 0) process.exitCode = 1;
}

async function drop(kid: string): Promise<void> {
  const [signing, sealed] = (["JWT_KEYS", "SEALING_KEYS"] as const).map((name) => ({ name, keys: keySet(name).keys }));
  const found = [signing, sealed].find((set) => set?.keys.some((key) => key.kid === kid));
  if (!found) {
    const known = [signing, sealed].flatMap((set) => set?.keys.map((key) => key.kid) ?? []);
    throw new Error(`There is no key ${kid}; there are ${known.join(", ")}.`);
  }
  const left = found.keys.filter((key) => key.kid !== kid);
  if (left.length === 0) throw new Error("The only key has to stay.");
  if (found.name === "SEALING_KEYS") await mustBeUnused(kid, found.keys[0]?.kid);
  await putKeySet(found.name, { keys: left });
  const deed = found.name === "SEALING_KEYS" ? "nothing is sealed under it" : "what it signed is refused";
  console.log(`Key ${kid} is gone; ${deed} after a restart, or after the secret is put again.`);
}

async function mustBeUnused(kid: string, newest: string | undefined): Promise<void> {
  if (kid === newest) throw new Error("This is the key that seals.");
  const count = (await withDatabase(isRemote, rowsByKey)).get(kid) ?? 0;
  if (count > 0) throw new Error(`${count} rows are still sealed under it: npm run keys -- reseal`);
}
