import { commit } from "../storage/db.ts";
import { deleteExpiredSessions } from "../storage/sessions.ts";
import { deleteExpiredTaskTokens } from "../storage/tasks.ts";
import type { Core } from "./context.ts";

/** Removes what is over anyway. Nothing is true only because this has run. */
export async function tidy({ db, now }: Core): Promise<void> {
  await commit(db, deleteExpiredSessions(db, now()), deleteExpiredTaskTokens(db, now()));
}
