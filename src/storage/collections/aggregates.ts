import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Db } from "../db.ts";
import { partOf } from "../filters/times.ts";
import { apiKeys, groups, users } from "../schema.ts";
import { type Compiled, conditionOf } from "./compile.ts";
import type { Field } from "./fields.ts";

export type AggregateFunction = "count" | "sum" | "avg" | "min" | "max" | "year" | "month" | "day" | "date";

/** A function of a field, over the rows of a group or, for the parts of a time, what makes the groups. */
export interface Aggregate {
  apply: AggregateFunction;
  field: Field;
}

/** Groups of rows, by default in the order of what makes them, which also decides between equals. */
export interface Grouping {
  aggregates: Aggregate[];
  where: Compiled;
  /** By the result of one of the aggregates. */
  order: { at: number; direction: "asc" | "desc" } | undefined;
  length: number;
}

const GROUPS_BY: readonly AggregateFunction[] = ["year", "month", "day", "date"];

/** What a function takes: `id` alone for sums, times alone for their parts. */
export function isApplicable({ apply, field: { kind } }: Aggregate): boolean {
  if (apply === "sum" || apply === "avg") return kind === "number";
  return !GROUPS_BY.includes(apply) || kind === "time";
}

/** Whether the result is a time, in Unix milliseconds. */
export const isTime = ({ apply, field }: Aggregate): boolean =>
  (apply === "min" || apply === "max") && field.kind === "time";

export type Value = string | number | null;

const USERS = sql`${users}`;
const GROUPS = sql`${groups}`;
const KEYS = sql`${apiKeys} inner join ${users} on ${users.id} = ${apiKeys.userId}`;

/** Values of the aggregates, a list for each group; one group of everything where nothing makes groups. One round trip. */
export const userGroups = (db: Db, grouping: Grouping): Promise<Value[][]> => rowGroups(db, USERS, grouping, undefined);

export const groupGroups = (db: Db, grouping: Grouping): Promise<Value[][]> =>
  rowGroups(db, GROUPS, grouping, undefined);

/** The same for API keys, those of one owner or all. */
export const keyGroups = (db: Db, grouping: Grouping, ownerId: string | undefined): Promise<Value[][]> =>
  rowGroups(db, KEYS, grouping, ownerId === undefined ? undefined : eq(apiKeys.userId, ownerId));

function rowGroups(db: Db, source: SQL, grouping: Grouping, scope: SQL | undefined): Promise<Value[][]> {
  const { aggregates, where, order, length } = grouping;
  const results = listOf(aggregates.map(resultOf));
  // SQL counts columns from 1.
  const keys = aggregates.flatMap(({ apply }, at) => (GROUPS_BY.includes(apply) ? [number(at + 1)] : []));
  const orders = [...(order ? [sql`${number(order.at + 1)} ${sql.raw(order.direction)}`] : []), ...keys];
  const grouped = keys.length > 0 ? sql`group by ${listOf(keys)}` : sql``;
  const sorted = orders.length > 0 ? sql`order by ${listOf(orders)}` : sql``;
  const condition = and(scope, conditionOf(where)) ?? sql`1`;
  return db.query.values<Value[]>(
    sql`select ${results} from ${source} where ${condition} ${grouped} ${sorted} limit ${length}`,
  );
}

const number = (value: number) => sql.raw(String(value));
const listOf = (parts: SQL[]) => sql.join(parts, sql`, `);

function resultOf({ apply, field: { column } }: Aggregate): SQL {
  switch (apply) {
    case "year":
    case "month":
    case "day":
      return partOf(apply, column) ?? sql`null`;
    case "date":
      return sql`date(${column} / 1000, 'unixepoch')`;
    default:
      return sql`${sql.raw(apply)}(${column})`;
  }
}
