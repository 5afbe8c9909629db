import { asc, eq, getTableColumns, or, type SQL, sql } from "drizzle-orm";
import { commit, type Db } from "./db.ts";
import { type Holdings, type Registered, registryIn, selectRegistry } from "./holdings.ts";
import { nameKey } from "./keys.ts";
import { controllerGrants, controllers, modelGrants, users } from "./schema.ts";

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
  const arePeople = or(eq(users.id, callerId), key === undefined ? undefined : eq(users.nameKey, key));
  const ofModels = among(models);
  const [registry, people, onController, onModels] = await commit(
    db,
    selectRegistry(db, isIt, ofModels),
    db.query
      .select({ id: users.id, name: users.name, nameKey: users.nameKey, role: users.role })
      .from(users)
      .where(arePeople),
    ...selectGrants(db, sql`select id from users where ${arePeople}`, isIt, ofModels),
  );
  const granted = people.map((person) => {
    const isOwn = ({ userId }: { userId: string }) => userId === person.id;
    return { ...person, controllerGrants: onController.filter(isOwn), modelGrants: onModels.filter(isOwn) };
  });
  return {
    controller: registryIn(registry)[0],
    caller: granted.find(({ id }) => id === callerId),
    user: granted.find((each) => each.nameKey === key),
  };
}

const among = (which: Question["models"]): SQL =>
  typeof which === "object" ? sql`models.name = ${which.name.toLowerCase()}` : which === "all" ? sql`true` : sql`false`;

/** The statements that read what some users were granted on a controller and on models of it, in the order of granting. */
function selectGrants(db: Db, whose: SQL, isIt: SQL, ofModels: SQL) {
  const controllerId = sql`(select id from controllers where ${isIt})`;
  const { seq: _, ...onController } = getTableColumns(controllerGrants);
  const { seq: __, ...onModel } = getTableColumns(modelGrants);
  // Somebody has fewer grants than the controller may have models.
  const isThere = sql`exists (
    select 1 from models where models.id = ${modelGrants.modelId} and controller_id = ${controllerId} and ${ofModels})`;
  return [
    db.query
      .select(onController)
      .from(controllerGrants)
      .where(sql`${controllerGrants.userId} in (${whose}) and ${controllerGrants.controllerId} = ${controllerId}`)
      .orderBy(asc(controllerGrants.seq)),
    db.query
      .select(onModel)
      .from(modelGrants)
      .where(sql`${modelGrants.userId} in (${whose}) and ${isThere}`)
      .orderBy(asc(modelGrants.seq)),
  ] as const;
}
