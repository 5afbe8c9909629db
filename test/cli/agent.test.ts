import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Server, startServer } from "./server.ts";

const PASSWORD = "the-password-of-this-test";
const TARGET = "vpn-1";
const PATIENTLY = { timeout: 30_000, interval: 50 };

interface Agent {
  process: ChildProcess;
  /** What it has said so far, line by line. */
  said(): string[];
}

/** The agent that `test/support/agent.mjs` gives as an example, as a process against a server of its own. */
describe("the example agent", () => {
  let server: Server;
  let admin = {};
  let key = "";
  const agents: Agent[] = [];

  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects of a body.
  async function ask(method: string, path: string, headers = {}, body?: unknown): Promise<any> {
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    return (await fetch(server.base + path, init)).json();
  }

  function startAgent(framework: string, workMs: number): Agent {
    const env = { ...process.env, OSTIARY: server.base, API_KEY: key, WORK_MS: String(workMs), IDLE_MS: "50" };
    const args = ["test/support/agent.mjs", TARGET, framework, "ams1"];
    const child = spawn("node", args, { env, stdio: ["ignore", "pipe", "inherit"] });
    const said: string[] = [];
    child.stdout.on("data", (chunk: Buffer) => said.push(chunk.toString()));
    const agent = { process: child, said: () => said.join("").split("\n") };
    agents.push(agent);
    return agent;
  }

  async function kill({ process: child }: Agent): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  /** Orders so many tasks, one after the other; gives the job's id. */
  async function order(count: number): Promise<number> {
    const step = (at: number) => ({ name: `step ${at}`, actions: [{ processor: "print", arguments: { at } }] });
    const tasks = Array.from({ length: count }, (_, at) => step(at));
    return (await ask("POST", "/job", admin, { name: "grant", targets: [TARGET], tasks })).job_id;
  }

  const jobOf = (id: number) => ask("GET", `/job/${id}`, admin);
  const statuses = async (id: number): Promise<string[]> =>
    (await jobOf(id)).targets[0].tasks.map(({ status }: { status: string }) => status);

  beforeAll(async () => {
    server = await startServer(PASSWORD, { WORKER_LEASE_SECONDS: "3" });
    const { token } = await ask("PUT", "/user/token", {}, { username: "admin", password: PASSWORD });
    admin = { "X-Auth-Token": token };
    await ask("POST", "/user/add", admin, { username: "agent", password: PASSWORD });
    for (const permission of ["herqles.worker.register", "herqles.task.report"]) {
      await ask("PUT", "/user/permission", admin, { username: "agent", permission });
    }
    const own = await ask("PUT", "/user/token", {}, { username: "agent", password: PASSWORD });
    const wish = { password: PASSWORD, label: "vpn", scopes: ["management"] };
    const { data } = await ask("POST", "/auth/apikey", { Authorization: `Bearer ${own.token}` }, wish);
    key = `${data.apikey_identity}.${data.apikey_secret}`;
  });

  afterEach(() => Promise.all(agents.splice(0).map(kill)));
  afterAll(() => server.stop());

  it("is killed in the middle of a task, which another takes up when its lease is over; each is done once", async () => {
    const id = await order(3);
    const first = startAgent("first", 600_000);
    await vi.waitFor(async () => expect(await statuses(id)).toEqual(["RUNNING", "PENDING", "PENDING"]), PATIENTLY);
    await kill(first);
    await vi.waitFor(async () => expect(await statuses(id)).toEqual(["LOST", "PENDING", "PENDING"]), PATIENTLY);
    const rivals = [startAgent("second", 20), startAgent("third", 20)];
    await vi.waitFor(async () => expect((await jobOf(id)).status).toBe("COMPLETED"), PATIENTLY);
    const { targets } = await jobOf(id);
    const finished = targets[0].tasks.map((task: { id: number }) => `task ${task.id} FINISHED`);
    const said = () => rivals.flatMap((rival) => rival.said()).filter((line) => line.endsWith("FINISHED"));
    await vi.waitFor(() => expect(said().sort()).toEqual(finished), PATIENTLY);
    expect(first.said().join()).not.toContain("FINISHED");
  });

  it("keeps a task that takes longer than its lease", async () => {
    const id = await order(1);
    const agent = startAgent("patient", 4000);
    const seen = new Set<string>();
    await vi.waitFor(async () => {
      for (const status of await statuses(id)) seen.add(status);
      expect((await jobOf(id)).status).toBe("COMPLETED");
    }, PATIENTLY);
    expect(seen).not.toContain("LOST");
    expect(agent.said().filter((line) => line.endsWith("begun: step 0"))).toHaveLength(1);
  });
});
