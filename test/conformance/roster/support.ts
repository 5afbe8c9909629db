import { expect } from "vitest";
import type { NewUser } from "../../../src/storage/users.ts";
import { type Answer, aStoredUser, asBearer, bearer, call, type Headers, rows, unique } from "../../support/http.ts";
import { aSession } from "../../support/people.ts";

export const said = (message: string) => ({ message, success: false });
export const UNAUTHORIZED = said("Authorization failed");
export const NOBODY = said("User doesn't exist");
export const NO_PAGE = said("User page doesn't exist");

export const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/;
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
export const BODY_BYTES_MAX = 256 * 1024;

const encoder = new TextEncoder();
export const base64 = (text: string): string => encoder.encode(text).toBase64();
export const base64url = (text: string): string =>
  encoder.encode(text).toBase64({ alphabet: "base64url", omitPadding: true });

export const userPath = (name: string): string => `/user/${encodeURIComponent(name)}`;
export const basic = (name: string, password: string): Headers => ({
  Authorization: `Basic ${base64(`${name}:${password}`)}`,
});
export const logIn = (name: string, password: string, body?: unknown): Promise<Answer> =>
  call("POST", "/auth/login", basic(name, password), body);

/** The administrator's calls. */
export const list = async (query = ""): Promise<Answer> => call("GET", `/user?${query}`, await asBearer());
export const find = async (name: string, query = ""): Promise<Answer> =>
  call("GET", `${userPath(name)}?${query}`, await asBearer());
export const register = async (body: unknown): Promise<Answer> => call("POST", "/user", await asBearer(), body);
export const patch = async (name: string, body: unknown, headers: Headers = {}): Promise<Answer> =>
  call("PATCH", userPath(name), { ...(await asBearer()), ...headers }, body);
export const remove = async (name: string, body?: unknown, headers: Headers = {}): Promise<Answer> =>
  call("DELETE", userPath(name), { ...(await asBearer()), ...headers }, body);

/** A fresh user without a password. */
export async function aName(members: Record<string, unknown> = {}): Promise<string> {
  const name = unique("roster");
  const { status, text } = await register({ name, ...members });
  if (status !== 200) throw new Error(`not registered: ${status} ${text}`);
  return name;
}

export interface Person {
  name: string;
  password: string;
  token: string;
  headers: Headers;
}

/** A fresh user who has logged in. */
export async function aPerson({ name = unique("person"), ...members }: Partial<NewUser> = {}): Promise<Person> {
  const password = "a-password";
  const token = await aSession(await aStoredUser(name, password, members));
  return { name, password, token, headers: bearer(token) };
}

/** Users of one prefix, in the order of their creation. */
export async function aCrowd(size: number, prefix = unique("crowd")): Promise<{ prefix: string; names: string[] }> {
  const names = Array.from({ length: size }, (_, at) => `${prefix}-${at}`);
  for (const name of names) await register({ name });
  return { prefix, names };
}

export const namesIn = ({ body }: Answer): string[] => body.items.map(({ name }: { name: string }) => name);

export const deactivate = (name: string) => rows("UPDATE users SET state = 'inactive' WHERE name = ?", name);

/** Expects the refusal of a body that names this member. */
export function expectIssue(answer: Answer, member: string): void {
  expect([answer.status, Object.keys(answer.body)]).toEqual([400, ["message", "success"]]);
  expect(answer.body.success).toBe(false);
  const issue = `${member.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}: \\S`;
  expect(answer.body.message).toMatch(new RegExp(`^An issue in the payload was discovered: (?:.+; )?${issue}`));
}

export const statuses = (answers: Answer[]): number[] => answers.map(({ status }) => status).sort((a, b) => a - b);
