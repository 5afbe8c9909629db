import { membershipsFrom } from "../storage/groups.ts";
import type { Held } from "../storage/held.ts";
import { groupsIn } from "./groups.ts";
import type { Fact, Standing } from "./snapshots.ts";

/** What is known of somebody from the moment on when his credential was read, by the names that it is asked for by. */
export function factsFrom({ user, permissions, memberships: rows, defaultRoles }: Held): Standing["facts"] {
  const memberships = membershipsFrom(rows);
  return new Map<Fact, unknown>([
    ["permissions", permissions.map(({ permission }) => permission)],
    ["memberships", memberships],
    ["groups", groupsIn(user, defaultRoles, memberships)],
  ]);
}
