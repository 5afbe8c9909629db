import { asc, eq, lte, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { type Grant, type Level, live } from "./access.ts";
import { type Condition, commit, type Db } from "./db.ts";
import { controllerGrants, controllers, modelGrants, models, users } from "./schema.ts";

/** What can be granted: each kind of thing has a table of its own. */
export type Kind = "controller" | "model";

const GRANTS = {
  controller: { table: controllerGrants, thing: controllerGrants.controllerId },
  model: { table: modelGrants, thing: modelGrants.modelId },
} as const;

/** Whose a grant is, and the id of what it is on. */
export interface On {
  userId: string;
  on: string;
}

const held = (kind: Kind, { userId, on }: On): SQL =>
  sql`${GRANTS[kind].table.userId} = ${userId} and ${GRANTS[kind].thing} = ${on}`;

/** Somebody's grants on the models of a controller; he has fewer of them than it may have models. */
const onModelsOf = ({ userId, on }: On): SQL => sql`${modelGrants.userId} = ${userId}
  and exists (select 1 from models where models.id = ${modelGrants.modelId} and models.controller_id = ${on})`;

/** Whether somebody has a live grant on a controller, given by columns or values. */
const hasAccess = (userId: unknown, controllerId: unknown, now: number): SQL =>
  sql`exists (select 1 from controller_grants where user_id = ${userId} and controller_id = ${controllerId} and ${live(now)})`;

/**
 * Makes a level and its end the only grant that somebody has on something; it keeps the place in the order of granting. User
 * or thing being gone is a constraint violation.
 */
export function setGrant(db: Db, kind: Kind, on: On, { access, expiresAt }: Grant<Level>) {
  const { table } = GRANTS[kind];
  const oldest = sql`(select min(seq) from ${table} where ${held(kind, on)})`;
  return [
    db.query
      .insert(table)
      .select(sql`select ${oldest}, ${on.userId}, ${on.on}, ${access}, ${expiresAt} where true`)
      .onConflictDoUpdate({ target: table.seq, set: { access: sql`excluded.access`, expiresAt } }),
    db.query.delete(table).where(sql`${held(kind, on)} and seq > ${oldest}`),
  ];
}

/** Adds a grant to what somebody has on something; user or thing being gone is a constraint violation. */
export function addGrant(db: Db, kind: Kind, { userId, on }: On, { access, expiresAt }: Grant<Level>) {
  return db.query.insert(GRANTS[kind].table).select(sql`select null, ${userId}, ${on}, ${access}, ${expiresAt}`);
}

/** Lets somebody who has no access to a controller log in there, without an end. */
export function admit(db: Db, { userId, on }: On, now: number) {
  return db.query
    .insert(controllerGrants)
    .select(sql`select null, ${userId}, ${on}, 'login', null where not ${hasAccess(userId, on, now)}`);
}

/** Takes what somebody was granted on something. */
export function deleteGrants(db: Db, kind: Kind, on: On) {
  return db.query.delete(GRANTS[kind].table).where(held(kind, on));
}

/** Takes what somebody was granted on the models of a controller. */
export function deleteModelGrants(db: Db, on: On) {
  return db.query.delete(modelGrants).where(onModelsOf(on));
}

/** Removes those grants of somebody on something that have ended; `only`: if that holds. */
export function deleteEndedGrants(db: Db, kind: Kind, on: On, now: number, only: Condition = sql`true`) {
  return db.query.delete(GRANTS[kind].table).where(sql`${held(kind, on)} and not ${live(now)} and ${only}`);
}

/** That grants on models outlived somebody's access to their controller (access contract, 12.3). */
export const outlived = (on: On, now: number): Condition =>
  sql`not ${hasAccess(on.userId, on.on, now)} and exists (select 1 from model_grants where ${onModelsOf(on)})`;

/** Takes them. To be committed before anything is granted there. */
export function deleteOutlivedGrants(db: Db, on: On, now: number) {
  return db.query.delete(modelGrants).where(sql`${onModelsOf(on)} and not ${hasAccess(on.userId, on.on, now)}`);
}

/** What of somebody's grants on something is live: the same text for the same grants. */
const leftOf = (kind: Kind, userId: unknown, on: unknown, now: number): SQL => {
  const { table, thing } = GRANTS[kind];
  return sql`(select json_group_array(json_object('access', access, 'expiresAt', expires_at)) from (
    select access, expires_at from ${table} as other where other.user_id = ${userId}
      and other.${sql.identifier(thing.name)} = ${on} and ${live(now)} order by seq))`;
};

/** That somebody's grants on something are as they were found: some have ended, and these are left. */
export function stillEnded(kind: Kind, on: On, left: Grant<Level>[], now: number): Condition {
  const { table } = GRANTS[kind];
  return sql`exists (select 1 from ${table} where ${held(kind, on)} and not ${live(now)})
    and ${leftOf(kind, on.userId, on.on, now)} = ${JSON.stringify(left)}`;
}

const parsed = (text: string): Grant<Level>[] => JSON.parse(text);

/** The id and name of a row; in a batch D1 tells columns apart by their names only. */
const named = <A extends string>(table: { id: SQLWrapper; name: SQLWrapper }, as: A) => ({
  id: sql<string>`${table.id}`.as(`${as}_id`),
  name: sql<string>`${table.name}`.as(`${as}_name`),
});

/**
 * Whose grants on what have ended, those that ended first and at most so many of each kind, and what is `left` to him there in
 * the order of granting. `counts`: whether he still has access to the controller of the model.
 */
export async function endedGrants(db: Db, now: number, limit: number) {
  const place = { user: named(users, "user"), controller: named(controllers, "controller") };
  const onControllers = db.query
    .select({
      ...place,
      left: leftOf("controller", controllerGrants.userId, controllerGrants.controllerId, now).mapWith(parsed),
    })
    .from(controllerGrants)
    .innerJoin(users, eq(users.id, controllerGrants.userId))
    .innerJoin(controllers, eq(controllers.id, controllerGrants.controllerId))
    .where(lte(controllerGrants.expiresAt, now))
    .orderBy(asc(controllerGrants.expiresAt))
    .limit(limit);
  const onModels = db.query
    .select({
      ...place,
      model: named(models, "model"),
      counts: hasAccess(users.id, controllers.id, now).mapWith(Boolean),
      left: leftOf("model", modelGrants.userId, modelGrants.modelId, now).mapWith(parsed),
    })
    .from(modelGrants)
    .innerJoin(users, eq(users.id, modelGrants.userId))
    .innerJoin(models, eq(models.id, modelGrants.modelId))
    .innerJoin(controllers, eq(controllers.id, models.controllerId))
    .where(lte(modelGrants.expiresAt, now))
    .orderBy(asc(modelGrants.expiresAt))
    .limit(limit);
  const [ofControllers, ofModels] = await commit(db, onControllers, onModels);
  return { ofControllers, ofModels };
}
