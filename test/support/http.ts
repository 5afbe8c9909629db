import { env, exports } from "cloudflare:workers";
import { random } from "../../src/core/context.ts";
import { newId } from "../../src/core/secrets.ts";
import type { NewUser, User } from "../../src/storage/users.ts";
import { aSession, stored } from "./people.ts";

/** The administrator of the tests, whom the first log-in makes. */
export const ADMIN = { username: "admin", password: "correct horse battery staple" };

export type Headers = Record<string, string>;

export interface Answer {
  status: number;
  headers: globalThis.Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects of a body.
  body: any;
}

/** Every call made in this file, for the checks that each route was called and answers as it says. */
export const called: { method: string; path: string; headers: Headers; status: number }[] = [];

const ORIGIN = "http://ostiary.test";

/** Asks the Worker, as a client would. `body`: a value is sent as JSON, a string as it is. */
export async function call(method: string, path: string, headers: Headers = {}, body?: unknown): Promise<Answer> {
  const init: RequestInit = { method, headers, redirect: "manual" };
  if (body !== undefined) init.body = typeof body === "string" ? body : JSON.stringify(body);
  const answer = await answered(await exports.default.fetch(new Request(ORIGIN + path, init)));
  called.push({ method, path: new URL(path, ORIGIN).pathname, headers, status: answer.status });
  return answer;
}

export async function answered(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A text that nothing else is called: tests share a database. */
export const unique = (prefix: string): string => `${prefix}-${newId(random).slice(0, 12)}`;

export const uniqueEmail = (): string => `${unique("p")}@example.org`;

/** A session token for a name and password. */
export async function tokenFor(username: string, password: string, project?: string): Promise<string> {
  const { status, body, text } = await call("PUT", "/user/token", {}, { username, password, project });
  if (status !== 200) throw new Error(`no token for ${username}: ${status} ${text}`);
  return body.token;
}

let administrator: Promise<string> | undefined;

/** The administrator's session token. */
export const adminToken = (): Promise<string> => {
  administrator ??= tokenFor(ADMIN.username, ADMIN.password);
  return administrator;
};

/** The administrator's token has ended. */
export function forgetAdminToken(): void {
  administrator = undefined;
}

export const xAuth = (token: string): Headers => ({ "X-Auth-Token": token });
export const bearer = (token: string): Headers => ({ Authorization: `Bearer ${token}` });

export const asAdmin = async (): Promise<Headers> => xAuth(await adminToken());
export const asBearer = async (): Promise<Headers> => bearer(await adminToken());

export interface Person {
  name: string;
  password: string;
  token: string;
}

/** A user who was not made through HTTP, which is quicker. The first user of all is the administrator. */
export async function aStoredUser(name: string, password: string, members?: Partial<NewUser>): Promise<User> {
  await adminToken();
  return stored(name, password, members);
}

/** A fresh user of role USER, and his token. */
export async function aUser(name = unique("user"), password = "a-password"): Promise<Person> {
  return { name, password, token: await aSession(await aStoredUser(name, password)) };
}

/** Takes an active user his right to log in, or gives it back. */
export async function changeState(name: string, transition: "activate" | "deactivate"): Promise<void> {
  const path = `/auth/user/${encodeURIComponent(name)}/+statemachine`;
  const { status, text } = await call("POST", path, await asBearer(), { transition });
  if (status !== 200) throw new Error(`not changed: ${status} ${text}`);
}
export const deactivate = (name: string): Promise<void> => changeState(name, "deactivate");

/** Rows of D1, to look behind the answers. */
// biome-ignore lint/suspicious/noExplicitAny: rows of whatever was asked for.
export async function rows(sql: string, ...values: unknown[]): Promise<any[]> {
  const { results } = await env.DB.prepare(sql)
    .bind(...values)
    .all();
  return results;
}
