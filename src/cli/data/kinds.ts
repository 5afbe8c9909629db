import { getTableColumns } from "drizzle-orm";
import { getTableConfig, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { publicKey } from "../../core/ssh-public-key.ts";
import { nameKey } from "../../core/values.ts";
import * as schema from "../../storage/schema.ts";
import type { KindName } from "./shapes.ts";

/** A row by the names of its members in a line. */
export type Row = Record<string, unknown>;

/** How the lines of a kind lie in their table. */
export interface Kind {
  table: SQLiteTable;
  /** Members of the row that are not in a line, made of it; undefined when it cannot be. */
  derived?: (row: Row) => Promise<Row | undefined> | Row;
  /** By what a row is known to be there already. */
  same: string[];
  /** Members that together are nobody else's. */
  taken?: string[];
  /** Members that are ids of other lines. */
  of?: Record<string, "user" | "group" | "controller" | "model">;
  /** What else has to hold for a row when it is written, as SQL over `value`. */
  only?: string;
}

/** In this order they are exported, so that what a line is about comes before it. */
export const KINDS: Record<KindName, Kind> = {
  user: {
    table: schema.users,
    derived: ({ name, email }) => ({
      nameKey: nameKey(String(name)),
      emailKey: email === null ? null : nameKey(String(email)),
      authEpoch: 0,
    }),
    same: ["id"],
    taken: ["nameKey"],
  },
  permission: {
    table: schema.permissions,
    same: ["userId", "permission"],
    of: { userId: "user" },
    // Who holds everything is ADMIN, and nobody else is.
    only: "value ->> '$.permission' <> '*' or (select role from users where id = value ->> '$.userId') = 'ADMIN'",
  },
  group: { table: schema.groups, same: ["id"], taken: ["name"] },
  membership: { table: schema.memberships, same: ["userId", "groupId"], of: { userId: "user", groupId: "group" } },
  member_role: {
    table: schema.memberRoles,
    same: ["userId", "groupId", "role"],
    of: { userId: "user", groupId: "group" },
  },
  quota: { table: schema.projectQuotas, same: ["groupId", "region"], of: { groupId: "group" } },
  controller: { table: schema.controllers, same: ["id"], taken: ["name"] },
  model: {
    table: schema.models,
    same: ["id"],
    taken: ["controllerId", "name"],
    of: { controllerId: "controller" },
  },
  controller_grant: {
    table: schema.controllerGrants,
    same: ["userId", "controllerId", "access", "expiresAt"],
    of: { userId: "user", controllerId: "controller" },
  },
  model_grant: {
    table: schema.modelGrants,
    same: ["userId", "modelId", "access", "expiresAt"],
    of: { userId: "user", modelId: "model" },
  },
  ssh_key: {
    table: schema.sshKeys,
    derived: async ({ key }) => {
      const read = await publicKey(String(key));
      return read && { fingerprint: read.fingerprint, type: read.type, bits: read.bits, comment: read.comment };
    },
    same: ["userId", "fingerprint"],
    of: { userId: "user" },
  },
  cloud_credential: { table: schema.cloudCredentials, same: ["userId", "name"], of: { userId: "user" } },
  api_key: { table: schema.apiKeys, same: ["id"], taken: ["identity"], of: { userId: "user" } },
  policy: { table: schema.policies, same: ["taskType"] },
};

/** The name of a kind's table, and what its columns are called in a line. */
export const tableOf = ({ table }: Kind): string => getTableConfig(table).name;
export const columnsOf = ({ table }: Kind) =>
  Object.entries(getTableColumns(table)).map(([member, { name, dataType }]) => ({ member, name, dataType }));
