import { expect } from "vitest";
import { type Server, startServer } from "../../cli/server.ts";

export const PASSWORD = "the-password-of-this-test";

/** A deployment with something of everything in it, made through its APIs. */
export interface World extends Server {
  /** A user with a project, things of his own, and nothing to administer. */
  member: { name: string; password: string };
  /** Tasks that wait. */
  tasks: string[];
  /** The link in a mail that waits for its reader. */
  link: string;
  controller: string;
  group: string;
}

type Asking = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answered>;
// biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects of a body.
type Answered = any;

export async function aWorld(): Promise<World> {
  const server = await startServer(PASSWORD);
  const ask: Asking = async (method, path, body, headers = {}) => {
    const answer = await fetch(server.base + path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) expect.fail(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  const { token } = await ask("PUT", "/user/token", { username: "admin", password: PASSWORD });
  const asAdmin = { "X-Auth-Token": token, Authorization: `Bearer ${token}`, "api-key": "a" };
  const member = await aMember(ask, asAdmin);
  await ask("POST", "/user", { name: "w".repeat(256), email: `${"w".repeat(60)}@example.org` }, asAdmin);
  for (const name of ["w".repeat(56), "kelp", "dulse", "laver"]) {
    const email = `${name}@example.org`;
    await ask("POST", "/v1/openstack/sign-up", { email, project_name: `project-${name}` });
  }
  const { tasks } = await ask("GET", "/v1/tasks", undefined, asAdmin);
  const [first, ...waiting]: { uuid: string }[] = tasks;
  await ask("POST", `/v1/tasks/${first?.uuid}`, { approved: true }, asAdmin);
  const [controller, group] = ["tide-gauge", "project-of-noor"];
  const toController = `/users/${encodeURIComponent(member.name)}/controllers/${controller}`;
  await ask("POST", "/tengu/controllers", { controller, type: "manual" }, asAdmin);
  await ask("PUT", toController, { access: "login" }, asAdmin);
  const hers = await tokenOf(ask, member);
  const wish = { controller, access: "add-model", reason: "The gauge needs a second model", duration_seconds: 86_400 };
  await ask("POST", "/v1/actions/RequestAccess", wish, { "X-Auth-Token": hers });
  return {
    ...server,
    member,
    tasks: waiting.map(({ uuid }) => uuid),
    link: await linkTo(ask, asAdmin),
    controller,
    group,
  };
}

const tokenOf = async (ask: Asking, { name, password }: World["member"]): Promise<string> =>
  (await ask("PUT", "/user/token", { username: name, password })).token;

/** The link in the newest mail that has one. */
async function linkTo(ask: Asking, headers: Record<string, string>): Promise<string> {
  const { mails } = await ask("GET", "/dev/mail", undefined, headers);
  for (const { text } of mails) {
    const [link] = /\/token\/\w+/.exec(text) ?? [];
    if (link) return link;
  }
  return expect.fail("no link was mailed");
}

/** Somebody who went all the way from sign-up to his password. */
async function aMember(ask: Asking, asAdmin: Record<string, string>): Promise<World["member"]> {
  const member = { name: "noor@example.org", password: "heron-rock-5-noor" };
  await ask("POST", "/v1/openstack/sign-up", { email: member.name, project_name: "project-of-noor" });
  const { tasks } = await ask("GET", "/v1/tasks", undefined, asAdmin);
  await ask("POST", `/v1/tasks/${tasks[0].uuid}`, { approved: true }, asAdmin);
  const link = await linkTo(ask, asAdmin);
  await ask("POST", `/v1${link.replace("/token/", "/tokens/")}`, { password: member.password });
  return member;
}
