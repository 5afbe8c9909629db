import { join } from "node:path";
import { type Query, withDatabase } from "../../src/cli/database.ts";
import type { Server } from "./server.ts";

type Values = Record<string, unknown>;

export const MEMBER = "ines";
export const PASSWORD = "heron-rock-5";

const sshString = (text: string) => Buffer.concat([Buffer.from([0, 0, 0, text.length]), Buffer.from(text)]);
const SSH_BLOB = Buffer.concat([sshString("ssh-ed25519"), sshString("k".repeat(32))]);
const SSH_KEY = `ssh-ed25519 ${SSH_BLOB.toString("base64")} ines's`;

/** Where a server keeps its state. */
export const state = (server: Server): string => join(server.folder, "state");

export async function ask(
  server: Server,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Values,
) {
  const init = { method, headers: { ...headers, Connection: "close" }, ...(body && { body: JSON.stringify(body) }) };
  const answer = await fetch(server.base + path, init);
  const text = await answer.text();
  return { status: answer.status, text, body: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text };
}

export async function bearer(server: Server, username: string, password: string) {
  const { body, text } = await ask(server, "PUT", "/user/token", {}, { username, password });
  if (!body.token) throw new Error(text);
  return { Authorization: `Bearer ${body.token}`, "X-Auth-Token": body.token };
}

/** Rows of a server's D1, past the server. */
export function rows(server: Server, ...statements: string[]): ReturnType<Query> {
  process.env["STATE_DIR"] = state(server);
  return withDatabase(false, (query) => query(statements));
}

const mapping = (...roles: string[]) => ({ mapping: [{ user: { username: MEMBER }, roles }] });

/** Makes something of everything that can be exported; gives an API key of the member. */
export async function fill(server: Server): Promise<string> {
  const admin = await bearer(server, "admin", server.password);
  const must = async (...request: [string, string, Record<string, string>, Values?]) => {
    const answer = await ask(server, ...request);
    if (answer.status >= 300) throw new Error(`${request[1]}: ${answer.status} ${answer.text}`);
    return answer.body;
  };
  await must("POST", "/user/add", admin, { username: MEMBER, password: PASSWORD });
  await must("POST", "/user/add", admin, { username: "o'Neil", password: PASSWORD });
  await must(
    "PATCH",
    `/user/${MEMBER}`,
    { Authorization: admin.Authorization },
    { version: 0, email: "ines@example.org" },
  );
  await must("PUT", "/user/permission", admin, { username: MEMBER, permission: "herqles.user.*" });
  await must("PUT", "/user/permission", admin, { username: "o'Neil", permission: "*" });
  await must("POST", "/auth/group", admin, { groupname: "kelp" });
  await must("POST", "/auth/group/kelp/+grant", admin, mapping("member", "project_mod"));
  await must("POST", "/auth/group/__default__/+grant", admin, mapping("auditor"));
  const ines = await bearer(server, MEMBER, PASSWORD);
  const made = await must("POST", "/auth/apikey", ines, { password: PASSWORD, label: "mine" });
  await must("POST", "/tengu/controllers", admin, {
    controller: "reef",
    type: "lxd",
    region: "north",
    credentials: "x",
  });
  await must("POST", "/tengu/controllers/reef/models", admin, { model: "tide" });
  await must("PUT", `/users/${MEMBER}/controllers/reef`, admin, {
    access: "login",
    expires_at: "2100-01-01T00:00:00Z",
  });
  await must("PUT", `/users/${MEMBER}/controllers/reef/models/tide`, admin, { access: "write" });
  await must("POST", `/users/${MEMBER}/ssh`, admin, { "ssh-key": SSH_KEY });
  await must("POST", `/users/${MEMBER}/credentials`, admin, { name: "cloud", c_type: "google", credentials: "sesame" });
  await must("PUT", "/v1/policies/signup", admin, {
    stages: [
      { name: "one", approvers: { users: [MEMBER] }, required: 1 },
      { name: "two", approvers: { group: "__default__" }, required: 1 },
    ],
  });
  await rows(
    server,
    "insert into project_quotas (group_id, region, size) select id, 'RegionOne', 'small' from groups where name = 'kelp'",
  );
  return `${made.data.apikey_identity}.${made.data.apikey_secret}`;
}

/** What the member has and is, as he is told himself. */
export async function seenBy(server: Server, headers: Record<string, string>) {
  const paths = [
    `/user/${MEMBER}`,
    `/users/${MEMBER}/controllers`,
    `/users/${MEMBER}/ssh`,
    `/users/${MEMBER}/credentials`,
    "/auth/self",
  ];
  return Promise.all(
    paths.map(async (path) => (await ask(server, "GET", path, headers)).text.replaceAll(server.base, "")),
  );
}
