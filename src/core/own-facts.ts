import { membershipsFrom } from "../storage/groups.ts";
import type { Held } from "../storage/held.ts";
import { groupsIn } from "./groups.ts";
import type { Standing } from "./snapshots.ts";

/** What is known of somebody from the moment on when his credential was read, by the names that it is asked for by. */
export const factsFrom = ({ user, permissions, memberships, defaultRoles }: Held): Standing["facts"] =>
  new Map<string, unknown>([
    ["permissions", permissions.map(({ permission }) => permission)],
    ["memberships", membershipsFrom(memberships)],
    ["groups", groupsIn(user, defaultRoles, memberships)],
  ]);
