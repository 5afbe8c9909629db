import { ADMIN, type Arena, type Contestant, migrate } from "./arena.ts";
import type { Given, Person } from "./operations.ts";

export interface Sizes {
  users: number;
  tasks: number;
}

/** How many users take turns in asking, so that no single row or signature is what is measured. */
const PEOPLE = 16;
const ADMINS = 4;
/** Users whom one contestant changes. */
const CHANGED = 320;
const PASSWORD = "tulip-42";

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

const series = (length: number) =>
  `with recursive series(n) as (select 1 union all select n + 1 from series where n < ${length})`;

/** The rows of users of Ostiary, all with the password of the one named `first`: names `u-1` and on. */
export const usersFrom = (first: string, from: number, length: number): string => `
  ${series(length)} insert into users
    (id, name, name_key, email, email_key, password, role, state, source, creator, created_at, modified_at)
  select lower(hex(randomblob(16))), 'u-' || (n + ${from}), 'u-' || (n + ${from}), 'u-' || (n + ${from}) || '@example.org',
    'u-' || (n + ${from}) || '@example.org', password, 'USER', 'active', 'local', null, created_at, created_at
  from series, (select password, created_at from users where name = '${first}')`;

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
  const names = columns.map(({ name }) => String(name));
  return `insert into ${table} (${names.join(", ")}) select ${names.map((name) => own[name] ?? name).join(", ")}`;
}

/** Fills Ostiary with users and tasks and logs some of them in, for itself and for whoever shares its stores. */
export async function seedOstiary(arena: Arena, worker: "off" | "on", { users, tasks }: Sizes): Promise<Given> {
  await migrate(arena, worker);
  const url = await arena.url(worker);
  const password = { username: ADMIN.name, password: ADMIN.password };
  const { token } = (await ask(url, "PUT", "/user/token", {}, password)).body;
  await ask(url, "POST", "/user", { Authorization: `Bearer ${token}` }, { name: "u-1", password: PASSWORD });
  await arena.query(worker, [
    usersFrom("u-1", 1, users - 2),
    `update users set role = 'ADMIN' where name in (${names(2 * PEOPLE, ADMINS, quoted)})`,
  ]);
  await ask(url, "POST", "/v1/openstack/sign-up", {}, { email: "first@example.org", project_name: "first" });
  const task = { id: "fresh", open_key: "null", created_at: "created_at - n", body: "json_set(body, '$.id', fresh)" };
  await arena.query(worker, [
    `${series(tasks - 1)} ${await copyInto(arena, worker, "tasks", task)}
      from tasks, (select n, lower(hex(randomblob(16))) as fresh from series) limit ${tasks - 1}`,
  ]);
  const people: Person[] = [];
  for (let number = 1; number <= PEOPLE; number += 1) people.push(await logIn(url, `u-${number}`));
  const admins: string[] = [];
  for (let number = 1; number <= ADMINS; number += 1) admins.push(await tokenOf(url, `u-${2 * PEOPLE + number}`));
  const changed = Array.from({ length: CHANGED }, (_, at) => `u-${1_001 + at}`);
  return { people, admins, changed, signUpsAt: worker };
}

const quoted = (name: string) => `'${name}'`;
const names = (from: number, length: number, as: (name: string) => string) =>
  Array.from({ length }, (_, at) => as(`u-${from + at + 1}`)).join(", ");

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

/** Whom the limit workers, which share the stores of `off`, may change without being in its way. */
export const forLimits = (given: Given): Given => ({
  ...given,
  changed: given.changed.map((_, at) => `u-${2_001 + at}`),
});

export type Seeded = Record<Contestant, { url: string; given: Given }>;
