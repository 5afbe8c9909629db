import { and, asc, eq, sql } from "drizzle-orm";
import { live, selectControllerNamed } from "./access.ts";
import { amountOf, ROUGHLY } from "./amounts.ts";
import { isPlain, selectGrantees } from "./controllers.ts";
import type { Db } from "./db.ts";
import { NAMES_ON_PAGE, type NamePage, onPage } from "./name-pages.ts";
import { controllers, modelGrants, models, users } from "./schema.ts";

/** The controllers of a page, how many models each has, and how many people were granted something on it. */
export const controllersOnPage = (db: Db, page: NamePage, now: number) =>
  db.query
    .select({
      name: controllers.name,
      type: controllers.type,
      region: controllers.region,
      createdAt: controllers.createdAt,
      models: amountOf(sql`select 1 from models where controller_id = controllers.id`, ROUGHLY),
      people: amountOf(
        sql`select distinct user_id from controller_grants where controller_id = controllers.id and ${live(now)}`,
        ROUGHLY,
      ),
    })
    .from(controllers)
    .where(onPage(controllers.name, page))
    .orderBy(asc(controllers.name))
    .limit(NAMES_ON_PAGE + 1);

/**
 * The statements that read a controller by its name in lower case, what the caller was granted on it, what people were granted on it and has not ended, its models
 * by their names, and what people who have access to it were granted on these: at most so many rows each.
 */
export function selectControllerOverview(
  db: Db,
  { name, callerId }: { name: string; callerId: string },
  now: number,
  limit: number,
) {
  const id = sql`(select id from controllers where name = ${name})`;
  const hasAccess = sql`exists (select 1 from controller_grants as access
    where access.user_id = ${users.id} and access.controller_id = ${id} and ${live(now)})`;
  return [
    selectControllerNamed(db, name),
    selectGrantees(db, id, now, eq(users.id, callerId)),
    selectGrantees(db, id, now).limit(limit),
    db.query
      .select({ name: models.name })
      .from(models)
      .where(eq(models.controllerId, id))
      .orderBy(asc(models.name))
      .limit(limit),
    db.query
      .select({
        model: sql<string>`${models.name}`.as("model"),
        name: users.name,
        access: modelGrants.access,
        expiresAt: modelGrants.expiresAt,
      })
      .from(models)
      .crossJoin(modelGrants)
      .crossJoin(users)
      .where(
        and(
          eq(models.controllerId, id),
          eq(modelGrants.modelId, models.id),
          eq(users.id, modelGrants.userId),
          isPlain,
          live(now),
          hasAccess,
        ),
      )
      .orderBy(asc(models.name))
      .limit(limit),
  ] as const;
}
