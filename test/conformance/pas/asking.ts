import { random } from "../../../src/core/context.ts";
import { newId } from "../../../src/core/secrets.ts";
import type { User } from "../../../src/storage/users.ts";
import { type Answer, aStoredUser, asBearer, bearer, call, type Headers, rows, unique } from "../../support/http.ts";
import { aSession } from "../../support/people.ts";

export const ORIGIN = "http://ostiary.test";

export type Parameters = Record<string, string | number>;

/** Asks for a view of a collection, with these parameters. */
export const ask = (path: string, parameters: Parameters = {}, headers?: Headers, method = "GET"): Promise<Answer> =>
  asked(path, parameters, headers, method);

async function asked(path: string, parameters: Parameters, headers: Headers | undefined, method: string) {
  const query = new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
  return call(method, `/auth/${path}${query.size > 0 ? `?${query}` : ""}`, headers ?? (await asBearer()));
}

/** Follows a link to a page. */
export const follow = async (href: string): Promise<Answer> => call("GET", href.replace(ORIGIN, ""), await asBearer());

/** The whole refusal. */
export const refusal = (message: string) => [422, { status: "error", message }];
export const told = ({ status, body }: Answer) => [status, body];

export const anId = () => newId(random);

/** Users whom nobody else made, so that `creator` finds them alone. */
export async function someUsers(count: number): Promise<{ creator: string; users: User[] }> {
  const creator = anId();
  const users: User[] = [];
  for (let at = 0; at < count; at += 1) users.push(await aStoredUser(unique(`u${at}`), "a-password", { creator }));
  return { creator, users };
}

export const asUser = async (user: User): Promise<Headers> => bearer(await aSession(user));

/** An API key of a user, made without its secret. */
export async function aKey(owner: User, members: { label?: string; createdAt?: number; expiresAt?: number } = {}) {
  const [key] = await rows(
    `insert into api_keys (id, identity, digest, user_id, creator, label, scopes, created_at, expires_at)
     values (?, ?, 'digest', ?, ?, ?, '["pas:read"]', ?, ?) returning seq, id, identity`,
    ...[anId(), anId(), owner.id, owner.id, members.label ?? null],
    ...[members.createdAt ?? 1_772_703_100_120, members.expiresAt ?? null],
  );
  return key as { seq: number; id: string; identity: string };
}

export async function aGroup(name = unique("group"), createdAt = 1_772_702_401_004, creator: string | null = null) {
  const [group] = await rows(
    "insert into groups (id, name, parent, creator, created_at, modified_at) values (?, ?, 'media', ?, ?, ?) returning seq, id, name",
    ...[anId(), name, creator, createdAt, createdAt],
  );
  return group as { seq: number; id: string; name: string };
}

export const join = (group: { id: string }, user: User) =>
  rows("insert into memberships (group_id, user_id) values (?, ?) returning seq", group.id, user.id);
