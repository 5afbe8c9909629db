import { and, asc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { live } from "./access.ts";
import { commit, type Db } from "./db.ts";
import { cloudCredentials, controllerGrants, controllers, modelGrants, models, users } from "./schema.ts";
import { mustHold } from "./tasks.ts";

export type NewController = Omit<typeof controllers.$inferInsert, "seq">;
export type NewModel = Omit<typeof models.$inferInsert, "seq">;

/** A name that is taken is a constraint violation on `controllers.name`. */
export function insertController(db: Db, controller: NewController) {
  return db.query.insert(controllers).values(controller);
}

/** Deletes a controller and by cascade its models and every grant on either; gives one row if it was there. */
export function deleteController(db: Db, id: string) {
  return db.query.delete(controllers).where(eq(controllers.id, id)).returning({ id: controllers.id });
}

/** A name that the controller has a model of, or the controller being gone, is a constraint violation. */
export function insertModel(db: Db, model: NewModel) {
  return db.query.insert(models).values(model);
}

export function deleteModel(db: Db, id: string) {
  return db.query.delete(models).where(eq(models.id, id)).returning({ id: models.id });
}

/** The constraint that `mustHaveCredential` fails by. */
export const NO_CREDENTIAL = "task_ledger.task_id";

/** Fails its batch unless a user has a credential of that name. */
export const mustHaveCredential = (db: Db, userId: string, name: string) =>
  mustHold(
    db,
    sql`exists (select 1 from ${cloudCredentials}
      where ${and(eq(cloudCredentials.userId, userId), eq(cloudCredentials.name, name))})`,
  );

/** The statement that reads the names of all controllers, or of those that somebody has a live grant on, in the order of creation. */
export function selectControllerNames(db: Db, whose: "all" | { userId: string; now: number }) {
  const granted = (userId: string, now: number) =>
    db.query
      .select({ id: controllerGrants.controllerId })
      .from(controllerGrants)
      .where(and(eq(controllerGrants.userId, userId), live(now)));
  return db.query
    .select({ name: controllers.name })
    .from(controllers)
    .where(whose === "all" ? undefined : inArray(controllers.id, granted(whose.userId, whose.now)))
    .orderBy(asc(controllers.seq));
}

/** Who has a grant, and which: a line for each that is live, in the order of granting; ADMINs are not among them. */
const grantees = { name: users.name, userId: users.id };
export const isPlain = eq(users.role, "USER");

const selectAdmins = (db: Db) =>
  db.query.select({ name: users.name }).from(users).where(eq(users.role, "ADMIN")).orderBy(asc(users.seq));

export const selectGrantees = (db: Db, controllerId: string | SQL, now: number, and_?: SQL) =>
  db.query
    .select({ ...grantees, access: controllerGrants.access, expiresAt: controllerGrants.expiresAt })
    .from(controllerGrants)
    .innerJoin(users, eq(users.id, controllerGrants.userId))
    .where(and(eq(controllerGrants.controllerId, controllerId), isPlain, live(now), and_))
    .orderBy(asc(controllerGrants.seq));

/** The ADMINs in the order of their creation, and who has live grants on a controller. */
export async function peopleOfController(db: Db, controllerId: string, now: number) {
  const [admins, granted] = await commit(db, selectAdmins(db), selectGrantees(db, controllerId, now));
  return { admins, granted };
}

/** The same for a model, which superusers of its controller have too; others by grants that count. */
export async function peopleOfModel(db: Db, controllerId: string, modelId: string, now: number) {
  const counts = sql`exists (select 1 from controller_grants as of_controller
    where of_controller.user_id = ${users.id} and controller_id = ${controllerId} and ${live(now)})`;
  const [admins, superusers, granted] = await commit(
    db,
    selectAdmins(db),
    selectGrantees(db, controllerId, now, eq(controllerGrants.access, "superuser")),
    db.query
      .select({ ...grantees, access: modelGrants.access, expiresAt: modelGrants.expiresAt })
      .from(modelGrants)
      .innerJoin(users, eq(users.id, modelGrants.userId))
      .where(and(eq(modelGrants.modelId, modelId), isPlain, live(now), counts))
      .orderBy(asc(modelGrants.seq)),
  );
  return { admins, superusers, granted };
}
