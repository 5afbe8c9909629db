import { type SQL, sql } from "drizzle-orm";
import { nameKey } from "../keys.ts";
import { apiKeys, users } from "../schema.ts";

/** Texts with their keys, one bound parameter for all: `value ->> 0` is the text, `value ->> 1` its key. */
const keyed = (texts: string[]): SQL => sql`json_each(${JSON.stringify(texts.map((text) => [text, nameKey(text)]))})`;

/** Users of exactly these names, found by the index that ignores letter case. */
export const usersWithName = (texts: string[]): SQL =>
  sql`${users.seq} in (select named.seq from ${keyed(texts)} wanted
    join users named on named.name_key = wanted.value ->> 1 and named.name = wanted.value ->> 0)`;

/** Users of exactly these e-mail addresses, found likewise. */
export const usersReachedAt = (texts: string[]): SQL =>
  sql`${users.seq} in (select reached.seq from ${keyed(texts)} wanted
    join users reached on reached.email_key = wanted.value ->> 1 and reached.email = wanted.value ->> 0)`;

/** Keys whose owner has one of these ids or, where nobody has it as his id, names. */
export const ownersCalled = (texts: string[]): SQL =>
  sql`${apiKeys.userId} in (select coalesce(meant.id, named.id) from ${keyed(texts)} wanted
    left join users meant on meant.id = wanted.value ->> 0
    left join users named on named.name_key = wanted.value ->> 1 and named.name = wanted.value ->> 0
    where coalesce(meant.id, named.id) is not null)`;
