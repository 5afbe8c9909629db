import { and, desc, eq, isNull, ne, or, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { nameKey as key } from "./keys.ts";
import { users } from "./schema.ts";

/** A living user as stored. */
export type User = typeof users.$inferSelect;

export interface NewUser {
  id: string;
  name: string;
  email: string | null;
  /** PHC string, or null: no log-in until one is set. */
  password: string | null;
  role: User["role"];
  /** Id of who makes him; null when nobody does. */
  creator: string | null;
  /** Unix milliseconds. */
  createdAt: number;
  /** Whether somebody has vouched for the address; true when left out. */
  emailConfirmed?: boolean;
}

/** When an insert or update may take effect; it changes no row otherwise. */
export type Only = "always" | "if the address is free" | "if nobody is meant by the address" | "if the table is empty";

/**
 * Inserts a user and gives his row, or no row when the condition does not hold. A name that is taken is a constraint
 * violation on `users.name_key`. Times of creation never run against the order of insertion.
 */
export function insertUser(db: Db, user: NewUser, only: Only = "always") {
  const emailKey = user.email === null ? null : key(user.email);
  const createdAt = sql`max(${user.createdAt}, coalesce((select created_at from users order by seq desc limit 1), 0))`;
  const bootstrap = only === "if the table is empty" ? 1 : 0;
  return db.query
    .insert(users)
    .select(sql`
      select null, ${user.id}, ${user.name}, ${key(user.name)}, ${user.email}, ${emailKey}, ${user.password}, ${user.role},
        'active', ${bootstrap}, 'local', ${user.creator}, 0, 0, ${createdAt}, ${createdAt}, null, 0, ${user.emailConfirmed === false ? 0 : 1}
      where ${only === "if the table is empty" ? sql`not exists (select 1 from users)` : addressFree(only, emailKey, user.id)}`)
    .returning();
}

function addressFree(only: Only, emailKey: string | null, id: string): SQL {
  // An address that several have means nobody.
  if (only === "if nobody is meant by the address")
    return sql`(select count(*) from users where email_key = ${emailKey}) <> 1`;
  return only === "if the address is free" && emailKey !== null
    ? sql`not exists (select 1 from users where (email_key = ${emailKey} or name_key = ${emailKey}) and id <> ${id})`
    : sql`true`;
}

/** Statements that find users, to be read together with others. */
export const selectUser = (db: Db, id: string | SQLWrapper) => db.query.select().from(users).where(eq(users.id, id));
export const selectUserNamed = (db: Db, name: string) =>
  db.query
    .select()
    .from(users)
    .where(eq(users.nameKey, key(name)));

/** A user by his id, or by a name in any letter case. */
export type Whose = { id: string | SQLWrapper } | { name: string };

/** His id, for a condition. */
export const idOf = (whose: Whose): SQL<string> =>
  "id" in whose ? sql`${whose.id}` : sql`(select id from users where name_key = ${key(whose.name)})`;

export const selectUserMeant = (db: Db, whose: Whose) =>
  "id" in whose ? selectUser(db, whose.id) : selectUserNamed(db, whose.name);

/** The user of that name, whatever its letter case. */
export function userNamed(db: Db, name: string): Promise<User | undefined> {
  return selectUserNamed(db, name).get();
}

export function userWithId(db: Db, id: string): Promise<User | undefined> {
  return selectUser(db, id).get();
}

/** Who bears an address as his name, first, and at most two who have it as their e-mail, whatever its letter case. */
export function selectNamedOrReachedAt(db: Db, address: string) {
  const [named, reached] = [eq(users.nameKey, key(address)), eq(users.emailKey, key(address))];
  return db.query.select().from(users).where(or(named, reached)).orderBy(desc(named)).limit(3);
}

export interface UserChange {
  /** Goes with `email`; false when nobody has vouched for it. */
  emailConfirmed?: boolean;
  role?: User["role"];
  email?: string | null;
  /** An empty text is none. */
  source?: string;
  lastLogin?: { at: number; offset: number };
}

/** What the row must still be for a change or deletion to take effect. */
export interface AsSeen {
  version?: number;
  /** The `lastLoginAt` seen. */
  lastLoginAt?: number | null;
}

const asSeen = (id: string, seen: AsSeen): (SQL | undefined)[] => [
  eq(users.id, id),
  seen.version === undefined ? undefined : eq(users.version, seen.version),
  seen.lastLoginAt === undefined
    ? undefined
    : seen.lastLoginAt === null
      ? isNull(users.lastLoginAt)
      : eq(users.lastLoginAt, seen.lastLoginAt),
];

/** Changes a user and raises his version by one; gives the row, or none when it was not as seen or the address is taken. */
export function updateUser(db: Db, id: string, change: UserChange, seen: AsSeen, now: number) {
  const { role, email, emailConfirmed = true, source, lastLogin } = change;
  const emailKey = email ? key(email) : null;
  return db.query
    .update(users)
    .set({
      version: sql`${users.version} + 1`,
      modifiedAt: now,
      ...(role && { role }),
      ...(email === undefined ? {} : { email, emailKey, emailConfirmed }),
      ...(source !== undefined && { source }),
      ...(lastLogin && { lastLoginAt: lastLogin.at, lastLoginOffset: lastLogin.offset }),
    })
    .where(and(...asSeen(id, seen), addressFree("if the address is free", emailKey, id)))
    .returning();
}

/**
 * Sets the e-mail of an active user as he was seen, and his name where that is the address too. Changes no row when somebody
 * else has the address by then, as name or e-mail.
 */
export function updateEmail(db: Db, seen: Pick<User, "id" | "version">, email: string, name: boolean, now: number) {
  const address = key(email);
  const others = sql`select 1 from users where id <> ${seen.id} and (email_key = ${address} or name_key = ${address})`;
  return db.query
    .update(users)
    .set({
      version: sql`${users.version} + 1`,
      modifiedAt: now,
      email,
      emailKey: address,
      emailConfirmed: true,
      ...(name && { name: email, nameKey: address }),
    })
    .where(and(...asSeen(seen.id, seen), eq(users.state, "active"), sql`not exists (${others})`));
}

/** Gives users the role ADMIN or takes it, and raises the versions, only where it differs. */
export function updateRoles(db: Db, ids: string[], role: User["role"]) {
  return db.query
    .update(users)
    .set({ role, version: sql`${users.version} + 1` })
    .where(and(sql`${users.id} in (select value from json_each(${JSON.stringify(ids)}))`, ne(users.role, role)));
}

/** Lets a user go from one state to the other, and ends by the epoch what he is logged in with; gives the row if it was in that one. */
export function updateState(db: Db, id: string, [from, to]: readonly [User["state"], User["state"]]) {
  const epoch = to === "inactive" ? 1 : 0;
  return db.query
    .update(users)
    .set({ state: to, version: sql`${users.version} + 1`, authEpoch: sql`${users.authEpoch} + ${epoch}` })
    .where(and(eq(users.id, id), eq(users.state, from)))
    .returning({ id: users.id });
}

export function updateLastLogin(db: Db, id: string, at: number) {
  return db.query.update(users).set({ lastLoginAt: at, lastLoginOffset: 0 }).where(eq(users.id, id));
}

/**
 * Sets a password (a PHC string) and ends by the epoch everything the user is logged in with; gives the row. With `seen` only
 * as long as he is the active user that was looked at.
 */
export function updatePassword(db: Db, id: string, password: string, seen?: Pick<User, "role" | "authEpoch">) {
  return db.query
    .update(users)
    .set({ password, authEpoch: sql`${users.authEpoch} + 1` })
    .where(
      and(
        eq(users.id, id),
        seen && eq(users.role, seen.role),
        seen && eq(users.authEpoch, seen.authEpoch),
        seen && eq(users.state, "active"),
      ),
    )
    .returning();
}

/** Ends by the epoch everything that a user is logged in with; gives one row if he is there. */
export function raiseEpoch(db: Db, whose: Whose) {
  return db.query
    .update(users)
    .set({ authEpoch: sql`${users.authEpoch} + 1` })
    .where(eq(users.id, idOf(whose)))
    .returning({ id: users.id });
}

/** Stores the same password in another form, if it is still stored in the one that was seen. Nobody is logged out. */
export function renewPassword(db: Db, id: string, from: string, to: string) {
  return db.query
    .update(users)
    .set({ password: to })
    .where(and(eq(users.id, id), eq(users.password, from)));
}

/** Deletes a user and by cascade what he held; gives one row if he was there and as seen. */
export function deleteUser(db: Db, id: string, seen: AsSeen) {
  return db.query
    .delete(users)
    .where(and(...asSeen(id, seen)))
    .returning({ id: users.id });
}

/** Users by their names, whatever the letter case. */
export function usersOfNames(db: Db, names: string[]) {
  return db.query
    .select({ id: users.id, name: users.name, nameKey: users.nameKey })
    .from(users)
    .where(sql`${users.nameKey} in (select value from json_each(${JSON.stringify(names.map(key))}))`);
}

/** Users by their names, whatever the letter case, and by their ids. */
export const selectUsersMeant = (db: Db, texts: string[]) => db.query.select().from(users).where(areMeant(texts));

/** Whether a user is meant by one of these. */
export function areMeant(texts: string[]): SQL | undefined {
  const [ids, keys] = [JSON.stringify(texts), JSON.stringify(texts.map(key))];
  const named = sql`${users.nameKey} in (select value from json_each(${keys}))`;
  return or(sql`${users.id} in (select value from json_each(${ids}))`, named);
}

/** Whether there is an ADMIN. Where there is one there will always be. */
export async function hasAdministrator(db: Db): Promise<boolean> {
  return (
    (await db.query.select({ id: users.id }).from(users).where(eq(users.role, "ADMIN")).limit(1).get()) !== undefined
  );
}
