import { type SQL, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { auditEvents } from "./schema.ts";

/** Whom an event is about: an id, or where the batch that writes the event finds it. */
export type Subject = string | SQL<string>;
export type NewAuditEvent = Omit<typeof auditEvents.$inferInsert, "seq" | "subject"> & { subject: Subject };

/** Inserts an event; `ifChanged`: only if the statement right before it in the batch changed a row. */
export function insertAuditEvent(db: Db, event: NewAuditEvent, ifChanged: boolean) {
  if (!ifChanged) return db.query.insert(auditEvents).values(event);
  return db.query.insert(auditEvents).select(sql`
    select null, ${event.at}, ${event.actorId ?? null}, ${event.actor}, ${event.via}, ${event.address ?? null},
      ${event.requestId ?? null}, ${event.event}, ${event.subject}, ${event.details ? JSON.stringify(event.details) : null}
    where changes() > 0`);
}
