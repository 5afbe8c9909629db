import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { app } from "../../../src/http/app.ts";
import type { NewUser } from "../../../src/storage/users.ts";
import { faultyD1, meanwhile } from "../../support/faults.ts";
import {
  type Answer,
  answered,
  aStoredUser,
  asBearer,
  bearer,
  call,
  type Headers,
  rows,
  unique,
} from "../../support/http.ts";
import { aSession } from "../../support/people.ts";

export const ORIGIN = "http://ostiary.test";
export const SUCCESS = { status: "success" };
export const PASSWORD = "a-password";

/** A user name that PAS takes, and no other test. */
export const login = (): string => unique("pas").replaceAll("-", ".");
export const groupName = (): string => unique("group");

export interface Somebody {
  id: string;
  name: string;
  token: string;
  headers: Headers;
}

/** A fresh user who is logged in. */
export async function somebody(members: Partial<NewUser> = {}): Promise<Somebody> {
  const { name = login() } = members;
  const user = await aStoredUser(name, PASSWORD, { email: `${name}@example.org`, ...members });
  const token = await aSession(user);
  return { id: user.id, name, token, headers: bearer(token) };
}

/** The administrator's calls. */
export const ask = async (method: string, path: string, body?: unknown): Promise<Answer> =>
  call(method, path, await asBearer(), body);

/** A fresh group. */
export async function aGroup(name = groupName()): Promise<string> {
  const { status, text } = await ask("POST", "/auth/group", { groupname: name });
  if (status !== 200) throw new Error(`no group ${name}: ${status} ${text}`);
  return name;
}

export const userPath = (name: string, view = ""): string => `/auth/user/${encodeURIComponent(name)}${view}`;
export const groupPath = (name: string, view = ""): string => `/auth/group/${encodeURIComponent(name)}${view}`;

export const grant = (group: string, ...mapping: unknown[]): Promise<Answer> =>
  ask("POST", groupPath(group, "/+grant"), { mapping });
export const revoke = (group: string, ...mapping: unknown[]): Promise<Answer> =>
  ask("POST", groupPath(group, "/+revoke"), { mapping });
export const entry = (username: string, ...roles: string[]) => ({ user: { username }, roles });

/** The roles of a user by group. */
export const rolesOf = async (name: string) => (await ask("GET", userPath(name, "/+roles"))).body;

export const is = (answer: Answer) => [answer.status, answer.body];
export const said = (message: string) => ({ status: "error", message });
export const denied = (path: string) => [403, said(`Access Denied : ${path}`)];
export const absent = (path: string) => [404, said(`Object Not Found : ${path}`)];
export const unprocessable = (message: string) => [422, said(message)];
export const onForm = (text: string) => [422, { status: "error", field_errors: [], form_errors: [text] }];
export const onFields = (...errors: [field: string, message: string][]) => [
  422,
  { status: "error", field_errors: errors.map(([field, message]) => ({ field, message })), form_errors: [] },
];
export const typed = (type: string, about: string) => [422, { status: "error", type, message: `${type} ( ${about} )` }];

export const UUID = expect.stringMatching(/^[0-9a-f]{32}$/);
export const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
export const SEQ = expect.any(Number);

/** What stands in the audit trail about a subject, oldest first. */
export const eventsOf = async (subject: string): Promise<string[]> =>
  (await rows("select event from audit_events where subject = ? order by seq", subject)).map(({ event }) => event);

/** Posts, and lets something happen right before the change is written. */
export const askMeanwhile = (work: () => Promise<unknown>, path: string, headers: Headers, body: unknown) =>
  askWith({ DB: faultyD1(env.DB, meanwhile(1, work)) }, "POST", path, headers, body);

/** Asks a Worker with other settings. */
export async function askWith(
  settings: Record<string, unknown>,
  method: string,
  path: string,
  headers: Headers,
  body?: unknown,
): Promise<Answer> {
  const context = createExecutionContext();
  const init: RequestInit = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const answer = await app.fetch(new Request(ORIGIN + path, init), { ...env, ...settings } as Env, context);
  await waitOnExecutionContext(context);
  return answered(answer);
}

export const logIn = (username: unknown, password: unknown = PASSWORD): Promise<Answer> =>
  call("POST", "/auth/user/+login", {}, { username, password });
export const jwt = (token: string): Headers => ({ Authorization: `JWT ${token}` });
/** The JWT in the header of an answer; empty when there is none. */
export const jwtOf = ({ headers }: Answer): string => /^JWT (\S+)$/.exec(headers.get("authorization") ?? "")?.[1] ?? "";
export const self = (token: string): Promise<Answer> => call("GET", "/auth/self", jwt(token));
