import { ADMIN, type Arena, type Contestant, migrate } from "./arena.ts";
import { type Given, type Person, RIVAL_ORIGIN } from "./operations.ts";

export interface Sizes {
  users: number;
  tasks: number;
}

/** How many users take turns in asking, so that no single row or signature is what is measured. */
const PEOPLE = 16;
const ADMINS = 4;
/** Users whom one contestant changes. */
const CHANGED = 320;
/** Everybody's. */
export const PASSWORD = "tulip-42";

/** Asks through HTTP; throws unless it is answered well. */
export async function ask(url: string, method: string, path: string, headers: object = {}, body?: unknown) {
  const answer = await fetch(url + path, {
    method,
    headers: { "Content-Type": "application/json", ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} gave ${answer.status}: ${text}`);
  return { headers: answer.headers, body: text && JSON.parse(text) };
}

/** Whole numbers as a table `numbers(n)`, to be followed by a statement. */
export const numbers = (first: number, last: number) =>
  `with recursive numbers(n) as (select ${first} union all select n + 1 from numbers where n < ${last})`;

/** The statement that gives Ostiary the users `u-<first>` to `u-<last>`, all with the password of `u-1`. */
export const usersFrom = (first: number, last: number): string => `
  ${numbers(first, last)} insert into users
    (id, name, name_key, email, email_key, password, role, state, source, creator, created_at, modified_at)
  select lower(hex(randomblob(16))), 'u-' || n, 'u-' || n, 'u-' || n || '@example.org', 'u-' || n || '@example.org',
    password, 'USER', 'active', 'local', null, created_at, created_at
  from numbers, (select password, created_at from users where name_key = 'u-1')`;

/** Copies are made every ten seconds, the first one last. */
export const EARLIER = "created_at - n * 10000";

/** A copy of rows of a table with some columns of their own, to be followed by `from`, `where` and so on. */
export async function copyInto(
  arena: Arena,
  worker: string,
  table: string,
  own: Record<string, string>,
): Promise<string> {
  const [columns = []] = await arena.query(worker, [
    `select name from pragma_table_info('${table}') where name <> 'seq'`,
  ]);
  const all = columns.map(({ name }) => String(name));
  return `insert into ${table} (${all.join(", ")}) select ${all.map((name) => own[name] ?? name).join(", ")}`;
}

/** Fills Ostiary with users and tasks and logs some of them in, for itself and for whoever shares its stores. */
export async function seedOstiary(arena: Arena, worker: "off" | "on", { users, tasks }: Sizes): Promise<Given> {
  await migrate(arena, worker);
  const url = await arena.url(worker);
  const password = { username: ADMIN.name, password: ADMIN.password };
  const { token } = (await ask(url, "PUT", "/user/token", {}, password)).body;
  const admins = names(PEOPLE, ADMINS);
  await ask(url, "POST", "/user", { Authorization: `Bearer ${token}` }, { name: "u-1", password: PASSWORD });
  await arena.query(worker, [
    // The administrator is one of them.
    usersFrom(2, users - 1),
    `update users set role = 'ADMIN' where name in (${admins.map((name) => `'${name}'`).join(", ")})`,
  ]);
  await ask(url, "POST", "/v1/openstack/sign-up", {}, { email: "first@example.org", project_name: "first" });
  const task = { id: "fresh", open_key: "null", created_at: EARLIER, body: "json_set(body, '$.id', fresh)" };
  await arena.query(worker, [
    `${numbers(1, tasks - 1)} ${await copyInto(arena, worker, "tasks", task)}
      from tasks, (select n, lower(hex(randomblob(16))) as fresh from numbers) limit ${tasks - 1}`,
  ]);
  const people = await eachOf(names(0, PEOPLE), (name) => logIn(url, name));
  const tokens = await eachOf(admins, (name) => tokenOf(url, name));
  return { people, admins: tokens, changed: names(100, CHANGED), signUpsAt: worker };
}

const names = (after: number, length: number): string[] => Array.from({ length }, (_, at) => `u-${after + at + 1}`);

async function eachOf<T>(of: string[], give: (name: string) => Promise<T>): Promise<T[]> {
  const given: T[] = [];
  for (const name of of) given.push(await give(name));
  return given;
}

const loginOf = (name: string) => ({ username: name, password: PASSWORD });

async function tokenOf(url: string, name: string): Promise<string> {
  return (await ask(url, "PUT", "/user/token", {}, loginOf(name))).body.token;
}

async function logIn(url: string, name: string): Promise<Person> {
  const { headers } = await ask(url, "POST", "/auth/user/+login", {}, loginOf(name));
  const authorization = headers.get("authorization") ?? "";
  const wish = { password: PASSWORD, label: "bench" };
  const { data } = (await ask(url, "POST", "/auth/apikey", { Authorization: authorization }, wish)).body;
  const key = `${data.apikey_identity}.${data.apikey_secret}`;
  return { name, password: PASSWORD, token: await tokenOf(url, name), jwt: authorization.slice(4), key };
}

/** Fills better-auth with as many users who have the same names, addresses and password. */
export async function seedRival(arena: Arena, { users }: Sizes): Promise<Given> {
  const url = await arena.url("rival");
  await ask(url, "POST", "/migrate");
  await ask(url, "POST", "/api/auth/sign-up/email", RIVAL_ORIGIN, {
    name: "u-1",
    email: "u-1@example.org",
    password: PASSWORD,
  });
  const user = { id: "'user-' || n", name: "'u-' || n", email: "'u-' || n || '@example.org'" };
  const account = { id: "'account-' || n", userId: "'user-' || n", accountId: "'user-' || n" };
  const admins = names(PEOPLE, ADMINS);
  await arena.query("rival", [
    `${numbers(2, users)} ${await copyInto(arena, "rival", "user", user)} from user, numbers where name = 'u-1'`,
    `${numbers(2, users)} ${await copyInto(arena, "rival", "account", account)} from account, numbers
      where userId = (select id from user where name = 'u-1')`,
    `update user set role = 'admin' where name in (${admins.map((name) => `'${name}'`).join(", ")})`,
  ]);
  const signIn = async (name: string): Promise<Person> => {
    const login = { email: `${name}@example.org`, password: PASSWORD };
    const { token } = (await ask(url, "POST", "/api/auth/sign-in/email", RIVAL_ORIGIN, login)).body;
    const { key } = (
      await ask(url, "POST", "/api/auth/api-key/create", { ...RIVAL_ORIGIN, Authorization: `Bearer ${token}` }, {})
    ).body;
    return { name, password: PASSWORD, token, jwt: "", key };
  };
  const people = await eachOf(names(0, PEOPLE), signIn);
  const tokens = (await eachOf(admins, signIn)).map(({ token }) => token);
  return { people, admins: tokens, changed: [], signUpsAt: "off" };
}

/** Whom the limit workers, which share the stores of `off`, may change without being in its way. */
export const forLimits = (given: Given): Given => ({
  ...given,
  changed: names(500, CHANGED),
});

/** The same for a meter. */
export const forMeter = (given: Given): Given => ({ ...given, changed: names(900, CHANGED) });

export type Seeded = Partial<Record<Contestant, { url: string; given: Given }>>;
