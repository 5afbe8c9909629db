import { eq, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { policies, taskVoters } from "./schema.ts";

/** What was said about how tasks of a type are approved; undefined when nothing was. */
export async function policyOf(db: Db, taskType: string): Promise<unknown> {
  return (await db.query.select({ body: policies.body }).from(policies).where(eq(policies.taskType, taskType)).get())
    ?.body;
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
