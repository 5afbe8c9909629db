import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Server, startServer } from "./server.ts";

/** What a newcomer pastes from the README, against a server that `npm start`'s program started on an empty state. */
describe("the main job as the README has it", () => {
  const PASSWORD = "the-password-of-this-test";
  let server: Server;
  let base = "";
  let log: string[] = [];

  beforeAll(async () => {
    server = await startServer(PASSWORD);
    ({ base, log } = server);
  });

  afterAll(() => server.stop());

  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects of a body.
  async function ask(method: string, path: string, headers = {}, body?: unknown): Promise<any> {
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    return (await fetch(base + path, init)).json();
  }

  /** What the lines of the README under a mark print, each a document. */
  function run(script: string): unknown[] {
    const { folder } = server;
    writeFileSync(join(folder, ".dev.vars"), `ADMIN_PASSWORD='${PASSWORD}'\nACCESS_API_KEY='a'\n`);
    const lines = script.replace(/^BASE=.*$/m, `BASE=${base}`);
    const { stdout, status } = spawnSync("bash", ["-eu", "-c", lines], { cwd: folder, encoding: "utf8" });
    expect(status).toBe(0);
    return stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  }

  it("is done by its lines, in order", () => {
    expect(run(linesUnder("main job"))).toMatchObject([
      { noor: true, identity: true, assignment: true },
      {
        page: 1,
        count: 2,
        totalCount: 2,
        items: [
          { name: "admin", role: "ADMIN" },
          { name: "noor", role: "USER" },
        ],
      },
      { notes: ["task created"] },
      { tasks: [{ task_type: "signup", approved: false }] },
      { notes: ["Created Token."] },
      { required_fields: ["password"], task_type: "signup" },
      { notes: ["Token submitted successfully."] },
      { name: "ines@example.org", role: "USER", version: 0 },
    ]);
  });

  it("goes on with controllers, models and an agent", () => {
    const [logIn = ""] = linesUnder("main job").split("# He makes a user");
    const grant = { user: "noor", controller: "north", access: "add-model", expires_at: "2099-01-31T17:00:00.000Z" };
    const models = [{ name: "web", access: "write" }];
    expect(run(logIn + linesUnder("access"))).toMatchObject([
      { name: "north", type: "google" },
      "Model is being deployed",
      "Process being handeled",
      { name: "web", access: "write" },
      { tasks: [{ status: "STARTING", actions: [{ processor: "access.grant", arguments: grant }] }] },
      { status: "RUNNING" },
      { status: "FINISHED" },
      "Process being handeled",
      { task_type: "request_access", approved: true, completed: true },
      {
        name: "noor",
        credentials: [{ name: "lab" }],
        ssh_keys: [expect.stringContaining("noor@desk")],
        controllers: [{ name: "north", access: "add-model", models }],
      },
    ]);
  });

  it("leaves one line a request in the log, with the route's pattern and no secret", async () => {
    // The shell that ran the lines kept this process from reading.
    await vi.waitFor(() => expect(log.join("")).toContain("/user/{user_name}"), 10_000);
    const lines = log
      .join("")
      .split("\n")
      .filter((line) => line.startsWith("{"));
    const requests = lines.map((line) => JSON.parse(line)).filter(({ request }) => request);
    expect(requests.map(({ route }) => route)).toContain("/v1/tokens/{token}");
    expect(requests[0]).toEqual({
      request: expect.stringMatching(/^[0-9a-f]{32}$/),
      method: "PUT",
      dialect: "management",
      route: "/user/token",
      status: 200,
      ms: expect.any(Number),
      d1: expect.any(Number),
    });
    expect(log.join("")).not.toContain(PASSWORD);
    expect(log.join("")).not.toMatch(/\/token\/[0-9a-f]{32}/);
    expect(log.join("")).not.toContain("heron-rock-5");
  });

  it("lets one of twenty approvals through that are written to twenty sockets at once", async () => {
    const { token } = await ask("PUT", "/user/token", {}, { username: "admin", password: PASSWORD });
    const headers = { "X-Auth-Token": token };
    for (const round of ["a", "b", "c", "d", "e"]) {
      const email = `race-${round}@example.org`;
      await ask("POST", "/v1/openstack/sign-up", {}, { email, project_name: `race-${round}` });
      const { uuid } = (await ask("GET", "/v1/tasks?tasks_per_page=1", headers)).tasks[0];
      const { statuses, spreadMs } = await atOnce(20, new URL(base), `/v1/tasks/${uuid}`, token, '{"approved":true}');
      // A noisy machine may hold this process up between two writes: then they were not at once.
      if (spreadMs > 4) continue;
      expect(statuses.sort()).toEqual([200, ...Array(19).fill(409)]);
      const { mails } = await ask("GET", `/dev/mail?to=${email}`, headers);
      expect(mails.map(({ subject }: { subject: string }) => subject)).toEqual(["Signup approved", "Signup received"]);
      const again = await ask("POST", `/v1/tasks/${uuid}`, headers, { approved: true });
      expect(again).toEqual({ notes: ["Created Token."] });
    }
  });

  it("reports health", async () => {
    const answer = await fetch(`${base}/healthz`);
    expect([answer.status, await answer.json()]).toMatchObject([200, { status: "ok" }]);
  });
});

/** The lines of the README that a mark above them names. */
const linesUnder = (mark: string): string =>
  new RegExp(`<!-- ${mark}:[^>]*-->\\n\`\`\`sh\\n([\\s\\S]*?)\`\`\``).exec(readFileSync("README.md", "utf8"))?.[1] ??
  "";

/** Sends the same POST over so many connections, opened before any of them is written to; gives the statuses. */
async function atOnce(count: number, { hostname, port }: URL, path: string, token: string, body: string) {
  const opened = await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect(Number(port), hostname);
      await once(socket, "connect");
      return socket;
    }),
  );
  const head = `POST ${path} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n`;
  const request = `${head}X-Auth-Token: ${token}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const started = performance.now();
  for (const socket of opened) socket.write(request);
  const spreadMs = performance.now() - started;
  const answers = await Promise.all(opened.map((socket) => text(socket)));
  return {
    statuses: answers.map((answer) => Number(answer.slice("HTTP/1.1 ".length, "HTTP/1.1 200".length))),
    spreadMs,
  };
}
