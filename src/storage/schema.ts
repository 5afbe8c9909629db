/**
 * The tables of D1. Ids are 32 lower-case hex digits; `seq` is the order of creation and never reused; times are Unix
 * milliseconds. What drizzle cannot say (triggers: counts, tombstones, protected administrators) is in the migrations.
 */
export * from "./schema/access.ts";
export * from "./schema/fleet.ts";
export * from "./schema/people.ts";
export * from "./schema/tasks.ts";
