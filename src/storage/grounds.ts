import { eq, inArray, or, type SQL, sql } from "drizzle-orm";
import { commit, type Db } from "./db.ts";
import { type Granted, type Registered, selectGranted, selectRegistry, type Within } from "./holdings.ts";
import { nameKey } from "./keys.ts";
import { controllers, users } from "./schema.ts";

export type { Granted, Registered } from "./holdings.ts";

/** What is asked about: names in any letter case. */
export interface Question {
  controller: string;
  /** Which of its models. */
  models: "all" | "none" | { name: string };
  /** The id of who asks. */
  callerId: string;
  /** The name of whom it is about. */
  user?: string;
}

/** What a decision rests on: the controller with the models asked about, who asks and whom it is about, and their grants there. */
export interface Grounds {
  controller: Registered | undefined;
  caller: Granted | undefined;
  user: Granted | undefined;
}

/** Reads what a decision about a controller rests on, at one moment and in one round trip. */
export async function groundsOf(db: Db, { controller, models, callerId, user }: Question): Promise<Grounds> {
  const isIt = eq(controllers.name, controller.toLowerCase());
  const within = { controllerId: sql`(select id from controllers where ${isIt})`, models: among(models) };
  const named = user === undefined ? undefined : nameKey(user);
  const meant = or(eq(users.id, callerId), named === undefined ? undefined : eq(users.nameKey, named));
  const [[found], people] = await commit(
    db,
    selectRegistry(db, isIt, within.models),
    selectGranted(db, meant, within),
  );
  return {
    controller: found,
    caller: people.find(({ id }) => id === callerId),
    user: named === undefined ? undefined : people.find(({ name }) => nameKey(name) === named),
  };
}

const among = (which: Question["models"]): SQL =>
  typeof which === "object" ? sql`models.name = ${which.name.toLowerCase()}` : which === "all" ? sql`true` : sql`false`;

/** The statements that read a controller with its models, and what users have there, by their ids. */
export function selectGrounds(db: Db, controllerId: string, userIds: string[]) {
  const within: Within = { controllerId: sql`${controllerId}`, models: sql`true` };
  return [
    selectRegistry(db, eq(controllers.id, controllerId)),
    selectGranted(db, inArray(users.id, userIds), within),
  ] as const;
}

/** The statements that read users of these ids with all their grants, and the controllers that the first can have access to. */
export function selectAccess(db: Db, whose: { name: string } | { id: string }, others: string[] = []) {
  const isHe = "id" in whose ? eq(users.id, whose.id) : eq(users.nameKey, nameKey(whose.name));
  // Only an ADMIN is worth a look at every controller.
  const reach = sql`${controllers.id} in (
    select controller_id from controller_grants where user_id = (select id from users where ${isHe})
    union all select all_of_them.id from users cross join controllers as all_of_them where ${isHe} and role = 'ADMIN')`;
  const meant = others.length > 0 ? or(isHe, inArray(users.id, others)) : isHe;
  return [selectGranted(db, meant), selectRegistry(db, reach)] as const;
}
