import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sealingKeys, signingKeys } from "../../src/cli/secrets.ts";

const ROOT = resolve(import.meta.dirname, "../..");
let folder = "";

/** Runs the program on a folder of its own. */
const keys = (...args: string[]) =>
  spawnSync(process.execPath, [join(folder, "src/cli/keys.ts"), ...args], { encoding: "utf8" });

const stored = (name = "JWT_KEYS"): { kid: string }[] => {
  const vars = parseEnv(readFileSync(join(folder, ".dev.vars"), "utf8"));
  return JSON.parse(vars[name] ?? "{}").keys;
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "keys-"));
  cpSync(join(ROOT, "src"), join(folder, "src"), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  const sets = [`JWT_KEYS='${await signingKeys()}'`, `SEALING_KEYS='${sealingKeys()}'`];
  writeFileSync(join(folder, ".dev.vars"), `# mine\nADMIN_PASSWORD='x'\n${sets.join("\n")}\nPORT=1\n`);
});

afterEach(() => rmSync(folder, { recursive: true }));

describe("npm run keys", () => {
  it("rotate puts a fresh key first and keeps the others, and says what to do", () => {
    const [before] = stored();
    const { status, stdout } = keys("rotate");
    const [first, second, ...more] = stored();
    expect([status, second, more]).toEqual([0, before, []]);
    expect(first?.kid).not.toBe(before?.kid);
    expect(stdout).toContain(`npm run keys -- drop ${before?.kid}`);
    expect(stdout).not.toContain('"d"');
    expect(readFileSync(join(folder, ".dev.vars"), "utf8")).toMatch(
      /^# mine\nADMIN_PASSWORD='x'\nJWT_KEYS=.*\nSEALING_KEYS=.*\nPORT=1\n$/,
    );
  });

  it("drop removes a key, but never the last one", () => {
    const [old] = stored();
    keys("rotate");
    expect(keys("drop", "nobody").status).toBe(1);
    expect(keys("drop", old?.kid ?? "").status).toBe(0);
    expect(stored().map(({ kid }) => kid)).not.toContain(old?.kid);
    expect(keys("drop", stored()[0]?.kid ?? "").status).toBe(1);
    expect(stored()).toHaveLength(1);
  });

  it("rotate sealing puts a fresh key before those that seal, and leaves alone those that sign", () => {
    const [signing, [before]] = [stored(), stored("SEALING_KEYS")];
    const { status, stdout } = keys("rotate", "sealing");
    const [first, second, ...more] = stored("SEALING_KEYS");
    expect([status, second, more, stored()]).toEqual([0, before, [], signing]);
    expect(first).toMatchObject({ kty: "oct", k: expect.stringMatching(/^[\w-]{43}$/), alg: "A256GCM" });
    expect(stdout).toContain(`npm run keys -- drop ${before?.kid}`);
    expect(stdout).not.toContain(String((first as unknown as { k: string }).k));
    expect(keys("drop", first?.kid ?? "").stderr).toContain("This is the key that seals.");
  });

  it("show prints the set, for a deployment", () => {
    expect(JSON.parse(keys("show").stdout).keys).toEqual(stored());
    expect(JSON.parse(keys("show", "sealing").stdout).keys).toEqual(stored("SEALING_KEYS"));
    expect(keys().status).toBe(1);
  });
});
