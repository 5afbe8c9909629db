/** The three kinds of things that the PAS dialect lists. */
export type { ApiKey } from "../storage/api-keys.ts";
export type { Group } from "../storage/groups.ts";
export type { User } from "../storage/users.ts";
