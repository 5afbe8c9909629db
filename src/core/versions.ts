import type { AsSeen, User } from "../storage/users.ts";
import { refuse } from "./refusal.ts";

/** What a client says he saw before he changes a user (roster contract, section 6; RFC 9110, 13.1). */
export interface Precondition {
  version?: number | undefined;
  /** Entity tags, or `*` for whatever there is. */
  tags?: "*" | string[] | undefined;
}

/** The strong entity tag of a user: another one after every change of what is shown of him. */
export function entityTag({ seq, version, lastLoginAt }: User): string {
  return `"${seq.toString(36)}-${version}-${lastLoginAt === null ? "" : lastLoginAt.toString(36)}"`;
}

/**
 * What the row of a user must still be when a change is written, given what the client said he saw. Refuses `blocked` when
 * no tag matches, `stale` when the version is another.
 */
export function mustMatch(user: User, { version, tags }: Precondition): AsSeen {
  if (tags !== undefined && tags !== "*" && !tags.includes(entityTag(user))) {
    refuse({ kind: "blocked", because: "precondition" });
  }
  if (version !== undefined && version !== user.version) refuse({ kind: "stale" });
  return {
    ...(version !== undefined && { version }),
    ...(Array.isArray(tags) && { version: user.version, lastLoginAt: user.lastLoginAt }),
  };
}
