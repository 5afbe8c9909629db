import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Server, startServer } from "./server.ts";

const isThere = spawnSync("openstack", ["--version"]).status === 0;
if (!isThere)
  console.warn("skipped: no openstack on the PATH (Debian and Ubuntu: apt-get install python3-openstackclient)");

/** The command line of OpenStack, as Debian ships it, against the Identity API that this program serves. */
describe.skipIf(!isThere)("the openstack command", () => {
  const PERSON = { name: "ines@example.org", password: "heron-rock-5", project: "kelp" };
  let server: Server;

  beforeAll(async () => {
    server = await startServer("the-password-of-this-test");
    await signUp();
  });

  afterAll(() => server.stop());

  /** Makes the person and her project. */
  async function signUp(): Promise<void> {
    const { token } = await ask("PUT", "/user/token", {}, { username: "admin", password: server.password });
    const headers = { "X-Auth-Token": token };
    await ask("POST", "/v1/openstack/sign-up", {}, { email: PERSON.name, project_name: PERSON.project });
    const { uuid } = (await ask("GET", "/v1/tasks", headers)).tasks[0];
    await ask("POST", `/v1/tasks/${uuid}`, headers, { approved: true });
    const { mails } = await ask("GET", `/dev/mail?to=${PERSON.name}`, headers);
    const [, secret] = /\/token\/([0-9a-f]{32})/.exec(mails[0].text) ?? [];
    await ask("POST", `/v1/tokens/${secret}`, {}, { password: PERSON.password });
  }

  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects of a body.
  async function ask(method: string, path: string, headers = {}, body?: unknown): Promise<any> {
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    return (await fetch(server.base + path, init)).json();
  }

  function openstack(...args: string[]) {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("OS_")));
    const { status, stdout, stderr } = spawnSync("openstack", args, { env, encoding: "utf8" });
    return { status, stdout: stdout.trim(), stderr };
  }

  const at = () => ["--os-auth-url", `${server.base}/v3`];
  const inDefault = ["--os-user-domain-name", "Default", "--os-project-domain-name", "Default"];
  const withPassword = (name: string, password: string) => [
    "--os-auth-type",
    "password",
    ...at(),
    "--os-username",
    name,
    "--os-password",
    password,
    ...inDefault,
  ];
  const withToken = (token: string) => ["--os-auth-type", "v3token", ...at(), "--os-token", token];

  function issue(...who: string[]) {
    const { status, stdout, stderr } = openstack(...who, "token", "issue", "-f", "json");
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  }

  it("logs a member in to her project, by its name, and finds the way to the workflow dialect", async () => {
    const who = [...withPassword(PERSON.name, PERSON.password), "--os-project-name", PERSON.project];
    const { id, project_id, user_id } = issue(...who);
    expect([project_id, user_id]).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}$/),
      expect.stringMatching(/^[0-9a-f]{32}$/),
    ]);
    expect((await ask("GET", "/v1/tasks", { "X-Auth-Token": id })).errors[0]).toContain("['admin']");
    const { stdout } = openstack(...who, "catalog", "show", "admin-logic", "-f", "json");
    const { endpoints } = JSON.parse(stdout);
    expect(endpoints[0]).toMatchObject({ interface: "public", region: "RegionOne", url: `${server.base}/v1` });
  });

  it("logs the administrator in without a project, and lists the catalog", () => {
    const who = withPassword("admin", server.password);
    expect(issue(...who)).not.toHaveProperty("project_id");
    const { status, stdout } = openstack(...who, "catalog", "list", "-f", "value", "-c", "Type");
    expect([status, stdout.split("\n")]).toEqual([0, ["admin-logic", "identity"]]);
  });

  it("goes on with a token until it is revoked", () => {
    const who = withPassword(PERSON.name, PERSON.password);
    const { id: first, user_id } = issue(...who);
    const { id: second, ...rest } = issue(
      ...withToken(first),
      "--os-project-name",
      PERSON.project,
      "--os-project-domain-name",
      "Default",
    );
    expect(second).not.toBe(first);
    expect(rest).toMatchObject({ user_id, project_id: expect.any(String) });
    expect(openstack(...who, "token", "revoke", first).status).toBe(0);
    const { status, stderr } = openstack(...withToken(first), "token", "issue");
    expect([status, stderr]).toEqual([1, expect.stringContaining("(HTTP 401)")]);
  });

  it("is told that a password is wrong, and that a project is not there, in the same words", () => {
    const wrong = openstack(...withPassword(PERSON.name, "wrong"), "token", "issue");
    const nowhere = openstack(
      ...withPassword(PERSON.name, PERSON.password),
      "--os-project-name",
      "x",
      "token",
      "issue",
    );
    for (const { status, stderr } of [wrong, nowhere]) {
      expect([status, stderr]).toEqual([1, expect.stringContaining("requires authentication. (HTTP 401)")]);
    }
  });
});
