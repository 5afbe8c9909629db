import { integer, text } from "drizzle-orm/sqlite-core";

/** A JSON value, kept as text. */
export const json = <T>(name: string) => text(name, { mode: "json" }).$type<T>();

/** A boolean, kept as 0 or 1. */
export const flag = (name: string) => integer(name, { mode: "boolean" });

/** A JSON object whose members are nobody's business here. */
export type JsonObject = { [key: string]: unknown };
