import { eq, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { groups, policies, taskVoters, users } from "./schema.ts";

/** The statement that reads what was said about how tasks of a type are approved: no row when nothing was. */
export const selectPolicy = (db: Db, taskType: string) =>
  db.query.select({ body: policies.body }).from(policies).where(eq(policies.taskType, taskType));

/** The statement that reads all that was said, at most a row a type. */
export const selectPolicies = (db: Db) => db.query.select().from(policies);

/** The statements that read the groups and users who approve by a policy, or by any, under the names that they have now. */
export function selectApprovers(db: Db, taskType?: string) {
  const which = taskType === undefined ? sql`true` : eq(policies.taskType, taskType);
  const approvers = sql`(select stage.value -> '$.approvers' as who from ${policies}, json_each(${policies.body}, '$.stages') as stage
    where ${which})`;
  const inGroups = sql`${groups.id} in (select who ->> '$.group.id' from ${approvers})`;
  const named = sql`${users.id} in (select one.value ->> '$.id' from ${approvers}, json_each(who, '$.users') as one)`;
  return [
    db.query.select({ id: groups.id, name: groups.name }).from(groups).where(inGroups),
    db.query.select({ id: users.id, name: users.name }).from(users).where(named),
  ] as const;
}

export function putPolicy(db: Db, taskType: string, body: unknown) {
  return db.query
    .insert(policies)
    .values({ taskType, body })
    .onConflictDoUpdate({ target: policies.taskType, set: { body } });
}

/** Nobody can vote on a task any more. */
export function deleteVoters(db: Db, taskId: string) {
  return db.query.delete(taskVoters).where(eq(taskVoters.taskId, taskId));
}

/** Who holds one of these keys can vote on a task. */
export function insertVoters(db: Db, taskId: string, keys: string[]) {
  return db.query
    .insert(taskVoters)
    .select(sql`select ${taskId}, value from json_each(${JSON.stringify([...new Set(keys)])})`);
}
