import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { expect } from "vitest";
import { app } from "../../../src/http/app.ts";
import {
  type Answer,
  answered,
  aStoredUser,
  asAdmin,
  asBearer,
  aUser,
  call,
  called,
  type Headers,
  rows,
  unique,
  xAuth,
} from "../../support/http.ts";

export { deactivate } from "../../support/http.ts";

const REASONS = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Payload Too Large",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** The whole refusal: code, reason and text, and no key besides. */
export function expectRefusal(answer: Answer, code: keyof typeof REASONS, message: string): void {
  expect([answer.status, answer.body]).toEqual([code, { status: `${code} ${REASONS[code]}`, message }]);
}

export function expectOk(answer: Answer, body: unknown): void {
  expect([answer.status, answer.body]).toEqual([200, body]);
}

/** A user who is not logged in. */
export const added = async (name = unique("user"), password = "a-password"): Promise<string> =>
  (await aStoredUser(name, password)).name;

export const add = async (username: unknown, password: unknown = "a-password"): Promise<Answer> =>
  call("POST", "/user/add", await asAdmin(), { username, password });

export const show = async (name: string): Promise<Answer> => call("GET", `/user/${name}`, await asAdmin());

export const remove = async (name: string): Promise<Answer> => call("DELETE", `/user/${name}`, await asAdmin());

export const grant = async (username: unknown, permission: unknown, headers?: Headers): Promise<Answer> =>
  call("PUT", "/user/permission", headers ?? (await asAdmin()), { username, permission });

export const revoke = async (username: unknown, permission: unknown, headers?: Headers): Promise<Answer> =>
  call("DELETE", "/user/permission", headers ?? (await asAdmin()), { username, permission });

export const setPassword = async (username: unknown, password: unknown, headers?: Headers): Promise<Answer> =>
  call("PUT", "/user/password", headers ?? (await asAdmin()), { username, password });

export const logIn = (username: unknown, password: unknown, project?: unknown): Promise<Answer> =>
  call("PUT", "/user/token", {}, { username, password, project });

export async function granted(name: string, ...permissions: string[]): Promise<void> {
  for (const permission of permissions) {
    expectOk(await grant(name, permission), { username: name, permission });
  }
}

/** A fresh user with these permissions, and the header that says who he is. */
export async function aHolder(...permissions: string[]) {
  const { name, password, token } = await aUser();
  await granted(name, ...permissions);
  return { name, password, token, headers: xAuth(token) };
}

export const permissionsOf = async (name: string): Promise<string[]> => (await show(name)).body.permissions;

/** The role as the roster tells it. */
export const roleOf = async (name: string): Promise<string> =>
  (await call("GET", `/user/${name}`, await asBearer())).body.role;

/** Sets a role through the roster. */
export async function setRole(name: string, role: "ADMIN" | "USER"): Promise<void> {
  const headers = await asBearer();
  const { version } = (await call("GET", `/user/${name}`, headers)).body;
  expect((await call("PATCH", `/user/${name}`, headers, { version, role })).status).toBe(200);
}

/** A group with these members; gives its id and name. */
export async function aGroup(...members: string[]): Promise<{ id: string; name: string }> {
  const name = unique("group");
  const id = crypto.randomUUID().replaceAll("-", "");
  await rows("INSERT INTO groups (id, name, created_at, modified_at) VALUES (?, ?, 1, 1)", id, name);
  for (const member of members) {
    await rows("INSERT INTO memberships (group_id, user_id) SELECT ?, id FROM users WHERE name = ?", id, member);
  }
  return { id, name };
}

/** Sends a body that is no text. */
export async function send(method: string, path: string, headers: Headers, body: BodyInit): Promise<Answer> {
  const sent = new Request(`http://ostiary.test${path}`, { method, headers, body });
  const answer = await answered(await exports.default.fetch(sent));
  called.push({ method, path, headers, status: answer.status });
  return answer;
}

/** The same in pieces, so that no Content-Length says how long it is. */
export const sendInPieces = (method: string, path: string, headers: Headers, text: string): Promise<Answer> => {
  const bytes = new TextEncoder().encode(text);
  const pieces = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.byteLength; at += 65_536) controller.enqueue(bytes.slice(at, at + 65_536));
      controller.close();
    },
  });
  return send(method, path, headers, pieces);
};

/** Asks a deployment that differs in these settings or bindings. */
export async function callWith(
  changed: Record<string, unknown>,
  method: string,
  path: string,
  headers: Headers = {},
  body?: unknown,
): Promise<Answer> {
  const context = createExecutionContext();
  const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const answer = await app.fetch(new Request(`http://ostiary.test${path}`, init), { ...env, ...changed }, context);
  await waitOnExecutionContext(context);
  return answered(answer);
}

/** Everything that D1 and KV hold, as one text. */
export async function everythingStored(): Promise<string> {
  const tables = await rows(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
  );
  const dumps = await Promise.all(tables.map(({ name }) => rows(`SELECT * FROM "${name}"`)));
  const { keys } = await env.TOKENS.list();
  const copies = await Promise.all(keys.map(async ({ name }) => [name, await env.TOKENS.get(name)]));
  return JSON.stringify([dumps, keys, copies]);
}
