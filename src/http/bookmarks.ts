import type { Context } from "hono";
import type { Served } from "./dialect.ts";

const NAME = "X-D1-Bookmark";
const FORM = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{32}$/;

/** The newest state of the database that a client has seen, as he says (roster contract, section 7); null: he does not say. */
export function bookmarkIn(headers: Headers): string | null {
  const value = headers.get(NAME);
  return value !== null && FORM.test(value) ? value : null;
}

/** Tells a caller who is known what state of the database his answer is from. */
export function tellBookmark(c: Context<Served>): void {
  const { core } = c.env.trace;
  if (core?.actor.kind !== "user" && !(core && c.res.ok)) return;
  const bookmark = core.db.bookmark() ?? core.db.feed.bookmark();
  if (bookmark) c.res.headers.set(NAME, bookmark);
}
