import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KIND_NAMES } from "../../src/cli/data/shapes.ts";
import { sealingKeys } from "../../src/cli/secrets.ts";
import { FOREIGN_HASHES, FOREIGN_PASSWORD } from "../support/foreign-passwords.ts";
import { ask, bearer, fill, MEMBER, PASSWORD, rows, seenBy, state } from "./filled.ts";
import { type Server, startServer } from "./server.ts";

type Values = Record<string, unknown>;

const SEALING_KEYS = sealingKeys();
let from: Server;
let to: Server;
let file = "";
let key = "";

function begin(server: Server, program: "export" | "import", ...args: string[]) {
  const env = { ...process.env, STATE_DIR: state(server) };
  const child = spawn(process.execPath, [`src/cli/${program}.ts`, ...args], { env });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].on("data", (chunk) => {
      said[stream] += chunk;
    });
  }
  const ended = new Promise<{ status: number | null; stdout: string; stderr: string }>((settle) =>
    child.once("close", (status) => settle({ status, ...said })),
  );
  return { child, ended };
}

const run = (...args: Parameters<typeof begin>) => begin(...args).ended;

const linesOf = (text: string): Values[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

/** Writes a file of these lines; `end`: null for none. */
function fileOf(
  lines: (Values | string)[],
  end: Values | null = { kind: "end", lines: lines.length },
  first: Values = {},
) {
  const all = [{ kind: "ostiary-export", version: 1, ...first }, ...lines, ...(end ? [end] : [])];
  const path = `${file}-${crypto.randomUUID()}`;
  writeFileSync(path, all.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"));
  return path;
}

const newId = () => crypto.randomUUID().replaceAll("-", "");
const user = (name: string, members: Values = {}): Values => ({
  kind: "user",
  id: newId(),
  name,
  createdAt: 1,
  modifiedAt: 1,
  ...members,
});

beforeAll(async () => {
  [from, to] = await Promise.all([
    startServer("the-password-of-one", { SEALING_KEYS }),
    startServer("the-password-of-other", { SEALING_KEYS }),
  ]);
  file = join(from.folder, "export.jsonl");
  key = await fill(from);
});

afterAll(() => Promise.all([from.stop(), to.stop()]));

describe("npm run export, and import", () => {
  let exported = "";
  let imported: Awaited<ReturnType<typeof run>>;
  let seen: string[] = [];
  let back = "";

  beforeAll(async () => {
    seen = await seenBy(from, await bearer(from, MEMBER, PASSWORD));
    ({ stdout: exported } = await run(from, "export"));
    writeFileSync(file, exported);
    imported = await run(to, "import", file);
    ({ stdout: back } = await run(to, "export"));
  });

  it("make an empty deployment the same", async () => {
    expect(imported).toMatchObject({ status: 0, stdout: expect.stringContaining("user: 3 of 3 written"), stderr: "" });
    expect([...new Set(linesOf(exported).map(({ kind }) => kind))]).toEqual(["ostiary-export", ...KIND_NAMES, "end"]);
    expect(exported).not.toMatch(/sesame|heron-rock/);
    expect(linesOf(back).slice(1)).toEqual(linesOf(exported).slice(1));
  });

  it("may be run again, which changes nothing", async () => {
    const { stdout } = await run(to, "import", file);
    expect(stdout.match(/^\w+: 0 of \d+ written/gm)).toHaveLength(KIND_NAMES.length);
  });

  it("let people in with their passwords and keys, to what they had", async () => {
    expect((await ask(to, "GET", `/user/${MEMBER}`, { "X-API-KEY": key })).status).toBe(200);
    expect(await seenBy(to, await bearer(to, MEMBER, PASSWORD))).toEqual(seen);
  });

  it("keep the counts and the administrators right, and leave events", async () => {
    const [counts, admins, events] = await rows(
      to,
      "select active_admins, active_users from user_counts where level = 4",
      "select name, bootstrap from users where role = 'ADMIN' order by seq",
      "select subject, sum(details ->> '$.rows') as rows from audit_events where event = 'data.import' group by subject order by 1 limit 2",
    );
    expect([counts, admins, events]).toEqual([
      [{ active_admins: 2, active_users: 1 }],
      [
        { name: "admin", bootstrap: 1 },
        { name: "o'Neil", bootstrap: 0 },
      ],
      [
        { subject: "api_keys", rows: 1 },
        { subject: "cloud_credentials", rows: 1 },
      ],
    ]);
    const admin = await bearer(to, "admin", from.password);
    expect((await ask(to, "DELETE", "/user/admin", admin)).status).toBe(403);
  });

  it("bring more people than fit into a statement, with passwords that other programs stored", async () => {
    const password = FOREIGN_HASHES["Django's pbkdf2_sha256"];
    const many = Array.from({ length: 600 }, (_, nth) => user(`moved-${nth}`, { password }));
    expect((await run(to, "import", fileOf(many))).stdout).toBe("user: 600 of 600 written, the others were there\n");
    await bearer(to, "moved-599", FOREIGN_PASSWORD);
    const [[counts]] = (await rows(to, "select active_users from user_counts where level = 4")) as [Values[]];
    expect(counts).toEqual({ active_users: 601 });
  });

  it("leave whole batches when they are killed, and bring the rest when run again", async () => {
    const many = Array.from({ length: 4_000 }, (_, nth) => user(`killed-${nth}`));
    const path = fileOf(many);
    const written = async () => {
      const [[there], [kept]] = (await rows(
        to,
        "select count(*) as users from users where name like 'killed-%'",
        "select active_users = (select count(*) from users where role = 'USER') as counted from user_counts where level = 4",
      )) as [Values[], Values[]];
      return { users: Number(there?.["users"]), counted: kept?.["counted"] };
    };
    const { child, ended } = begin(to, "import", path);
    await expect.poll(async () => (await written()).users, { timeout: 60_000, interval: 5 }).toBeGreaterThan(0);
    child.kill("SIGKILL");
    await ended;
    expect((await written()).counted).toBe(1);
    expect((await run(to, "import", path)).status).toBe(0);
    expect(await written()).toEqual({ users: 4_000, counted: 1 });
  });

  it("refuse every line that is not as it must be by its number, and write nothing of the file", async () => {
    const [gone, nobody, somebody] = [newId(), newId(), user("somebody-new")];
    await rows(
      to,
      `insert into deleted_users (seq, id, name, created_at, deleted_at) values (9999, '${gone}', 'x', 1, 1)`,
    );
    const faults: [Values | string, string][] = [
      ["{", "no JSON object"],
      [{ kind: "session" }, "no kind of line that is known"],
      [user("x", { admin: true }), "Unrecognized key"],
      [user("a b"), "name: nobody can be called that"],
      [user("x", { id: "1" }), "id: 32 lower-case"],
      [user("x", { email: "x" }), "email: no e-mail address"],
      [user("x", { password: "secret" }), "password: no stored password"],
      [
        user("x", { password: `$2b$20$${"x".repeat(53)}` }),
        "password: no stored password that is read, or too dear a one",
      ],
      [user("INES"), "the name is somebody else's"],
      [user("Somebody-New"), "the same as line 2: nameKey"],
      [user("y", { id: gone }), "this user was deleted here"],
      [user("z", { bootstrap: true }), "bootstrap: the bootstrap administrator is an active ADMIN"],
      [{ kind: "permission", userId: nobody, permission: "a" }, "userId: nowhere to be found"],
      [{ kind: "permission", userId: somebody["id"], permission: "*" }, "permission: who has it is ADMIN"],
      [
        { kind: "member_role", userId: somebody["id"], groupId: "__default__", role: "administrator" },
        "role: who is ADMIN is said",
      ],
      [{ kind: "membership", userId: somebody["id"], groupId: "__default__" }, "groupId: 32 lower-case"],
      [{ kind: "ssh_key", userId: somebody["id"], key: "x", addedAt: 1 }, "no public key that is taken"],
    ];
    const { status, stdout, stderr } = await run(to, "import", fileOf([somebody, ...faults.map(([line]) => line)]));
    expect([status, stdout]).toEqual([1, ""]);
    const said = stderr.trimEnd().split("\n");
    expect(said.pop()).toBe("Nothing was imported.");
    expect(said).toEqual(faults.map(([, why], nth) => expect.stringContaining(`line ${nth + 3}: ${why}`)));
    expect(await rows(to, "select 1 from users where name in ('somebody-new', 'x')")).toEqual([[]]);
  });

  it.each<[string, () => string, string]>([
    ["was cut", () => fileOf([user("cut")], null), "line 3: the end is missing: the file was cut"],
    ["lost lines", () => fileOf([user("cut")], { kind: "end", lines: 2 }), "line 3: there are 1 lines before it"],
    ["is of another version", () => fileOf([], undefined, { version: 2 }), "line 1: version: "],
  ])("refuse a file that %s", async (_, path, said) => {
    const { status, stderr } = await run(to, "import", path());
    expect([status, stderr]).toEqual([1, expect.stringContaining(said)]);
    expect(await rows(to, "select 1 from users where name = 'cut'")).toEqual([[]]);
  });
});
