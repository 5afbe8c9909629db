import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { app } from "../../../src/http/app.ts";
import type { User } from "../../../src/storage/users.ts";
import { type Answer, answered, aStoredUser, call, type Headers, rows, unique, xAuth } from "../../support/http.ts";

export const TOKENS = "/v3/auth/tokens";
export const DOMAIN = { id: "default", name: "Default" };
export const SESSION_TOKEN = /^[A-Za-z0-9]{43}$/;
export const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}000Z$/;

const TITLES = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Request Entity Too Large",
  503: "Service Unavailable",
};

/** The whole refusal, and no key besides. */
export function expectRefusal(answer: Answer, code: keyof typeof TITLES, message: string): void {
  expect([answer.status, answer.body]).toEqual([code, { error: { code, title: TITLES[code], message } }]);
}

export const expectUnauthorized = (answer: Answer): void =>
  expectRefusal(answer, 401, "The request you have made requires authentication.");

/** A user who is not logged in. */
export const someone = (name = unique("user"), role: User["role"] = "USER"): Promise<User> =>
  aStoredUser(name, "a-password", { role });

/** A project with these members, each with these roles. */
export async function aProject(members: User[] = [], ...roles: string[]): Promise<{ id: string; name: string }> {
  const [id, name] = [crypto.randomUUID().replaceAll("-", ""), unique("project")];
  await rows("insert into groups (id, name, created_at, modified_at) values (?, ?, 1, 1)", id, name);
  for (const member of members) {
    await rows("insert into memberships (group_id, user_id) values (?, ?)", id, member.id);
    for (const role of roles) {
      await rows("insert into member_roles (group_id, user_id, role) values (?, ?, ?)", id, member.id, role);
    }
  }
  return { id, name };
}

export const byPassword = (user: object, password: unknown = "a-password") => ({
  methods: ["password"],
  password: { user: { ...user, password } },
});
export const byToken = (id: unknown) => ({ methods: ["token"], token: { id } });

export const auth = (identity: unknown, scope?: unknown, query = ""): Promise<Answer> =>
  call("POST", TOKENS + query, {}, { auth: { identity, scope } });

/** Logs in with name and password, as the command line does. */
export const logIn = ({ name }: Pick<User, "name">, scope?: unknown, password = "a-password"): Promise<Answer> =>
  auth(byPassword({ name, domain: { name: "Default" } }, password), scope);

export const issued = ({ status, text, headers }: Answer): string => {
  if (status !== 201) throw new Error(`no token: ${status} ${text}`);
  return headers.get("x-subject-token") ?? "";
};

export const tokenOf = async (user: Pick<User, "name">, scope?: unknown): Promise<string> =>
  issued(await logIn(user, scope));

export const subject = (caller: string, token: string): Headers => ({ ...xAuth(caller), "X-Subject-Token": token });
export const show = (caller: string, token = caller): Promise<Answer> => call("GET", TOKENS, subject(caller, token));
export const revoke = (caller: string, token = caller): Promise<Answer> =>
  call("DELETE", TOKENS, subject(caller, token));

/** What the workflow dialect answers to a token: 401 to one that is not good. */
export const works = async (token: string): Promise<boolean> =>
  (await call("GET", "/v1/tasks", xAuth(token))).status !== 401;

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
