import { type SQL, sql } from "drizzle-orm";
import { apiKeys, groups, users } from "../schema.ts";
import { ownersCalled, usersReachedAt, usersWithName } from "./lookups.ts";

/** Something of a thing that can be asked about. */
export interface Field {
  /** What it is compared with. */
  kind: "number" | "text" | "time";
  column: SQL;
  isAlwaysNull?: true;
  /** Whether it is one of some texts, where there is a better way than to compare the column. */
  among?: (texts: string[]) => SQL;
}

/** The fields of a collection: what is not here cannot be asked about. */
export type Fields = ReadonlyMap<string, Field>;

const text = (column: SQL, among?: Field["among"]): Field => ({ kind: "text", column, ...(among && { among }) });
const time = (column: SQL): Field => ({ kind: "time", column });

interface Common {
  seq: SQL;
  id: SQL;
  creator: SQL;
  createdAt: SQL;
  modifiedAt: SQL;
  state?: SQL;
}

const common = ({ seq, id, creator, createdAt, modifiedAt, state }: Common): [string, Field][] => [
  ["id", { kind: "number", column: seq }],
  ["uuid", text(id)],
  ["creator", text(sql`coalesce(${creator}, '')`)],
  ["created", time(createdAt)],
  ["modified", time(modifiedAt)],
  ["state", state ? text(state) : { ...text(sql`null`), isAlwaysNull: true }],
  ["deleted", { ...time(sql`null`), isAlwaysNull: true }],
];

export const userFields: Fields = new Map([
  ...common({
    seq: sql`${users.seq}`,
    id: sql`${users.id}`,
    creator: sql`${users.creator}`,
    createdAt: sql`${users.createdAt}`,
    modifiedAt: sql`${users.modifiedAt}`,
    state: sql`${users.state}`,
  }),
  ["username", text(sql`${users.name}`, usersWithName)],
  ["email", text(sql`${users.email}`, usersReachedAt)],
  ["source", text(sql`nullif(${users.source}, '')`)],
]);

export const groupFields: Fields = new Map([
  ...common({
    seq: sql`${groups.seq}`,
    id: sql`${groups.id}`,
    creator: sql`${groups.creator}`,
    createdAt: sql`${groups.createdAt}`,
    modifiedAt: sql`${groups.modifiedAt}`,
  }),
  ["parent", text(sql`${groups.parent}`)],
  ["groupname", text(sql`${groups.name}`)],
]);

/** A key is never changed; its owner's row is joined. */
export const keyFields: Fields = new Map([
  ...common({
    seq: sql`${apiKeys.seq}`,
    id: sql`${apiKeys.id}`,
    creator: sql`${apiKeys.creator}`,
    createdAt: sql`${apiKeys.createdAt}`,
    modifiedAt: sql`${apiKeys.createdAt}`,
  }),
  ["userid", text(sql`${users.name}`, ownersCalled)],
  ["label", text(sql`${apiKeys.label}`)],
  ["apikey_identity", text(sql`${apiKeys.identity}`)],
  ["expires_at", time(sql`${apiKeys.expiresAt}`)],
  ["last_used_on", time(sql`${apiKeys.lastUsedAt}`)],
]);
