import { and, asc, gt, type SQL, sql } from "drizzle-orm";
import type { ControllerLevel, Grant, ModelLevel } from "./access.ts";
import type { Db } from "./db.ts";
import { controllers, users } from "./schema.ts";
import type { User } from "./users.ts";

/** A controller and its models, in the order of creation. */
export interface Registered {
  id: string;
  name: string;
  type: string;
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

const listed = <T>(rows: SQL) =>
  sql<string>`(select json_group_array(json(each)) from (${rows}))`.mapWith((text: string): T[] => JSON.parse(text));

const columns = {
  seq: users.seq,
  name: users.name,
  role: users.role,
  state: users.state,
  sshKeys: listed<string>(sql`select json_quote(key) as each from ssh_keys where user_id = ${users.id} order by seq`),
  credentials: listed<Holdings["credentials"][number]>(sql`
    select json_object('name', name, 'type', type, 'sealed', sealed) as each
    from cloud_credentials where user_id = ${users.id} order by seq`),
  controllerGrants: listed<Holdings["controllerGrants"][number]>(sql`
    select json_object('controllerId', controller_id, 'access', access, 'expiresAt', expires_at) as each
    from controller_grants where user_id = ${users.id} order by seq`),
  modelGrants: listed<Holdings["modelGrants"][number]>(sql`
    select json_object('modelId', model_id, 'access', access, 'expiresAt', expires_at) as each
    from model_grants where user_id = ${users.id} order by seq`),
};

/** The statement that reads what users have, in the order of their creation. */
export const selectHoldings = (db: Db, where: SQL | undefined, limit: number) =>
  db.query.select(columns).from(users).where(where).orderBy(asc(users.seq)).limit(limit);

/** Which users come after one in the order of creation. */
export const after = (seq: number): SQL => gt(users.seq, seq);

/** The statement that reads controllers with their models, in the order of creation. */
export const selectRegistry = (db: Db, where?: SQL) =>
  db.query
    .select({
      id: controllers.id,
      name: controllers.name,
      type: controllers.type,
      models: listed<Registered["models"][number]>(sql`
        select json_object('id', id, 'name', name) as each
        from models where controller_id = ${controllers.id} order by seq`),
    })
    .from(controllers)
    .where(and(where))
    .orderBy(asc(controllers.seq));
