import type { Context } from "hono";
import { findApiKey } from "../../../core/api-keys.ts";
import {
  callerWithGroups,
  findGroup,
  findUserWithGroups,
  type Group,
  groupWithMembers,
  type UserWithGroups,
} from "../../../core/groups.ts";
import { invalid, refuse } from "../../../core/refusal.ts";
import { findUserExactly, type User } from "../../../core/users.ts";
import type { Served } from "../../dialect.ts";
import { decline } from "../../refusal.ts";
import type { Route } from "../../route.ts";
import { anybody } from "./callers.ts";

/** The name of the thing that a path is about: what stands behind `/auth/user/`, `/auth/group/`, `/auth/apikey/`. */
const nameIn = (c: Context): string => decodeURIComponent(c.req.path.split("/")[3] ?? "");

/** The user of the path, by his name to the letter. Refuses `not_found`. */
export const userAt = (c: Context<Served>): Promise<User> => findUserExactly(c.var.core, nameIn(c));

/** The caller, on the paths that are about himself. Refuses `not_found` to nobody. */
export function selfAt(c: Context<Served>): User {
  const { actor } = c.var.core;
  return actor.kind === "user" ? actor.user : refuse({ kind: "not_found", what: "user" });
}

/** The same with the groups that he is in. */
export const userWithGroupsAt = (c: Context<Served>): Promise<UserWithGroups> =>
  findUserWithGroups(c.var.core, nameIn(c));
export const selfWithGroupsAt = (c: Context<Served>): Promise<UserWithGroups> => {
  selfAt(c);
  return callerWithGroups(c.var.core);
};

export const groupAt = (c: Context<Served>): Promise<Group> => findGroup(c.var.core, nameIn(c));

/** The same with its active members. Refuses `not_found`, then as `mustBeAdmin`. */
export const groupWithMembersAt = (c: Context<Served>): ReturnType<typeof groupWithMembers> =>
  groupWithMembers(c.var.core, nameIn(c));

/** The key of the path and its owner. Refuses `invalid` for what is no id at all, `not_found`. */
export async function keyAt(c: Context<Served>): ReturnType<typeof findApiKey> {
  const id = nameIn(c);
  // NUL is what the program reads for a segment that cannot be decoded.
  if (id.startsWith("+") || id === "\0") decline({ kind: "no_path" });
  if (!/^[0-9a-f]{32}$/i.test(id)) invalid("uuid", "format", id);
  return findApiKey(c.var.core, id);
}

/** Refuses a path whose thing is not there, before it is told that it does not know the method (contract, 2.3). */
export async function mustExist(c: Context<Served>, routes: readonly Route[]): Promise<void> {
  const [identify] = anybody().middleware;
  await identify?.(c, async () => {
    const [, , kind] = c.req.path.split("/");
    if (kind === "self") selfAt(c);
    else if (!routes.some(({ path }) => path === c.req.path)) await thingAt(c, kind);
  });
}

async function thingAt(c: Context<Served>, kind: string | undefined): Promise<void> {
  if (kind === "user") await userAt(c);
  if (kind === "group") await groupAt(c);
  if (kind === "apikey") await keyAt(c);
}
