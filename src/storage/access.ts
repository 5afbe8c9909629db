import { and, eq, sql } from "drizzle-orm";
import { commit, type Db } from "./db.ts";
import { controllerGrants, controllers, modelGrants, models } from "./schema.ts";

export type Controller = typeof controllers.$inferSelect;
export type Model = typeof models.$inferSelect;
/** A grant as far as it decides: a level and its end, Unix milliseconds; null: it does not end. */
export type Grant<L extends string> = { access: L; expiresAt: number | null };
export type ControllerLevel = (typeof controllerGrants.$inferSelect)["access"];
export type ModelLevel = (typeof modelGrants.$inferSelect)["access"];
export type Level = ControllerLevel | ModelLevel;

/** The statement that finds the controller of a name in lower case, to be read together with others. */
export const selectControllerNamed = (db: Db, name: string) =>
  db.query.select().from(controllers).where(eq(controllers.name, name));

/** A controller and a model of it by their names in lower case, whichever of them there is. */
export async function resourceNamed(db: Db, controller: string, model: string | null) {
  const ofName = eq(controllers.name, controller);
  const [[found], [foundModel]] = await commit(
    db,
    selectControllerNamed(db, controller),
    db.query
      .select()
      .from(models)
      .where(
        and(sql`${models.controllerId} in (select id from controllers where ${ofName})`, eq(models.name, model ?? "")),
      ),
  );
  return { controller: found, model: foundModel };
}

/** Of grants of either kind: those that have not ended. */
export const live = (now: number) => sql`(expires_at is null or expires_at > ${now})`;

/** What somebody was granted on a controller and on a model of it, and has not ended. */
export async function liveGrants(db: Db, userId: string, controllerId: string, modelId: string | null, now: number) {
  const [onController, onModel] = await commit(
    db,
    db.query
      .select({ access: controllerGrants.access, expiresAt: controllerGrants.expiresAt })
      .from(controllerGrants)
      .where(and(eq(controllerGrants.userId, userId), eq(controllerGrants.controllerId, controllerId), live(now))),
    db.query
      .select({ access: modelGrants.access, expiresAt: modelGrants.expiresAt })
      .from(modelGrants)
      .where(and(eq(modelGrants.userId, userId), eq(modelGrants.modelId, modelId ?? ""), live(now))),
  );
  return { onController, onModel };
}

/** The statements that read the ids of the controllers that somebody is superuser on, and of the models that he was made admin of. */
export const selectRuled = (db: Db, userId: string, now: number) =>
  [
    db.query
      .select({ id: controllerGrants.controllerId })
      .from(controllerGrants)
      .where(and(eq(controllerGrants.userId, userId), eq(controllerGrants.access, "superuser"), live(now))),
    db.query
      .select({ id: modelGrants.modelId })
      .from(modelGrants)
      .where(
        and(
          eq(modelGrants.userId, userId),
          eq(modelGrants.access, "admin"),
          live(now),
          sql`exists (select 1 from controller_grants where user_id = ${userId} and ${live(now)}
            and controller_id = (select controller_id from models where id = ${modelGrants.modelId}))`,
        ),
      ),
  ] as const;

/** Grants a user, if he is there, `login` on every controller. */
export function insertLoginEverywhere(db: Db, userId: string) {
  return db.query.insert(controllerGrants).select(sql`
    select null, users.id, controllers.id, 'login', null from users, controllers where users.id = ${userId}
    order by controllers.seq`);
}
