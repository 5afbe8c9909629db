import { insertAuditEvent, type Subject } from "../storage/audit-events.ts";
import type { Statement } from "../storage/db.ts";
import type { Actor } from "./actor.ts";
import type { Core, Visit } from "./context.ts";

export type AuditEvent =
  | "session.begin"
  | "session.end"
  | "session.reuse"
  | "session.refused"
  | "access.refused"
  | "user.register"
  | "user.change"
  | "user.delete"
  | "user.password"
  | "user.activate"
  | "user.deactivate"
  | "group.create"
  | "group.change"
  | "group.delete"
  | "group.grant"
  | "group.revoke"
  | "key.create"
  | "key.delete"
  | "permission.add"
  | "permission.remove"
  | "user.bump"
  | "notification.acknowledge"
  | "token.clear"
  | "policy.replace"
  | "worker.register"
  | "worker.change"
  | "worker.delete"
  | "worker.lease"
  | "job.create"
  | `fleet_task.${"finish" | "fail"}`
  | "controller.create"
  | "controller.delete"
  | "model.create"
  | "model.delete"
  | "access.grant"
  | "access.revoke"
  | `task.${string}`;

export interface AuditOptions {
  /** What changed, never a secret. */
  details?: unknown;
  /** Write it only if the statement right before it in the batch changed a row. */
  ifChanged?: boolean;
}

/** Who did it, as the log remembers him: it outlives the user. */
export interface Who {
  /** Null for nobody and for the service itself. */
  id: string | null;
  name: string;
  /** The kind of credential. */
  via: string;
}

export function whoIs(actor: Actor): Who {
  if (actor.kind === "user") return { id: actor.user.id, name: actor.user.name, via: actor.via.kind };
  return { id: null, name: actor.kind === "system" ? actor.name : "anonymous", via: actor.kind };
}

/**
 * The statement that records what the caller does to a subject (a user's id, a task's id), to be committed with the change
 * itself.
 */
export function audited(
  { db, actor, visit, now }: Pick<Core, "db" | "actor" | "visit" | "now">,
  event: AuditEvent,
  subject: Subject,
  options?: AuditOptions,
): Statement {
  return recorded(db, { who: whoIs(actor), visit, at: now() }, event, subject, options);
}

/** The same for somebody who is no longer there to ask: a step that is taken up again. */
export function recorded(
  db: Core["db"],
  { who, visit, at }: { who: Who; visit: Visit; at: number },
  event: AuditEvent,
  subject: Subject,
  { details, ifChanged = false }: AuditOptions = {},
): Statement {
  return insertAuditEvent(
    db,
    {
      at,
      actorId: who.id,
      actor: who.name,
      via: who.via,
      address: visit.address,
      requestId: visit.id,
      event,
      subject,
      details: details ?? null,
    },
    ifChanged,
  );
}
