import { commit } from "../storage/db.ts";
import { deleteExpiredFamilies, deleteRotationsBefore } from "../storage/families.ts";
import { deleteExpiredAnswers } from "../storage/kept-answers.ts";
import { deleteExpiredSessions } from "../storage/sessions.ts";
import { deleteExpiredTaskTokens } from "../storage/tasks.ts";
import type { Core } from "./context.ts";

/** Removes what is over anyway. Nothing is true only because this has run. */
export async function tidy({ db, now, settings }: Core): Promise<void> {
  const at = now();
  await commit(
    db,
    deleteExpiredSessions(db, at),
    deleteExpiredTaskTokens(db, at),
    deleteExpiredAnswers(db, at),
    deleteExpiredFamilies(db, at),
    // A token that was refreshed so long ago can no longer be presented.
    deleteRotationsBefore(db, at - settings.JWT_REFRESH_SECONDS * 1000),
  );
}
