import {
  type AnySQLiteColumn,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

/**
 * The tables of D1. Ids are 32 lower-case hex digits; `seq` is the order of creation and never reused; times are Unix
 * milliseconds. What drizzle cannot say (triggers: counts, tombstones, protected administrators) is in the migrations.
 */

const json = <T>(name: string) => text(name, { mode: "json" }).$type<T>();
const flag = (name: string) => integer(name, { mode: "boolean" });

/** Living users. A deleted one is moved to `deleted_users` by a trigger, which ends what hangs on him by cascade. */
export const users = sqliteTable(
  "users",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    id: text("id").notNull().unique(),
    name: text("name").notNull(),
    nameKey: text("name_key").notNull().unique(),
    email: text("email"),
    emailKey: text("email_key"),
    /** PHC string, or null while no password has been set. */
    password: text("password"),
    role: text("role", { enum: ["ADMIN", "USER"] }).notNull(),
    state: text("state", { enum: ["active", "inactive"] }).notNull(),
    bootstrap: flag("bootstrap").notNull().default(false),
    source: text("source").notNull(),
    creator: text("creator"),
    version: integer("version").notNull().default(0),
    /** Raised when everything the user is logged in with shall end. */
    authEpoch: integer("auth_epoch").notNull().default(0),
    createdAt: integer("created_at").notNull(),
    modifiedAt: integer("modified_at").notNull(),
    lastLoginAt: integer("last_login_at"),
    /** Minutes east of UTC that `lastLoginAt` was given with. */
    lastLoginOffset: integer("last_login_offset").notNull().default(0),
  },
  (table) => [
    index("users_email_key").on(table.emailKey),
    index("users_role").on(table.role, table.seq),
    index("users_state").on(table.state, table.seq),
    index("users_role_state").on(table.role, table.state, table.seq),
  ],
);

/** Tombstones, for the audit trail. */
export const deletedUsers = sqliteTable("deleted_users", {
  seq: integer("seq").primaryKey(),
  id: text("id").notNull().unique(),
  name: text("name").notNull(),
  email: text("email"),
  createdAt: integer("created_at").notNull(),
  deletedAt: integer("deleted_at").notNull(),
});

/** How many users each block of 1024 `seq` holds, kept by triggers; block -1 is the sum of all. */
export const userCounts = sqliteTable("user_counts", {
  block: integer("block").primaryKey(),
  activeAdmins: integer("active_admins").notNull().default(0),
  inactiveAdmins: integer("inactive_admins").notNull().default(0),
  activeUsers: integer("active_users").notNull().default(0),
  inactiveUsers: integer("inactive_users").notNull().default(0),
});

const ownerId = () =>
  text("user_id")
    .notNull()
    .references((): AnySQLiteColumn => users.id, { onDelete: "cascade" });

export const permissions = sqliteTable(
  "permissions",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    userId: ownerId(),
    permission: text("permission").notNull(),
  },
  (table) => [uniqueIndex("permissions_of_user").on(table.userId, table.permission)],
);

export const sessions = sqliteTable(
  "sessions",
  {
    id: text("id").primaryKey(),
    /** SHA-256 of the token, hex. */
    digest: text("digest").notNull().unique(),
    userId: ownerId(),
    epoch: integer("epoch").notNull(),
    projectId: text("project_id"),
    note: text("note"),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [index("sessions_of_user").on(table.userId), index("sessions_expiry").on(table.expiresAt)],
);

/** Groups are the projects of the workflow dialect. Everybody is a member of `__default__`; no row says so. */
export const groups = sqliteTable("groups", {
  seq: integer("seq").primaryKey({ autoIncrement: true }),
  id: text("id").notNull().unique(),
  name: text("name").notNull().unique(),
  parent: text("parent"),
  creator: text("creator"),
  createdAt: integer("created_at").notNull(),
  modifiedAt: integer("modified_at").notNull(),
});

const groupId = () =>
  text("group_id")
    .notNull()
    .references((): AnySQLiteColumn => groups.id, { onDelete: "cascade" });

export const memberships = sqliteTable(
  "memberships",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    groupId: groupId(),
    userId: ownerId(),
  },
  (table) => [
    uniqueIndex("memberships_of_user").on(table.userId, table.groupId),
    index("memberships_of_group").on(table.groupId),
  ],
);

export const memberRoles = sqliteTable(
  "member_roles",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    groupId: groupId(),
    userId: ownerId(),
    role: text("role").notNull(),
  },
  (table) => [
    uniqueIndex("member_roles_of_user").on(table.userId, table.groupId, table.role),
    index("member_roles_of_group").on(table.groupId),
  ],
);

export const projectQuotas = sqliteTable(
  "project_quotas",
  {
    groupId: groupId(),
    region: text("region").notNull(),
    size: text("size").notNull(),
  },
  (table) => [primaryKey({ columns: [table.groupId, table.region] })],
);

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
    index("tasks_newest").on(table.createdAt, table.id),
    index("tasks_completed").on(table.completedAt),
    index("tasks_unfinished").on(table.completed, table.createdAt),
    index("tasks_same").on(table.sameness, table.open),
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

/** At most one token a task; the secret itself is only in the mail. */
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
  (table) => [
    index("task_tokens_of_task").on(table.taskId),
    index("task_tokens_live").on(table.ended, table.expiresAt),
  ],
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
    index("notifications_of_task").on(table.taskId),
  ],
);

/** Mails owed. `text` is emptied once a mail has been handed over. */
export const mails = sqliteTable(
  "mails",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    id: text("id").notNull().unique(),
    recipient: text("recipient").notNull(),
    subject: text("subject").notNull(),
    text: text("text").notNull(),
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
  },
  (table) => [index("audit_events_of_subject").on(table.subject)],
);
