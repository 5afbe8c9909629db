import { expect } from "vitest";
import { type Answer, aStoredUser, asAdmin, asBearer, bearer, call, type Headers, rows, unique } from "./http.ts";
import { anApiKey } from "./keys.ts";
import { aSession } from "./people.ts";

export interface Caller {
  id: string;
  name: string;
  headers: Headers;
}

export const HANDLED = "Process being handeled";
export const INVALID = "The request does not have all the required data or the data is not in the right format.";
export const EMPTY = "Empty values are not allowed";
export const UNAUTHORIZED = "You do not have permission to use the API";
export const NO_USER = "The user does not exist!";

/** A fresh user who is logged in. */
export async function aCaller(name = unique("keeper")): Promise<Caller> {
  const user = await aStoredUser(name, "a-password");
  return { id: user.id, name, headers: bearer(await aSession(user)) };
}

/** What a user has of a kind, as he sees it himself. */
export async function listOf({ name, headers }: Caller, what: "ssh" | "credentials", query = "") {
  const { status, body } = await call("GET", `/users/${name}/${what}${query}`, headers);
  if (status !== 202) throw new Error(`no list: ${status}`);
  return body;
}

/** The id of the task that a 202 has opened. */
export function taskOf({ status, body, headers }: Answer): string {
  const [, id] = /^\/v1\/tasks\/([0-9a-f]{32})$/.exec(headers.get("location") ?? "") ?? [];
  if (status !== 202 || body !== HANDLED || !id) throw new Error(`no task: ${status} ${body}`);
  return id;
}

export const statusAndBody = ({ status, body }: Answer) => [status, body];

/** Who is refused, and how, before the body is looked at: everybody but himself and administrators. */
export async function expectOnlySelfAndAdmin(method: string, what: string, body?: unknown): Promise<void> {
  const [owner, other] = [await aCaller(), await aCaller()];
  for (const sent of body === undefined ? [undefined] : [body, "{"]) {
    for (const name of [owner.name, unique("nobody"), "x".repeat(300), "%ff"]) {
      const answer = await call(method, `/users/${name}/${what}`, other.headers, sent);
      expect(statusAndBody(answer)).toEqual([403, UNAUTHORIZED]);
    }
    for (const name of [unique("nobody"), "x".repeat(300), "%ff", "a%00b"]) {
      const answer = await call(method, `/users/${name}/${what}`, await asBearer(), sent);
      expect(statusAndBody(answer)).toEqual([404, NO_USER]);
    }
  }
  for (const headers of [owner.headers, await asBearer(), { "X-API-KEY": await anApiKey(owner.name) }]) {
    expect((await call(method, `/users/${owner.name.toUpperCase()}/${what}`, headers, body)).status).toBe(202);
  }
}

/** The data of the one action of a task, as somebody sees it in the workflow dialect. */
export async function taskSeenBy(id: string, headers: Headers) {
  const { status, body } = await call("GET", `/v1/tasks/${id}`, headers);
  return { status, data: body.actions?.[0]?.data, body };
}

export const held = (taskId: string) => rows("select * from held_contents where task_id = ?", taskId);

/** A policy by which orders wait for an administrator. */
export const WAITS = {
  auto_approve: false,
  stages: [{ name: "default", approvers: { role: "admin" }, required: 1 }],
};

export const approve = async (id: string) => call("POST", `/v1/tasks/${id}`, await asAdmin(), { approved: true });
