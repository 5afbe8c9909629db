import { and, asc, eq, type SQL, sql } from "drizzle-orm";
import type { ControllerLevel, Grant, ModelLevel } from "./access.ts";
import type { Db } from "./db.ts";
import { nameKey } from "./keys.ts";
import { PLACE, placeAt } from "./places.ts";
import { controllers, models } from "./schema.ts";
import { userCountsOf } from "./user-pages.ts";
import type { User } from "./users.ts";

/** A controller and its models, in the order of creation. */
export interface Registered {
  id: string;
  name: string;
  type: string;
  region: string | null;
  models: { id: string; name: string }[];
}

/** A user and what the access dialect shows of him, each list in the order of adding; grants that have ended are among them. */
export interface Holdings {
  seq: number;
  name: string;
  role: User["role"];
  state: User["state"];
  sshKeys: string[];
  credentials: { name: string; type: string; sealed: string }[];
  controllerGrants: (Grant<ControllerLevel> & { controllerId: string })[];
  modelGrants: (Grant<ModelLevel> & { modelId: string })[];
}

export type Whose = { id: string } | { name: string };
/** Users in the order of creation: one; those after a `seq`; those from an offset on. */
export type Run = Whose | { after: number; limit: number } | { offset: number; limit: number };

/** What a portion of users may hold in keys and credentials before it ends; the last of them may have more. */
const PORTION_BYTES = 2 ** 21;

const whose = (who: Whose): SQL => ("id" in who ? sql`id = ${who.id}` : sql`name_key = ${nameKey(who.name)}`);

function within(run: Run): SQL {
  if ("after" in run) return sql`where seq > ${run.after} order by seq limit ${run.limit}`;
  if (!("offset" in run)) return sql`where ${whose(run)}`;
  return sql`where seq >= ${PLACE.begin} order by seq limit ${run.limit} offset ${PLACE.skip}`;
}

const BYTES = sql`(select coalesce(sum(octet_length(key)), 0) from ssh_keys where user_id = users.id)
  + (select coalesce(sum(octet_length(sealed)), 0) from cloud_credentials where user_id = users.id)`;

/** A row for a user and for each thing that he holds: together in one value they could be longer than D1 allows. */
const SECRETS = sql`
  union all select p.seq, 'key', k.seq, k.key, null, null, null from portion p join ssh_keys k on k.user_id = p.id
  union all select p.seq, 'credential', c.seq, c.name, c.type, c.sealed, null
    from portion p join cloud_credentials c on c.user_id = p.id`;

/**
 * The statement that reads what users have, for `holdingsIn`. It gives fewer of a run where what they hold is too much at
 * once. `what`: with keys and credentials, or only what they were granted.
 */
export function selectHoldings(db: Db, run: Run, what: "all" | "grants" = "all") {
  const found = sql`(
    with ${"offset" in run ? sql`place as (${placeAt(userCountsOf({}), run.offset)}),` : sql``}
      weighed as materialized (select seq, id, name, role, state, ${what === "all" ? BYTES : sql`0`} as bytes from users ${within(run)}),
      portion as materialized (select * from (select *, sum(bytes) over (order by seq) - bytes as before from weighed)
        where before < ${PORTION_BYTES})
    select seq, 'user' as kind, 0 as place, name as one, role as two, state as three,
      (select max(seq) from users) > (select max(seq) from portion) as more from portion
    union all select p.seq, 'controller', g.seq, g.controller_id, g.access, g.expires_at, null
      from portion p join controller_grants g on g.user_id = p.id
    union all select p.seq, 'model', g.seq, g.model_id, g.access, g.expires_at, null
      from portion p join model_grants g on g.user_id = p.id
    ${what === "all" ? SECRETS : sql``}
    order by 1, 3)`;
  const columns = {
    seq: sql<number>`seq`,
    kind: sql<"user" | "key" | "credential" | "controller" | "model">`kind`,
    one: sql<string>`one`,
    two: sql<string>`two`,
    three: sql<string | number | null>`three`,
    more: sql<number | null>`more`,
  };
  return db.query.select(columns).from(found);
}

/** The users of such a statement, and whether there are any after the last. */
export function holdingsIn(rows: Awaited<ReturnType<typeof selectHoldings>>): { users: Holdings[]; more: boolean } {
  const users: Holdings[] = [];
  for (const { seq, kind, one, two, three } of rows) {
    if (kind === "user") {
      const [role, state] = [two as User["role"], three as User["state"]];
      users.push({ seq, name: one, role, state, sshKeys: [], credentials: [], controllerGrants: [], modelGrants: [] });
    }
    const user = users.at(-1);
    const expiresAt = three as number | null;
    if (kind === "key") user?.sshKeys.push(one);
    if (kind === "credential") user?.credentials.push({ name: one, type: two, sealed: String(three) });
    if (kind === "controller") {
      user?.controllerGrants.push({ controllerId: one, access: two as ControllerLevel, expiresAt });
    }
    if (kind === "model") user?.modelGrants.push({ modelId: one, access: two as ModelLevel, expiresAt });
  }
  return { users, more: rows[0]?.more === 1 };
}

const granted = (who: Whose): SQL => sql`
  select controller_id from (select id as holder from users where ${whose(who)}) join controller_grants on user_id = holder`;

/** Which controllers somebody was granted something on. */
export const isGranted = (who: Whose): SQL => sql`${controllers.id} in (${granted(who)})`;

/** Which controllers somebody may have something on: those that he was granted, for an ADMIN all. */
export const withinReach = (who: Whose): SQL => sql`${controllers.id} in (${granted(who)}
  union all
  select c.id from (select role from users where ${whose(who)}) cross join controllers c where role = 'ADMIN')`;

/**
 * The statement that reads controllers with their models, or some of them, in the order of creation, for `registryIn`: a row for
 * each model, since together they could be longer than a value of D1 may be.
 */
export const selectRegistry = (db: Db, where?: SQL, ofModels?: SQL) =>
  db.query
    .select({
      id: controllers.id,
      name: controllers.name,
      type: controllers.type,
      region: controllers.region,
      // In a batch D1 tells columns apart by their names only.
      modelId: sql<string | null>`${models.id}`.as("model_id"),
      modelName: sql<string | null>`${models.name}`.as("model_name"),
    })
    .from(controllers)
    .leftJoin(models, and(eq(models.controllerId, controllers.id), ofModels))
    .where(where)
    .orderBy(asc(controllers.seq), asc(models.seq));

/** The controllers of such a statement. */
export function registryIn(rows: Awaited<ReturnType<typeof selectRegistry>>): Registered[] {
  const all = new Map<string, Registered>();
  for (const { modelId, modelName, ...controller } of rows) {
    const known = all.get(controller.id) ?? { ...controller, models: [] };
    all.set(controller.id, known);
    if (modelId !== null && modelName !== null) known.models.push({ id: modelId, name: modelName });
  }
  return [...all.values()];
}
