import {
  type AnySQLiteColumn,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { flag, json } from "./columns.ts";

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
    /** False for an address that nobody has vouched for: neither an administrator nor a mail that was answered. */
    emailConfirmed: flag("email_confirmed").notNull().default(true),
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

/**
 * How many users each block of `seq` holds, kept by triggers: on level 1 blocks of 64, on level 2 of 4,096, on level 3 of
 * 262,144, and on level 4 one of all.
 */
export const userCounts = sqliteTable(
  "user_counts",
  {
    level: integer("level").notNull(),
    block: integer("block").notNull(),
    activeAdmins: integer("active_admins").notNull(),
    inactiveAdmins: integer("inactive_admins").notNull(),
    activeUsers: integer("active_users").notNull(),
    inactiveUsers: integer("inactive_users").notNull(),
  },
  (table) => [primaryKey({ columns: [table.level, table.block] })],
);

/** Changes to what a credential stands for, written by triggers: whoever remembers somebody reads here whether he still may. */
export const userChanges = sqliteTable("user_changes", {
  seq: integer("seq").primaryKey({ autoIncrement: true }),
  /** Null: anybody may be concerned. */
  userId: text("user_id"),
  at: integer("at").notNull(),
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
  (table) => [
    index("sessions_of_user").on(table.userId, table.createdAt),
    index("sessions_expiry").on(table.expiresAt),
  ],
);

/** Log-ins by JWT: a family of tokens, each the successor of another. Without its row none of them is good. */
export const tokenFamilies = sqliteTable(
  "token_families",
  {
    /** The claim `sid` of its tokens. */
    id: text("id").primaryKey(),
    userId: ownerId(),
    epoch: integer("epoch").notNull(),
    createdAt: integer("created_at").notNull(),
    /** When the last of its tokens can no longer be refreshed. */
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [
    index("token_families_of_user").on(table.userId, table.createdAt),
    index("token_families_expiry").on(table.expiresAt),
  ],
);

/** Tokens that were refreshed, and what came after them. */
export const tokenRotations = sqliteTable(
  "token_rotations",
  {
    /** The claim `jti` of the token that was presented. */
    jti: text("jti").primaryKey(),
    familyId: text("family_id")
      .notNull()
      .references((): AnySQLiteColumn => tokenFamilies.id, { onDelete: "cascade" }),
    rotatedAt: integer("rotated_at").notNull(),
    /** The claim `jti` of its successor. */
    successor: text("successor").notNull(),
  },
  (table) => [index("token_rotations_of_family").on(table.familyId), index("token_rotations_age").on(table.rotatedAt)],
);

export const apiKeys = sqliteTable(
  "api_keys",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    id: text("id").notNull().unique(),
    identity: text("identity").notNull().unique(),
    /** SHA-256 of the secret, hex. */
    digest: text("digest").notNull(),
    userId: ownerId(),
    creator: text("creator"),
    label: text("label"),
    scopes: json<string[]>("scopes").notNull(),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at"),
    lastUsedAt: integer("last_used_at"),
  },
  (table) => [index("api_keys_of_user").on(table.userId, table.seq)],
);

/** Wrong passwords, counted for an account from an address, and for an address. */
export const loginFailures = sqliteTable(
  "login_failures",
  {
    /** SHA-256 of what is counted, hex. */
    key: text("key").primaryKey(),
    /** How many since `since`. */
    failures: integer("failures").notNull(),
    since: integer("since").notNull(),
    /** Until then no password is looked at; null, or in the past: it is. */
    lockedUntil: integer("locked_until"),
    /** How often it has been locked without a success in between. */
    locks: integer("locks").notNull(),
    lastAt: integer("last_at").notNull(),
  },
  (table) => [index("login_failures_age").on(table.lastAt)],
);

/**
 * Groups are the projects of the workflow dialect. Everybody is a member of `__default__`; no row of `memberships` says so,
 * and that an ADMIN is `administrator` there no row of `member_roles`.
 */
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
    /** When a task last changed it; null: it is as it was made. */
    changedAt: integer("changed_at"),
  },
  (table) => [primaryKey({ columns: [table.groupId, table.region] })],
);
