import { eq, or, type SQL, sql } from "drizzle-orm";
import { commit, type Db } from "./db.ts";
import { type Holdings, type Registered, selectRegistry } from "./holdings.ts";
import { nameKey } from "./keys.ts";
import { controllers, users } from "./schema.ts";

export type { Registered } from "./holdings.ts";

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

/** A user and what he was granted on one controller and on the models asked about. */
export type Granted = Pick<Holdings, "name" | "role" | "controllerGrants" | "modelGrants"> & { id: string };

/** What a decision rests on: the controller with those models, who asks and whom it is about. */
export interface Grounds {
  controller: Registered | undefined;
  caller: Granted | undefined;
  user: Granted | undefined;
}

/** Reads what a decision about a controller rests on, at one moment and in one round trip. */
export async function groundsOf(db: Db, question: Question): Promise<Grounds> {
  const { callerId, user, models } = question;
  const isIt = eq(controllers.name, question.controller.toLowerCase());
  const key = user === undefined ? undefined : nameKey(user);
  const ofModels = among(models);
  const [[controller], people] = await commit(
    db,
    selectRegistry(db, isIt, ofModels),
    db.query
      .select({ id: users.id, name: users.name, nameKey: users.nameKey, role: users.role, ...grantsOn(isIt, ofModels) })
      .from(users)
      .where(or(eq(users.id, callerId), key === undefined ? undefined : eq(users.nameKey, key))),
  );
  return {
    controller,
    caller: people.find(({ id }) => id === callerId),
    user: people.find((each) => each.nameKey === key),
  };
}

const among = (which: Question["models"]): SQL =>
  typeof which === "object" ? sql`models.name = ${which.name.toLowerCase()}` : which === "all" ? sql`true` : sql`false`;

const listed = <T>(rows: SQL) =>
  sql<string>`(select json_group_array(json(each)) from (${rows}))`.mapWith((text: string): T[] => JSON.parse(text));

function grantsOn(isIt: SQL, ofModels: SQL) {
  const controllerId = sql`(select id from controllers where ${isIt})`;
  return {
    controllerGrants: listed<Holdings["controllerGrants"][number]>(sql`
      select json_object('controllerId', controller_id, 'access', access, 'expiresAt', expires_at) as each
      from controller_grants where user_id = ${users.id} and controller_id = ${controllerId} order by seq`),
    // Somebody has fewer grants than the controller may have models.
    modelGrants: listed<Holdings["modelGrants"][number]>(sql`
      select json_object('modelId', model_id, 'access', access, 'expiresAt', expires_at) as each
      from model_grants where user_id = ${users.id} and exists (
        select 1 from models where models.id = model_id and controller_id = ${controllerId} and ${ofModels}) order by seq`),
  };
}
