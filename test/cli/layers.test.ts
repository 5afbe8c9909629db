import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** What each layer may not import, by a line that does it. */
const FORBIDDEN = [
  ["src/http/dialects/roster/a.ts", 'import { x } from "../management/index.ts";'],
  ["src/http/dialects/roster/b.ts", 'import { x } from "../../../storage/users.ts";'],
  ["src/http/dialects/roster/c.ts", 'import { x } from "../../../objects/task.ts";'],
  ["src/http/dialects/roster/d.ts", 'import { x } from "drizzle-orm";'],
  ["src/http/dialects/roster/e.ts", 'import { x } from "../keystone/index.ts";'],
  ["src/http/dialects/keystone/a.ts", 'import { x } from "../workflow/index.ts";'],
  ["src/http/dialects/pas/a.ts", 'import { x } from "../roster/index.ts";'],
  ["src/http/dialects/pas/b.ts", 'import { x } from "../../../storage/groups.ts";'],
  ["src/http/a.ts", 'import { x } from "./dialects/roster/index.ts";'],
  ["src/http/b.ts", 'import { x } from "../storage/users.ts";'],
  ["src/http/auth/a.ts", 'import { x } from "drizzle-orm/d1";'],
  ["src/http/pages/a.ts", 'import { x } from "../../storage/users.ts";'],
  ["src/http/pages/b.ts", 'import { x } from "../dialects/workflow/index.ts";'],
  ["src/jobs/a.ts", 'import { x } from "../http/app.ts";'],
  ["src/jobs/b.ts", 'import { x } from "../storage/users.ts";'],
  ["src/objects/a.ts", 'import { x } from "hono";'],
  ["src/objects/b.ts", 'import { x } from "../http/app.ts";'],
  ["src/objects/c.ts", 'import { x } from "../storage/tasks.ts";'],
  ["src/core/a.ts", 'import { x } from "hono/cors";'],
  ["src/core/b.ts", 'import { x } from "../http/app.ts";'],
  ["src/core/c.ts", 'import { x } from "../objects/task.ts";'],
  ["src/core/d.ts", 'import { x } from "drizzle-orm";'],
  ["src/core/e.ts", 'import { x } from "cloudflare:workers";'],
  ["src/storage/a.ts", 'import { x } from "../core/users.ts";'],
  ["src/storage/b.ts", 'import { x } from "zod";'],
  ["src/core/f.ts", "export default 1;"],
  ["src/core/tasks/g.ts", "export enum X { A }"],
  ["src/storage/c.ts", "export const x = (db: { transaction(y: unknown): unknown }) => db.transaction(1);"],
  ["src/core/h.ts", 'import { z } from "zod"; z.string();'],
] as const;

const ALLOWED = [
  ["src/http/dialects/roster/ok.ts", 'import { x } from "../../../core/users.ts";'],
  ["src/http/app.ts", 'import { x } from "./dialects/roster/index.ts";'],
  ["src/core/ok.ts", 'import { x } from "../storage/users.ts";'],
  ["src/core/zod.ts", 'import * as x from "zod";'],
  ["src/storage/ok.ts", 'import { x } from "drizzle-orm";'],
] as const;

describe("the linter knows the layers", () => {
  const folder = mkdtempSync(join(tmpdir(), "layers-"));
  const complaints = new Map<string, string[]>();

  beforeAll(() => {
    for (const name of [".biome.json", ".biome", ".gitignore"]) cpSync(name, join(folder, name), { recursive: true });
    symlinkSync(join(process.cwd(), "node_modules"), join(folder, "node_modules"));
    for (const [file, line] of [...FORBIDDEN, ...ALLOWED]) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), line.startsWith("import") ? `${line}\nconsole.log(x);\n` : `${line}\n`);
    }
    const args = ["lint", "--reporter=json", "--max-diagnostics=200", "src"];
    const { stdout } = spawnSync("biome", args, { cwd: folder, encoding: "utf8" });
    for (const { location, category } of JSON.parse(stdout).diagnostics) {
      const file = typeof location.path === "string" ? location.path : location.path.file;
      complaints.set(file, [...(complaints.get(file) ?? []), category]);
    }
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(FORBIDDEN)("%s may not say %s", (file) => {
    expect(complaints.get(file)?.length ?? 0).toBeGreaterThan(0);
  });

  it.each(ALLOWED)("%s may say %s", (file) => {
    expect(complaints.get(file)).toBeUndefined();
  });
});
