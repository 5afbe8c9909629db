import { type UserFilter, type UserRows, userRun } from "../storage/user-pages.ts";
import { mustBeAdmin } from "./actor.ts";
import type { Core } from "./context.ts";
import { type Cursor, cursorText } from "./cursor.ts";
import { refuse } from "./refusal.ts";

export type { ListedUser, UserFilter } from "../storage/user-pages.ts";

/** A page of users and the cursor behind it. */
export interface UserPage extends UserRows {
  /** Opaque; only when users follow. */
  nextCursor: string | undefined;
}

export interface NumberedPage extends UserPage {
  /** The last page that can be asked for, from 1. */
  lastPage: number;
}

/**
 * Page `page` (from 1) of `perPage` users in order of creation (roster contract, 5.1). Refuses `not_found` past the last
 * page; page 1 is always there.
 */
export async function userPage(core: Core, filter: UserFilter, page: number, perPage: number): Promise<NumberedPage> {
  mustBeAdmin(core);
  const beyond = () => refuse({ kind: "not_found", what: "page" });
  const offset = (page - 1) * perPage;
  if (!Number.isSafeInteger(offset)) beyond();
  const run = await userRun(core.db, filter, { offset, length: perPage });
  const lastPage = Math.max(1, Math.ceil(run.total / perPage));
  if (page > lastPage) beyond();
  return { ...run, lastPage, nextCursor: await cursorAfter(run, filter) };
}

/** The `perPage` users after those of the answer that a cursor came with. */
export async function usersAfter(core: Core, cursor: Cursor, perPage: number): Promise<NumberedPage> {
  mustBeAdmin(core);
  const { after, filter } = cursor;
  const run = await userRun(core.db, filter, { after, length: perPage });
  const lastPage = Math.max(1, Math.ceil(run.total / perPage));
  return { ...run, lastPage, nextCursor: await cursorAfter(run, filter) };
}

const cursorAfter = async ({ rows, more }: UserRows, filter: UserFilter): Promise<string | undefined> => {
  const last = rows.at(-1);
  return last && more ? cursorText({ after: last.seq, filter }) : undefined;
};
