import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { app } from "../../src/http/app.ts";
import { type Answer, answered, aStoredUser, asBearer, bearer, call, type Headers, unique } from "./http.ts";
import { aSession } from "./people.ts";

export const ACCESS_KEY = env.ACCESS_API_KEY;
export const PASSWORD = "a-password";

export const INVALID_DATA = "The request does not have all the required data or the data is not in the right format.";
export const UNAUTHORIZED = "You do not have permission to use the API";
export const EMPTY = "Empty values are not allowed";
export const INVALID_NAME = "Only lowercase letters, digits and hyphens are allowed";
export const NO_USER = "The user does not exist!";
export const ADMIN_STAYS = "This would remove the admin from the system!";

/** What Basic is sent for a name and password. */
export const basicOf = (text: string): string => `Basic ${new TextEncoder().encode(text).toBase64()}`;
export const basic = (name: string, password = PASSWORD, key: string = ACCESS_KEY): Headers => ({
  "api-key": key,
  Authorization: basicOf(`${name}:${password}`),
});

/** Status and body of an answer, to be compared with what is said. */
export const is = ({ status, body }: Answer): [number, unknown] => [status, body];

export interface Someone {
  id: string;
  name: string;
  headers: Headers;
}

/** A user who is logged in; his name fits this dialect. */
export async function someone(role: "ADMIN" | "USER" = "USER", name = unique("one")): Promise<Someone> {
  const user = await aStoredUser(name, PASSWORD, { role });
  return { id: user.id, name, headers: bearer(await aSession(user)) };
}

export const ask = async (method: string, path: string, body?: unknown): Promise<Answer> =>
  call(method, path, await asBearer(), body);

/** The names of a list, as far as they are among these, in its order. */
export const among = (list: { name: string }[], names: string[]): string[] =>
  list.map(({ name }) => name).filter((name) => names.includes(name));

/** Asks a Worker whose surroundings differ in some bindings; unlike `call` it keeps headers without a value. */
export async function callWith(
  bindings: object,
  method: string,
  path: string,
  headers: Headers = {},
  body?: BodyInit,
): Promise<Answer> {
  const context = createExecutionContext();
  const request = new Request(`http://ostiary.test${path}`, { method, headers, ...(body !== undefined && { body }) });
  const answer = await answered(await app.fetch(request, { ...env, ...bindings } as Env, context));
  await waitOnExecutionContext(context);
  return answer;
}

/** That somebody is let in, and is who he should be. */
export function expectIn(answer: Answer, name: string): void {
  expect([answer.status, answer.body.name]).toEqual([200, name]);
}
