import { sql } from "drizzle-orm";
import { type AnySQLiteColumn, index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { users } from "./people.ts";

/** Controllers, by their names in lower case. */
export const controllers = sqliteTable("controllers", {
  seq: integer("seq").primaryKey({ autoIncrement: true }),
  id: text("id").notNull().unique(),
  name: text("name").notNull().unique(),
  type: text("type").notNull(),
  region: text("region"),
  /** Sealed. */
  credentials: text("credentials"),
  creator: text("creator"),
  createdAt: integer("created_at").notNull(),
});

const controllerId = () =>
  text("controller_id")
    .notNull()
    .references((): AnySQLiteColumn => controllers.id, { onDelete: "cascade" });

export const models = sqliteTable(
  "models",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    id: text("id").notNull().unique(),
    controllerId: controllerId(),
    name: text("name").notNull(),
    creator: text("creator"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [uniqueIndex("models_of_controller").on(table.controllerId, table.name)],
);

const userId = () =>
  text("user_id")
    .notNull()
    .references((): AnySQLiteColumn => users.id, { onDelete: "cascade" });

/** What users were granted on controllers. Of the live ones of a user the highest counts, so that a request only adds. */
export const controllerGrants = sqliteTable(
  "controller_grants",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    userId: userId(),
    controllerId: controllerId(),
    access: text("access", { enum: ["login", "add-model", "superuser"] }).notNull(),
    /** Null: it does not end by itself. */
    expiresAt: integer("expires_at"),
  },
  (table) => [
    index("controller_grants_of_user").on(table.userId, table.controllerId),
    index("controller_grants_of_controller").on(table.controllerId),
    index("controller_grants_ending").on(table.expiresAt).where(sql`${table.expiresAt} is not null`),
  ],
);

/** The same on models; they count as long as their user has access to the controller. */
export const modelGrants = sqliteTable(
  "model_grants",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    userId: userId(),
    modelId: text("model_id")
      .notNull()
      .references((): AnySQLiteColumn => models.id, { onDelete: "cascade" }),
    access: text("access", { enum: ["read", "write", "admin"] }).notNull(),
    expiresAt: integer("expires_at"),
  },
  (table) => [
    index("model_grants_of_user").on(table.userId, table.modelId),
    index("model_grants_of_model").on(table.modelId),
    index("model_grants_ending").on(table.expiresAt).where(sql`${table.expiresAt} is not null`),
  ],
);

/** The public keys of users; which key it is its blob decides, whatever the comment. */
export const sshKeys = sqliteTable(
  "ssh_keys",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    userId: userId(),
    /** As `ssh-keygen -lf` prints it: `SHA256:` and the base64 of the blob's digest without padding. */
    fingerprint: text("fingerprint").notNull(),
    /** The string as it was given. */
    key: text("key").notNull(),
    type: text("type").notNull(),
    bits: integer("bits").notNull(),
    comment: text("comment").notNull(),
    addedAt: integer("added_at").notNull(),
  },
  (table) => [uniqueIndex("ssh_keys_of_user").on(table.userId, table.fingerprint)],
);

/** What users log in to clouds with. */
export const cloudCredentials = sqliteTable(
  "cloud_credentials",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    userId: userId(),
    name: text("name").notNull(),
    type: text("type", { enum: ["jsonfile", "service-principal-secret", "access-key"] }).notNull(),
    /** The content, as a JWE. */
    sealed: text("sealed").notNull(),
    addedAt: integer("added_at").notNull(),
  },
  (table) => [uniqueIndex("cloud_credentials_of_user").on(table.userId, table.name)],
);

/** What a task needs and must not show, sealed, until the task is over. */
export const heldContents = sqliteTable(
  "held_contents",
  {
    taskId: text("task_id").primaryKey(),
    sealed: text("sealed").notNull(),
    heldAt: integer("held_at").notNull(),
  },
  (table) => [index("held_contents_age").on(table.heldAt)],
);
