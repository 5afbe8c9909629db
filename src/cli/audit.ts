import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import type { JWK } from "jose";
import { report } from "./audit-findings.ts";
import { type AuditLog, linesIn, logIn, logOf } from "./audit-log.ts";
import { keySet } from "./key-sets.ts";

/** `npm run audit`: whether the log is as it was written, and a copy of it. Ends with 1 when it is not, with 2 when nobody knows. */

const USAGE = `npm run audit -- verify [--file <copy>] [--remote] [--keys <file or URL>]    check the log, or a copy
npm run --silent audit -- export [--remote] > <copy>                        copy it, as JSON Lines`;

try {
  const options = { file: { type: "string" }, keys: { type: "string" }, remote: { type: "boolean" } } as const;
  const { positionals, values } = parseArgs({ options, allowPositionals: true });
  const { file, keys, remote = false } = values;
  const inDatabase = async (work: (log: AuditLog) => Promise<void>) => {
    // A copy is checked without what it takes to run a database.
    const { withDatabase } = await import("./database.ts");
    return withDatabase(remote, async (query) => work(await logIn(query)));
  };
  switch (positionals.join(" ")) {
    case "verify": {
      const known = await keysFrom(keys);
      const verify = async (log: AuditLog) => tell(await report(log, known));
      await (file === undefined ? inDatabase(verify) : verify(logOf(file)));
      break;
    }
    case "export":
      await inDatabase((log) => pipeline(Readable.from(linesIn(log)), process.stdout));
      break;
    default:
      throw new Error(USAGE);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

function tell({ isWhole, lines }: Awaited<ReturnType<typeof report>>): void {
  for (const line of lines) (isWhole ? console.log : console.error)(line);
  process.exitCode = isWhole ? 0 : 1;
}

/** The keys that checkpoints may be signed by: a set that is named, else that of the environment, else that of `.dev.vars`. */
async function keysFrom(source: string | undefined): Promise<JWK[]> {
  const { keys } = source
    ? JSON.parse(await textAt(source))
    : JSON.parse(process.env["JWT_KEYS"] || "null") || keySet("JWT_KEYS");
  if (!Array.isArray(keys)) throw new Error("The keys are not a JSON Web Key Set.");
  return keys;
}

async function textAt(source: string): Promise<string> {
  if (!/^https?:/.test(source)) return readFile(source, "utf8");
  const answer = await fetch(source);
  if (!answer.ok) throw new Error(`${source} answers ${answer.status}.`);
  return answer.text();
}
