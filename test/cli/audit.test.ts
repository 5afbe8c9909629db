import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CompactSign, importJWK } from "jose";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withDatabase } from "../../src/cli/database.ts";
import { runtimeOptions } from "../../src/cli/runtime.ts";
import { sealingKeys, signingKeys } from "../../src/cli/secrets.ts";
import { linkOf, NO_EVENT, type StoredEvent } from "../../src/core/audit-chain.ts";
import { type Server, startServer } from "./server.ts";

const PASSWORD = "the-password-of-this-test";
let server: Server;
let settings: Record<string, string>;
const state = () => join(server.folder, "state");
const jwksUrl = () => `${server.base}/.well-known/jwks.json`;
const published = () => join(server.folder, "jwks.json");
const copy = () => join(server.folder, "copy");

const audit = (args: string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, ["src/cli/audit.ts", ...args], {
    env: { ...process.env, STATE_DIR: state(), JWT_KEYS: settings["JWT_KEYS"], ...env },
    encoding: "utf8",
  });

/** What is said of a copy of the log that somebody has changed. */
function verified(change: (lines: string[]) => string[], ...args: string[]): [number | null, string] {
  const lines = readFileSync(copy(), "utf8").trimEnd().split("\n");
  const file = `${copy()}-changed`;
  writeFileSync(file, `${change(lines).join("\n")}\n`);
  const { status, stdout, stderr } = audit(["verify", "--file", file, ...args]);
  return [status, stdout + stderr];
}

const isEvent = (line: string) => line.startsWith('{"kind":"event"');
const numbered = (seq: number) => (line: string) => line.includes(`"seq":${seq},`);
const without = (seq: number) => (lines: string[]) => lines.filter((line) => !numbered(seq)(line));
const eventsIn = (lines: string[]): (StoredEvent & { hash: string | null })[] =>
  lines.filter(isEvent).map((line) => JSON.parse(line));

/** Lets the jobs run that `npm start` runs each minute and each hour. */
async function runJobs(): Promise<void> {
  const miniflare = new Miniflare(
    runtimeOptions(state(), { ADMIN_PASSWORD: PASSWORD, ACCESS_API_KEY: "a", ...settings }),
  );
  try {
    const worker = await miniflare.getWorker();
    for (const cron of ["* * * * *", "17 * * * *"]) await worker.scheduled({ cron });
  } finally {
    await miniflare.dispose();
  }
}

async function register(token: string, count: number): Promise<void> {
  for (let nth = 0; nth < count; nth += 1) {
    const body = JSON.stringify({ username: `user-${crypto.randomUUID()}`, password: "heron-rock-5" });
    await fetch(`${server.base}/user/add`, { method: "POST", headers: { "X-Auth-Token": token }, body });
  }
}

beforeAll(async () => {
  settings = { JWT_KEYS: await signingKeys(), SEALING_KEYS: sealingKeys() };
  server = await startServer(PASSWORD, settings);
  const login = JSON.stringify({ username: "admin", password: PASSWORD });
  const { token } = JSON.parse(await (await fetch(`${server.base}/user/token`, { method: "PUT", body: login })).text());
  await register(token, 5);
  await runJobs();
  await register(token, 2);
  writeFileSync(published(), await (await fetch(jwksUrl())).text());
  writeFileSync(copy(), audit(["export"]).stdout);
});

afterAll(() => server.stop());

describe("npm run audit", () => {
  it("finds the log whole, in the database and in a copy of it, and says how much of it is vouched for", () => {
    const said = [
      "Every link of the log holds.",
      "9 events, 7 of them vouched for, by 1 checkpoints, the last of them for event 7; 2 have no link yet.",
      "",
    ].join("\n");
    for (const { status, stdout, stderr } of [audit(["verify"]), audit(["verify", "--file", copy()])]) {
      expect([status, stdout, stderr]).toEqual([0, said, ""]);
    }
  });

  it("checks with the keys that the deployment publishes, or those of a file", () => {
    for (const keys of [jwksUrl(), published()]) {
      const { stdout } = audit(["verify", "--file", copy(), "--keys", keys], { JWT_KEYS: "" });
      expect(stdout).toContain("7 of them vouched for");
    }
  });

  it("says whose checkpoints it cannot judge, and does not count them", async () => {
    const { keys } = JSON.parse(settings["JWT_KEYS"] ?? "");
    const { status, stdout } = audit(["verify"], { JWT_KEYS: await signingKeys() });
    expect([status, stdout]).toEqual([
      0,
      expect.stringContaining(`0 of them vouched for; 2 have no link yet.\n1 checkpoints are signed by ${keys[0].kid}`),
    ]);
  });

  it.each<[string, number, (lines: string[]) => string[]]>([
    ["changed", 3, (lines) => lines.map((line) => (numbered(3)(line) ? line.replace('"admin"', '"nobody"') : line))],
    ["removed", 4, without(3)],
    ["removed, the first", 2, without(1)],
    ["swapped", 4, (lines) => [...without(3)(lines).slice(0, 4), ...lines.filter(numbered(3)), ...lines.slice(5)]],
    [
      "put there, with the link of another",
      3,
      (lines) => lines.flatMap((line) => (numbered(3)(line) ? [line, line] : line)),
    ],
    [
      "put there, without a link",
      4,
      (lines) =>
        lines.flatMap((line) => (numbered(4)(line) ? [line.replace(/"hash":"\w+"/, '"hash":null'), line] : line)),
    ],
    ["cut off", 7, (lines) => lines.filter((line) => !isEvent(line) || JSON.parse(line).seq < 6)],
  ])("names the first broken link where an event was %s", (_, seq, change) => {
    expect(verified(change)).toEqual([1, expect.stringMatching(new RegExp(`^The log is broken at event ${seq}: `))]);
  });

  it("tells a chain that was made anew, with all of its links, from the one that was signed", async () => {
    const events = eventsIn(readFileSync(copy(), "utf8").trimEnd().split("\n"));
    let before = NO_EVENT;
    const forged: string[] = [];
    for (const { hash: _, ...event } of events) {
      before = await linkOf(before, { ...event, actor: "nobody" });
      forged.push(JSON.stringify({ ...event, actor: "nobody", hash: before }));
    }
    const [status, said] = verified((lines) => [...lines.filter((line) => !isEvent(line)), ...forged]);
    expect([status, said]).toEqual([1, expect.stringContaining("broken at event 7: the chain was made anew")]);
  });

  it("finds a checkpoint that nobody has signed, or that was signed as something else", async () => {
    const tampered = (lines: string[]) =>
      lines.map((line) => (isEvent(line) ? line : line.replace(/\.(\w)/, (_, one) => `.${one === "A" ? "B" : "A"}`)));
    const said = "Checkpoint 1 was not signed as it says.\n";
    expect(verified(tampered)).toEqual([1, expect.stringContaining(said)]);
    const [jwk] = JSON.parse(settings["JWT_KEYS"] ?? "").keys;
    const other = await new CompactSign(new TextEncoder().encode(JSON.stringify({ seq: 7, hash: "x", at: 1 })))
      .setProtectedHeader({ alg: "ES256", typ: "JWT", kid: jwk.kid })
      .sign(await importJWK(jwk, "ES256"));
    const line = JSON.stringify({ kind: "checkpoint", signed: other });
    expect(verified((lines) => [line, ...lines.filter(isEvent)])).toEqual([1, expect.stringContaining(said)]);
  });

  it("names a line that is none of its own", () => {
    expect(verified((lines) => lines.with(4, "{}"))).toEqual([1, "Line 5 is neither an event nor a checkpoint.\n"]);
  });

  it("says when it cannot check", () => {
    for (const args of [["verify", "--file", "nothing-there"], ["verify", "--keys", "nothing-there"], ["look"], []]) {
      expect([args, audit(args).status]).toEqual([args, 2]);
    }
  });

  it("finds in the database itself what was changed there", async () => {
    process.env["STATE_DIR"] = state();
    const change = (actor: string) =>
      withDatabase(false, (query) => query([`update audit_events set actor = '${actor}' where seq = 4`]));
    await change("nobody");
    expect(audit(["verify"])).toMatchObject({ status: 1, stderr: expect.stringContaining("broken at event 4: ") });
    await change("admin");
    expect(audit(["verify"]).status).toBe(0);
  });
});
