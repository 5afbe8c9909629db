import { and, asc, desc, eq, type SQL, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { tasks } from "./schema.ts";
import { inTime } from "./tasks.ts";

const about = (projectId: string | SQL, type: string) => [eq(tasks.aboutProject, projectId), eq(tasks.type, type)];

/** The open invitations to a project, oldest first, and whether an error of each is unacknowledged; all of them, one, or the first ones. */
export function invitationRows(
  db: Db,
  projectId: string | SQL,
  now: number,
  { id, length = Number.MAX_SAFE_INTEGER }: { id?: string; length?: number } = {},
) {
  // Named in full: within the inner query a bare column is the notification's.
  const failed = sql<number>`exists (select 1 from notifications
    where task_id = tasks.id and error and not acknowledged)`.as("failed");
  return db.query
    .select({ body: tasks.body, failed })
    .from(tasks)
    .where(
      and(
        ...about(projectId, "invite_user"),
        eq(tasks.open, true),
        inTime(now),
        id === undefined ? undefined : eq(tasks.id, id),
      ),
    )
    .orderBy(asc(tasks.seq))
    .limit(length);
}

/** The last tasks about a project's quota that are not cancelled, newest first. */
export function quotaTaskRows(db: Db, projectId: string | SQL, now: number, length: number) {
  return db.query
    .select({ body: tasks.body })
    .from(tasks)
    .where(and(...about(projectId, "update_quota"), eq(tasks.cancelled, false), inTime(now)))
    .orderBy(desc(tasks.seq))
    .limit(length);
}
