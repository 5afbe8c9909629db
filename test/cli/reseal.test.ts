import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withDatabase } from "../../src/cli/database.ts";
import type { KeySet } from "../../src/cli/key-sets.ts";
import { sealingKeys } from "../../src/cli/secrets.ts";
import { seal } from "../../src/core/sealing.ts";
import { type Server, startServer } from "./server.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const [newest, older, lost] = [sealingKeys(), sealingKeys(), sealingKeys()].map((text) => JSON.parse(text) as KeySet);
if (!newest || !older || !lost) throw new Error("no keys");
const both: KeySet = { keys: [...newest.keys, ...older.keys] };
const kidOf = ({ keys: [first] }: KeySet): string => first?.kid ?? "";

/** What is sealed under the older key before: more than goes at once, and the greatest that there can be. */
const CONTENTS = [...Array.from({ length: 210 }, (_, nth) => `content ${nth}`), "x".repeat(65_536)];

describe("npm run keys -- reseal, while a server runs", { timeout: 180_000 }, () => {
  let server: Server;
  let folder = "";

  beforeAll(async () => {
    server = await startServer("the-password-of-this-test", { SEALING_KEYS: JSON.stringify(both) });
    process.env["STATE_DIR"] = join(server.folder, "state");
    delete process.env["SEALING_KEYS"];
    folder = mkdtempSync(join(tmpdir(), "reseal-"));
    cpSync(join(ROOT, "src"), join(folder, "src"), { recursive: true });
    cpSync(join(ROOT, "wrangler.toml"), join(folder, "wrangler.toml"));
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    writeFileSync(join(folder, ".dev.vars"), `JWT_KEYS='${sealingKeys()}'\nSEALING_KEYS='${JSON.stringify(both)}'\n`);
    await addKeeper();
    await store(
      older,
      CONTENTS.map((text, nth): [string, string] => [`${nth}`, text]),
    );
  });

  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  function keys(...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
    const child = spawn(process.execPath, [join(folder, "src/cli/keys.ts"), ...args]);
    const said = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].on("data", (chunk) => {
        said[stream] += chunk;
      });
    }
    return new Promise((settle) => child.once("exit", (status) => settle({ status, ...said })));
  }

  /** Asks as the administrator about somebody's credentials. */
  async function credentials(method: string, name: string, body?: object) {
    const basic = Buffer.from(`admin:${server.password}`).toString("base64");
    const headers = { "api-key": "a", Authorization: `Basic ${basic}` };
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    const answer = await fetch(`${server.base}/users/${name}/credentials`, init);
    const shown = (await answer.json()) as { key: { file: string } }[];
    return { status: answer.status, texts: () => shown.map(({ key }) => key.file) };
  }

  async function addKeeper(): Promise<void> {
    const ask = async (method: string, path: string, headers: Record<string, string>, body: object) =>
      (await fetch(server.base + path, { method, headers, body: JSON.stringify(body) })).json();
    const login = { username: "admin", password: server.password };
    const { token } = (await ask("PUT", "/user/token", {}, login)) as { token: string };
    await ask("POST", "/user/add", { "X-Auth-Token": token }, { username: "keeper", password: "heron-rock-5" });
  }

  /** Stores credentials of a user as they would be under a key. */
  async function store(under: KeySet, named: [name: string, text: string][]): Promise<void> {
    const rows = named.map(async ([name, text]) => `('${name}', '${await seal({ SEALING_KEYS: under }, text)}')`);
    const inserts = (await Promise.all(rows)).map(
      (row) => `insert into cloud_credentials (user_id, name, type, sealed, added_at)
        select id, column1, 'jsonfile', column2, 1 from users, (values ${row}) where name = 'keeper'`,
    );
    await withDatabase(false, (query) => query(inserts));
  }

  it("seals everything under the newest key, and loses nothing that is written meanwhile", async () => {
    const refused = await keys("drop", kidOf(older));
    expect([refused.status, refused.stderr]).toEqual([
      1,
      `${CONTENTS.length} rows are still sealed under it: npm run keys -- reseal\n`,
    ]);

    let isDone = false;
    const resealing = keys("reseal").finally(() => {
      isDone = true;
    });
    expect((await credentials("DELETE", "keeper", { name: "7" })).status).toBe(202);
    let rounds = 0;
    for (; !isDone; rounds += 1) {
      const wanted = { name: "mine", c_type: "google", credentials: `round ${rounds}` };
      expect((await credentials("POST", "admin", wanted)).status).toBe(202);
      expect((await credentials("GET", "admin")).texts()).toEqual([`round ${rounds}`]);
      const x = await credentials("DELETE", "admin", { name: "mine" });
      if (x.status !== 202) throw new Error(server.log.join(""));
      expect((await credentials("GET", "keeper")).texts()).toHaveLength(CONTENTS.length - 1);
    }
    const { status, stdout, stderr } = await resealing;
    expect([rounds > 0, status, stderr]).toEqual([true, 0, ""]);
    expect(stdout).toMatch(new RegExp(`\\b21[01] rows are sealed under ${kidOf(newest)} now\\.\\n$`));
    expect((await credentials("GET", "keeper")).texts()).toEqual(CONTENTS.filter((text) => text !== "content 7"));

    expect((await keys("reseal")).stdout).toBe(`0 rows are sealed under ${kidOf(newest)} now.\n`);
    expect((await keys("drop", kidOf(older))).status).toBe(0);
  });

  it("says what it cannot open and goes on with the rest", async () => {
    await store(lost, [["lost", "text"]]);
    writeFileSync(join(folder, ".dev.vars"), `SEALING_KEYS='${JSON.stringify(both)}'\n`);
    await store(older, [["found", "text"]]);
    const { status, stdout, stderr } = await keys("reseal");
    expect(stdout).toContain(`\n1 rows are sealed under ${kidOf(newest)} now.`);
    expect([status, stderr]).toEqual([1, `1 rows cannot be opened with the key ${kidOf(lost)}.\n`]);
  });

  it("goes by the files where no server runs", async () => {
    const state = join(folder, "state");
    cpSync(join(server.folder, "state", "v3"), join(state, "v3"), { recursive: true });
    process.env["STATE_DIR"] = state;
    const { stdout, stderr } = await keys("reseal");
    expect(stdout).toContain(`\n0 rows are sealed under ${kidOf(newest)} now.\n`);
    expect(stderr).toBe(`1 rows cannot be opened with the key ${kidOf(lost)}.\n`);
  });
});
