import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { exported } from "./data/lines-out.ts";
import { withDatabase } from "./database.ts";

/** `npm run --silent export [-- --remote]`: everything but what people are logged in with, tasks, mails and the audit log. */

try {
  const isRemote = process.argv.includes("--remote");
  await withDatabase(isRemote, (query) => pipeline(Readable.from(exported(query)), process.stdout));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
