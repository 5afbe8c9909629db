import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { flag, json } from "./columns.ts";

/**
 * The copy of each task that its object writes, a whole `Task` in `body` and what lists are filtered by in columns.
 * `openKey` is set while a task stands that no second one of its kind may join; the index is what blocks the second.
 */
export const tasks = sqliteTable(
  "tasks",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    id: text("id").notNull().unique(),
    type: text("type").notNull(),
    revision: integer("revision").notNull(),
    sameness: text("sameness").notNull(),
    openKey: text("open_key").unique(),
    open: flag("open").notNull(),
    projectId: text("project_id"),
    /** The project that its actions are about, which need not be the requester's. */
    aboutProject: text("about_project"),
    address: text("address").notNull(),
    requester: json<unknown>("requester"),
    approvedBy: json<unknown>("approved_by"),
    actionNotes: json<unknown>("action_notes"),
    taskNotes: json<unknown>("task_notes"),
    approved: flag("approved").notNull(),
    completed: flag("completed").notNull(),
    cancelled: flag("cancelled").notNull(),
    createdAt: integer("created_at").notNull(),
    approvedAt: integer("approved_at"),
    completedAt: integer("completed_at"),
    /** A task that is not approved by then reads as cancelled. */
    pendingUntil: integer("pending_until").notNull(),
    body: json<unknown>("body").notNull(),
  },
  (table) => [
    // With what most filters are about, so that they go along the index alone.
    index("tasks_newest").on(
      sql`${table.createdAt} desc`,
      table.id,
      table.type,
      table.projectId,
      table.approved,
      table.completed,
      table.cancelled,
      table.pendingUntil,
    ),
    index("tasks_completed").on(table.completedAt),
    index("tasks_unfinished").on(table.completed, table.createdAt),
    index("tasks_same").on(table.sameness, table.open),
    index("tasks_about_project").on(table.aboutProject, table.type, table.seq),
    index("tasks_of_project").on(table.projectId, table.createdAt),
    index("tasks_of_requester").on(sql`(${table.requester} ->> '$.user_id')`, table.createdAt),
    index("tasks_waiting")
      .on(table.projectId, table.createdAt, table.pendingUntil)
      .where(sql`${table.approved} = 0 and ${table.cancelled} = 0`),
    // Those that people approved: an automatic approval has no votes.
    index("tasks_voted").on(table.approvedAt).where(sql`${table.body} ->> '$.votes' <> '[]'`),
  ],
);

/** One row a step that took effect; its key is what keeps a step from happening twice. */
export const taskLedger = sqliteTable(
  "task_ledger",
  {
    taskId: text("task_id").notNull(),
    revision: integer("revision").notNull(),
    intent: text("intent").notNull(),
  },
  (table) => [primaryKey({ columns: [table.taskId, table.revision] })],
);

/** How tasks of a type are approved, where it was said (workflow contract, 10.1). */
export const policies = sqliteTable("policies", {
  taskType: text("task_type").primaryKey(),
  body: json<unknown>("body").notNull(),
});

/** Who may vote on a waiting task right now, as keys that callers hold. */
export const taskVoters = sqliteTable(
  "task_voters",
  {
    taskId: text("task_id").notNull(),
    key: text("key").notNull(),
  },
  (table) => [primaryKey({ columns: [table.taskId, table.key] }), index("task_voters_by_key").on(table.key)],
);

/** What was answered to a request that bore an Idempotency-Key. */
export const keptAnswers = sqliteTable(
  "kept_answers",
  {
    /** Id of the user who asked; empty when nobody was logged in. */
    caller: text("caller").notNull(),
    key: text("key").notNull(),
    /** SHA-256 of method, path and body. */
    request: text("request").notNull(),
    answer: json<unknown>("answer").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.caller, table.key] }), index("kept_answers_expiry").on(table.expiresAt)],
);

/**
 * How many rows of a list each block of keys holds, kept by triggers: level by level as in `user_counts`. The key of a row is
 * its `seq`; of lists that begin with the newest its negative, or that of its time in units of 4,096 ms.
 */
export const rowCounts = sqliteTable(
  "row_counts",
  {
    list: text("list").notNull(),
    level: integer("level").notNull(),
    block: integer("block").notNull(),
    rows: integer("rows").notNull(),
  },
  (table) => [primaryKey({ columns: [table.list, table.level, table.block] })],
);

/** The history of a task, kept for ever. */
export const taskEvents = sqliteTable(
  "task_events",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    taskId: text("task_id").notNull(),
    at: integer("at").notNull(),
    actor: text("actor"),
    step: text("step").notNull(),
    outcome: text("outcome").notNull(),
    note: text("note"),
  },
  (table) => [index("task_events_of_task").on(table.taskId)],
);

/** At most one token a task that has not ended; the secret itself is only in the mail. */
export const taskTokens = sqliteTable(
  "task_tokens",
  {
    digest: text("digest").primaryKey(),
    taskId: text("task_id").notNull(),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
    /** Set when the token was used up or replaced: it then reads as unknown. */
    ended: flag("ended").notNull().default(false),
  },
  (table) => [index("task_tokens_of_task").on(table.taskId), index("task_tokens_expiry").on(table.expiresAt)],
);

export const notifications = sqliteTable(
  "notifications",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    id: text("id").notNull().unique(),
    taskId: text("task_id").notNull(),
    notes: json<Record<string, string[]>>("notes").notNull(),
    error: flag("error").notNull(),
    acknowledged: flag("acknowledged").notNull().default(false),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    index("notifications_newest").on(table.acknowledged, table.createdAt),
    index("notifications_by_time").on(table.createdAt),
    index("notifications_of_task").on(table.taskId),
    index("notifications_open_errors")
      .on(table.error, table.createdAt)
      .where(sql`${table.error} = 1 and ${table.acknowledged} = 0`),
  ],
);

/** Mails owed. `text` and `html` are emptied once a mail has been handed over. */
export const mails = sqliteTable(
  "mails",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    id: text("id").notNull().unique(),
    recipient: text("recipient").notNull(),
    subject: text("subject").notNull(),
    text: text("text").notNull(),
    /** The same as a page. */
    html: text("html").notNull().default(""),
    taskId: text("task_id"),
    createdAt: integer("created_at").notNull(),
    tries: integer("tries").notNull().default(0),
    /** When the next try is due; null once sent or given up. */
    dueAt: integer("due_at"),
    sentAt: integer("sent_at"),
  },
  (table) => [index("mails_due").on(table.dueAt)],
);

/** Who did what, written in the same batch as the change. */
export const auditEvents = sqliteTable(
  "audit_events",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    at: integer("at").notNull(),
    actorId: text("actor_id"),
    actor: text("actor").notNull(),
    via: text("via").notNull(),
    address: text("address"),
    requestId: text("request_id"),
    event: text("event").notNull(),
    subject: text("subject").notNull(),
    details: json<unknown>("details"),
    /** The link that ties it to the event before it, hex; null until the next run of the job that links. */
    hash: text("hash"),
  },
  (table) => [
    index("audit_events_of_subject").on(table.subject),
    index("audit_events_of_actor").on(table.actor),
    index("audit_events_of_kind").on(table.event),
    index("audit_events_at").on(table.at),
    index("audit_events_unlinked").on(table.seq).where(sql`${table.hash} is null`),
  ],
);

/** What the chain of events was at some times, signed. */
export const auditCheckpoints = sqliteTable("audit_checkpoints", {
  /** The last event that it covers. */
  seq: integer("seq").primaryKey(),
  at: integer("at").notNull(),
  /** JWS over `seq`, the hash of that event, and `at`. */
  signed: text("signed").notNull(),
});
