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
  ],
);
