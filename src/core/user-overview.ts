import { commit } from "../storage/db.ts";
import { membershipsFrom, selectDefaultRoles, selectMemberships } from "../storage/groups.ts";
import { holdingsIn, isGranted, registryIn, selectHoldings, selectRegistry } from "../storage/holdings.ts";
import { selectPermissions } from "../storage/permissions.ts";
import { selectUserNamed } from "../storage/users.ts";
import { accessIn, type ControllerAccess } from "./access-levels.ts";
import { mustBeAdmin } from "./actor.ts";
import { type ListedKey, selectListedKeys } from "./api-keys.ts";
import type { Core } from "./context.ts";
import { groupsIn, type UserWithGroups } from "./groups.ts";
import { type LiveSession, selectSessions, sessionsIn } from "./live-sessions.ts";
import { refuse } from "./refusal.ts";
import { isUserName } from "./values.ts";

export type { ControllerAccess } from "./access-levels.ts";
export type { ListedKey } from "./api-keys.ts";

/** A user and all that hangs on him. */
export interface UserOverview extends UserWithGroups {
  permissions: string[];
  /** The newest first. */
  keys: ListedKey[];
  /** Of an ADMIN, who has everything, those alone that he was granted something on. */
  controllers: ControllerAccess[];
  /** What he is logged in with, the newest first. */
  sessions: LiveSession[];
}

/**
 * The user of a name in any letter case as an administrator sees him, with at most 200 of his keys and log-ins each; one round trip. Refuses as
 * `mustBeAdmin`, then `not_found`.
 */
export async function userOverview(core: Core, name: string): Promise<UserOverview> {
  mustBeAdmin(core);
  const { db, now } = core;
  const absent = () => refuse({ kind: "not_found", what: "user", name });
  if (!isUserName(name)) absent();
  const whose = { name };
  const [[found], roles, memberships, permissions, keys, registry, held, ...sessions] = await commit(
    db,
    selectUserNamed(db, name),
    selectDefaultRoles(db, whose),
    selectMemberships(db, whose),
    selectPermissions(db, whose),
    selectListedKeys(core, whose),
    selectRegistry(db, isGranted(whose)),
    selectHoldings(db, whose, "grants"),
    ...selectSessions(core, whose),
  );
  const user = found ?? absent();
  return {
    user,
    groups: groupsIn(user, roles, membershipsFrom(memberships)),
    permissions: permissions.map(({ permission }) => permission),
    keys,
    controllers: holdingsIn(held).users.flatMap((holdings) => accessIn(registryIn(registry))(holdings, now())),
    sessions: sessionsIn(core, ...sessions),
  };
}
