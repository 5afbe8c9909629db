import { type UserFilter, type UserRows, userRun } from "../storage/user-pages.ts";
import { mustBeAdmin } from "./actor.ts";
import type { Core } from "./context.ts";
import { refuse } from "./refusal.ts";
import { digest } from "./secrets.ts";

export type { UserFilter } from "../storage/user-pages.ts";

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

/** Where a walk through the users stands, and what it is about. */
export interface Cursor {
  after: number;
  filter: UserFilter;
}

const CURSOR_LENGTH_MAX = 2048;
const CHECK_LENGTH = 8;

async function cursorAfter({ rows, more }: UserRows, { role, state, prefix }: UserFilter): Promise<string | undefined> {
  const last = rows.at(-1);
  if (!last || !more) return undefined;
  const text = JSON.stringify([last.seq, role ?? null, state ?? null, prefix ?? null]);
  const check = (await digest(text)).slice(0, CHECK_LENGTH);
  return new TextEncoder().encode(check + text).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Reads a cursor back; undefined when it is none of ours, or was damaged on its way. */
export async function cursorFrom(text: string): Promise<Cursor | undefined> {
  if (text.length > CURSOR_LENGTH_MAX || !/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  try {
    const plain = new TextDecoder().decode(Uint8Array.fromBase64(text, { alphabet: "base64url" }));
    const content = plain.slice(CHECK_LENGTH);
    if ((await digest(content)).slice(0, CHECK_LENGTH) !== plain.slice(0, CHECK_LENGTH)) return undefined;
    const [after, role, state, prefix] = JSON.parse(content);
    return { after, filter: { role: role ?? undefined, state: state ?? undefined, prefix: prefix ?? undefined } };
  } catch {
    return undefined;
  }
}
