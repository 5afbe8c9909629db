import { type AuditFilter, type AuditRow, eventsMatching } from "../storage/audit-events.ts";
import { mustBeAdmin } from "./actor.ts";
import type { Core } from "./context.ts";

export type { AuditRow } from "../storage/audit-events.ts";

/** A page of the audit log, newest first; `next`: where the next one begins, if there may be one. */
export interface AuditPage {
  events: AuditRow[];
  next: number | null;
}

/** Events that match, for an ADMIN. Refuses `unauthenticated`, `forbidden`. */
export async function readAudit(core: Core, filter: AuditFilter, limit: number): Promise<AuditPage> {
  mustBeAdmin(core);
  const events = await eventsMatching(core.db, filter, limit);
  return { events, next: events.length < limit ? null : (events.at(-1)?.seq ?? null) };
}
