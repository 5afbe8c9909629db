import { and, asc, desc, isNotNull, lt, max, min, type SQL, sql } from "drizzle-orm";
import { selectAmount } from "./amounts.ts";
import type { Db } from "./db.ts";
import { auditCheckpoints, auditEvents } from "./schema.ts";

export type AuditRow = typeof auditEvents.$inferSelect;
/** Whom an event is about: an id, or where the batch that writes the event finds it. */
export type Subject = string | SQL<string>;
export type NewAuditEvent = Omit<typeof auditEvents.$inferInsert, "seq" | "hash" | "subject"> & { subject: Subject };

/** Inserts an event; `ifChanged`: only if the statement right before it in the batch changed a row. */
export function insertAuditEvent(db: Db, event: NewAuditEvent, ifChanged: boolean) {
  if (!ifChanged) return db.query.insert(auditEvents).values(event);
  return db.query.insert(auditEvents).select(sql`
    select null, ${event.at}, ${event.actorId ?? null}, ${event.actor}, ${event.via}, ${event.address ?? null},
      ${event.requestId ?? null}, ${event.event}, ${event.subject}, ${event.details ? JSON.stringify(event.details) : null}, null
    where changes() > 0`);
}

/** Every column as it is stored, the details as the text they are. */
const asStored = {
  seq: auditEvents.seq,
  at: auditEvents.at,
  actorId: auditEvents.actorId,
  actor: auditEvents.actor,
  via: auditEvents.via,
  address: auditEvents.address,
  requestId: auditEvents.requestId,
  event: auditEvents.event,
  subject: auditEvents.subject,
  details: sql<string | null>`${auditEvents.details}`,
};

/** Written as it stands in the index. */
const isUnlinked = sql`${auditEvents.hash} is null`;

/** The statements that read the last linked event and the first ones after it that are not, in order. */
export const selectUnlinked = (db: Db, limit: number) =>
  [
    db.query
      .select({ seq: auditEvents.seq, hash: sql<string>`${auditEvents.hash}` })
      .from(auditEvents)
      .where(isNotNull(auditEvents.hash))
      .orderBy(desc(auditEvents.seq))
      .limit(1),
    db.query.select(asStored).from(auditEvents).where(isUnlinked).orderBy(asc(auditEvents.seq)).limit(limit),
  ] as const;

/** Gives events their links; one that has it keeps it. */
export function linkEvents(db: Db, links: { seq: number; hash: string }[]) {
  const list = sql`json_each(${JSON.stringify(links)})`;
  return db.query
    .update(auditEvents)
    .set({ hash: sql`(select value ->> '$.hash' from ${list} where value ->> '$.seq' = ${auditEvents.seq})` })
    .where(and(sql`${auditEvents.seq} in (select value ->> '$.seq' from ${list})`, sql`${auditEvents.hash} is null`));
}

/** The statements that read the last linked event and the last checkpoint. */
export const selectHeads = (db: Db) =>
  [
    selectUnlinked(db, 1)[0],
    db.query.select().from(auditCheckpoints).orderBy(desc(auditCheckpoints.seq)).limit(1),
  ] as const;

/** The statements that read the last checkpoint, the newest event, the first one without a link, and how many have none. */
export const selectChainState = (db: Db) =>
  [
    selectHeads(db)[1],
    db.query.select({ last: max(auditEvents.seq) }).from(auditEvents),
    db.query
      .select({ unlinked: min(auditEvents.seq) })
      .from(auditEvents)
      .where(isUnlinked),
    selectAmount(db, sql`select 1 from ${auditEvents} where ${isUnlinked}`),
  ] as const;

/** Keeps a checkpoint; one of the same event stays as it is. */
export const insertCheckpoint = (db: Db, row: typeof auditCheckpoints.$inferInsert) =>
  db.query.insert(auditCheckpoints).values(row).onConflictDoNothing();

/** How far apart the times of two events may be of which the later one was written first. */
const SKEW_MS = 60_000;

/** The events after the last one that is surely older than a time: the log is in the order of writing, nearly that of time. */
export const writtenSince = (time: number): SQL => sql`${auditEvents.seq} > coalesce(
  (select seq from audit_events as old where old.at < ${time - SKEW_MS} order by old.at desc limit 1), 0)`;

/** The same before the first one that is surely later. */
const writtenUntil = (time: number): SQL => sql`${auditEvents.seq} < coalesce(
  (select seq from audit_events as late where late.at > ${time + SKEW_MS} order by late.at limit 1), ${Number.MAX_SAFE_INTEGER})`;

/** Which events are looked for; times are Unix milliseconds, `until` not included. */
export interface AuditFilter {
  actor?: string | undefined;
  event?: string | undefined;
  subject?: string | undefined;
  since?: number | undefined;
  until?: number | undefined;
  /** Only those older than this one. */
  before?: number | undefined;
}

/** The statement that reads the events that match, newest first. */
export function eventsMatching(db: Db, filter: AuditFilter, limit: number) {
  const { actor, event, subject, since, until, before } = filter;
  const equal = [
    { column: auditEvents.subject, value: subject },
    { column: auditEvents.actor, value: actor },
    { column: auditEvents.event, value: event },
  ].filter(({ value }) => value !== undefined);
  const where: (SQL | undefined)[] = [
    // What fewest events share leads: the plus keeps SQLite from the index of another.
    ...equal.map(({ column, value }, at) => sql`${at === 0 ? column : sql`+${column}`} = ${value}`),
    // The plus keeps SQLite from the index of times, which it would have to put in order.
    ...(since === undefined ? [] : [writtenSince(since), sql`+${auditEvents.at} >= ${since}`]),
    ...(until === undefined ? [] : [writtenUntil(until), sql`+${auditEvents.at} < ${until}`]),
    before === undefined ? undefined : lt(auditEvents.seq, before),
  ];
  return db.query
    .select()
    .from(auditEvents)
    .where(and(...where))
    .orderBy(desc(auditEvents.seq))
    .limit(limit);
}
