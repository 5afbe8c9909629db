import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Fails when the schema holds something that no migration brings: drizzle-kit would write another one. */
const folder = mkdtempSync(join(tmpdir(), "migrations-"));
try {
  cpSync("migrations", folder, { recursive: true });
  const before = readdirSync(folder).length;
  const args = ["generate", "--dialect", "sqlite", "--schema", "src/storage/schema.ts", "--out", folder];
  const { status, stdout, stderr } = spawnSync("drizzle-kit", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`drizzle-kit failed:\n${stdout}${stderr}`);
  if (readdirSync(folder).length !== before) {
    console.error("The schema and the migrations differ: run `npm run migrations -- --name what-changes`.");
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
