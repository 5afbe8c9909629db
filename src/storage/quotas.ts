import { eq, type SQL, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { projectQuotas } from "./schema.ts";
import { mustHold } from "./tasks.ts";

export type StoredQuota = typeof projectQuotas.$inferSelect;

/** The quota sizes of a project in the regions that have one. */
export function quotasOf(db: Db, groupId: string | SQL) {
  return db.query.select().from(projectQuotas).where(eq(projectQuotas.groupId, groupId));
}

/**
 * Sets the quota size of a project in every one of these regions. `changedAt`: when, if it is a change of what there was;
 * Unix milliseconds.
 */
export function setQuota(db: Db, groupId: string, regions: string[], size: string, changedAt: number | null = null) {
  return db.query
    .insert(projectQuotas)
    .select(sql`select ${groupId}, value, ${size}, ${changedAt} from json_each(${JSON.stringify(regions)}) where true`)
    .onConflictDoUpdate({
      target: [projectQuotas.groupId, projectQuotas.region],
      set: { size: sql`excluded.size`, changedAt: sql`coalesce(excluded.changed_at, ${projectQuotas.changedAt})` },
    });
}

/** Fails its batch when a quota of the project was changed after these were read, even to the same size. */
export function quotasMustBeUntouched(db: Db, groupId: string, seen: readonly StoredQuota[]) {
  const latest = Math.max(0, ...seen.map(({ changedAt }) => changedAt ?? 0));
  const now = sql`select max(changed_at) from project_quotas where group_id = ${groupId}`;
  return mustHold(db, sql`coalesce((${now}), 0) = ${latest}`);
}

/** Fails its batch when the quotas of the project are of other sizes than when these were read. */
export function quotasMustBeOfSize(db: Db, groupId: string, seen: readonly StoredQuota[]) {
  const sizes = seen.map(({ region, size }) => `${region}=${size}`).sort();
  const now = sql`select json_group_array(pair) from
    (select region || '=' || size as pair from project_quotas where group_id = ${groupId} order by pair)`;
  return mustHold(db, sql`(${now}) = ${JSON.stringify(sizes)}`);
}
