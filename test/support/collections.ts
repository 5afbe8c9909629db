import { env } from "cloudflare:workers";
import fc from "fast-check";
import { searchFrom } from "../../src/core/query/search.ts";
import { groupData, keyData, userData } from "../../src/http/dialects/pas/items.ts";
import {
  type Grouping,
  groupGroups,
  keyGroups,
  userGroups,
  type Value,
} from "../../src/storage/collections/aggregates.ts";
import { type Fields, groupFields, keyFields, userFields } from "../../src/storage/collections/fields.ts";
import { type Found, groupsFound, keysFound, type Search, usersFound } from "../../src/storage/collections/pages.ts";
import { openDb } from "../../src/storage/db.ts";
import { nameKey } from "../../src/storage/keys.ts";
import { rows } from "./http.ts";
import type { Data, Meaning } from "./plain-search.ts";

/** Letters that are ordered otherwise as UTF-16, that SQL means something by, or that fold. */
const letter = fc.constantFrom(..."aAbB0%_'\"\\ é\u{e000}💡İK");
export const word = fc.string({ unit: letter, minLength: 1, maxLength: 3 });
const id = fc.stringMatching(/^[0-9a-f]{32}$/);
const BEGIN = Date.parse("2026-03-05T09:14:22.000Z");
export const at = fc.oneof(fc.integer({ min: BEGIN, max: BEGIN + 5 }), fc.integer({ min: 0, max: 4e12 }));
const creator = fc.option(fc.constantFrom("c".repeat(32), "d".repeat(32)), { freq: 2 });
const times = { createdAt: at, modifiedAt: at };

const [IDS] = fc.sample(fc.uniqueArray(id, { minLength: 30, maxLength: 30 }), { numRuns: 1, seed: 7 });
const ids = IDS ?? [];
export const somebodysId = fc.constantFrom(...ids);

const users = fc.uniqueArray(
  fc.record({
    name: fc.oneof(
      { weight: 4, arbitrary: word.filter((name) => !name.includes(" ")) },
      somebodysId,
      fc.constant("007"),
    ),
    email: fc.option(word, { freq: 3 }),
    state: fc.constantFrom("active", "inactive"),
    source: fc.oneof(fc.constant(""), word),
    creator,
    ...times,
  }),
  { selector: ({ name }) => nameKey(name), minLength: 30, maxLength: 30 },
);
const groups = fc.uniqueArray(fc.record({ name: word, parent: fc.option(word, { freq: 2 }), creator, ...times }), {
  selector: ({ name }) => name,
  minLength: 25,
  maxLength: 25,
});
const keys = fc.array(
  fc.record({
    owner: somebodysId,
    label: fc.option(word, { freq: 2 }),
    creator,
    createdAt: at,
    expiresAt: fc.option(at, { freq: 2 }),
    lastUsedAt: fc.option(at, { freq: 2 }),
  }),
  { minLength: 40, maxLength: 40 },
);

const one = <T>(arbitrary: fc.Arbitrary<T>): T => fc.sample(arbitrary, 1)[0] as T;

/** Fills an empty database with random users, groups and API keys. */
export async function seed(): Promise<void> {
  const stored = one(users).map((user, at) => ({
    ...user,
    id: ids[at],
    nameKey: nameKey(user.name),
    emailKey: user.email && nameKey(user.email),
  }));
  await rows(
    `insert into users (id, name, name_key, email, email_key, role, state, source, creator, created_at, modified_at)
     select value ->> 'id', value ->> 'name', value ->> 'nameKey', value ->> 'email', value ->> 'emailKey', 'USER',
       value ->> 'state', value ->> 'source', value ->> 'creator', value ->> 'createdAt', value ->> 'modifiedAt' from json_each(?)`,
    JSON.stringify(stored),
  );
  await rows(
    `insert into groups (id, name, parent, creator, created_at, modified_at)
     select lower(hex(randomblob(16))), value ->> 'name', value ->> 'parent', value ->> 'creator', value ->> 'createdAt',
       value ->> 'modifiedAt' from json_each(?)`,
    JSON.stringify(one(groups)),
  );
  await rows(
    `insert into api_keys (id, identity, digest, user_id, creator, label, scopes, created_at, expires_at, last_used_at)
     select lower(hex(randomblob(16))), lower(hex(randomblob(16))), 'secret', value ->> 'owner', value ->> 'creator',
       value ->> 'label', '["pas"]', value ->> 'createdAt', value ->> 'expiresAt', value ->> 'lastUsedAt' from json_each(?)`,
    JSON.stringify(one(keys)),
  );
  for (const { id, name } of await rows("select id, name from users")) names.set(id, name);
}

const db = openDb(env.DB);

export interface Collection {
  name: string;
  fields: Fields;
  found(search: Search): Promise<Found<Data>>;
  groups(grouping: Grouping): Promise<Value[][]>;
  meaning: Meaning;
}

const shown = <T>({ rows, more }: Found<T>, data: (row: T) => Data): Found<Data> => ({ rows: rows.map(data), more });
const itself: Meaning = (_field, text) => text;
const names = new Map<string, string>();

export const COLLECTIONS: Collection[] = [
  {
    name: "users",
    fields: userFields,
    found: async (search) => shown(await usersFound(db, search), ({ user }) => userData(user)),
    groups: (grouping) => userGroups(db, grouping),
    meaning: itself,
  },
  {
    name: "groups",
    fields: groupFields,
    found: async (search) => shown(await groupsFound(db, search), ({ group }) => groupData(group)),
    groups: (grouping) => groupGroups(db, grouping),
    meaning: itself,
  },
  {
    name: "API keys",
    fields: keyFields,
    found: async (search) => shown(await keysFound(db, search, undefined), ({ key, owner }) => keyData(key, owner)),
    groups: (grouping) => keyGroups(db, grouping, undefined),
    meaning: (field, text) => (field === "userid" ? (names.get(text) ?? text) : text),
  },
];

/** A search for everything there is. */
export const EVERYTHING = { q: undefined, select: undefined, order_by: undefined, limit: undefined, offset: undefined };

/** Everything that a collection shows, in the order of creation. */
export const allOf = async ({ fields, found }: Collection): Promise<Data[]> =>
  (await found(searchFrom(EVERYTHING, fields))).rows;
