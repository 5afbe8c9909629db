import { env } from "cloudflare:workers";
import { type Core, openCore, ownVisit, random } from "../../src/core/context.ts";
import { hashPassword } from "../../src/core/passwords.ts";
import { newId } from "../../src/core/secrets.ts";
import { beginSession } from "../../src/core/sessions.ts";
import { insertUser, type NewUser, type User } from "../../src/storage/users.ts";

/** The stored form of the password that most users of tests have: made once, since making it is what costs time. */
const KNOWN = {
  password: "a-password",
  phc: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdCBvZiB0aGUgdGVzdA$M47ZFHUyRRID6Wt4ihfBFGf2flbGjPyo0QmnbF4gqEw",
};

/** A core outside any request; its later work is waited for. */
async function withCore<T>(work: (core: Core) => Promise<T>): Promise<T> {
  const later: Promise<unknown>[] = [];
  const core = openCore({ env, visit: ownVisit(""), later: (promise) => void later.push(promise) });
  const result = await work(core);
  await Promise.all(later);
  return result;
}

/** A user as a registration would have made him. */
export async function stored(name: string, password: string, members: Partial<NewUser> = {}): Promise<User> {
  const phc = password === KNOWN.password ? KNOWN.phc : await hashPassword(password, random);
  const user = { id: newId(random), name, email: null, password: phc, role: "USER", creator: null } as const;
  return withCore(async ({ db, now }) => {
    const [made] = await insertUser(db, { ...user, createdAt: now(), ...members });
    if (!made) throw new Error(`no user ${name}`);
    return made;
  });
}

/** A session token as a log-in would have made it. */
export const aSession = (user: User): Promise<string> =>
  withCore(async (core) => (await beginSession(core, user, { form: "alphanumeric" })).token);

/** Makes users whose names, and ids, are a text that a number follows. */
export const manyUsers = (prefix: string, count: number) =>
  env.DB.prepare(
    `with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < ?2)
      insert into users (id, name, name_key, role, state, source, created_at, modified_at)
      select ?1 || i, ?1 || i, ?1 || i, 'USER', 'active', 'local', 1, 1 from n`,
  )
    .bind(prefix, count)
    .run();
