import { deleteChangesBefore } from "../storage/change-feed.ts";
import { commit } from "../storage/db.ts";
import { deleteExpiredFamilies, deleteRotationsBefore } from "../storage/families.ts";
import { deleteStaleContents } from "../storage/held-contents.ts";
import { deleteExpiredAnswers } from "../storage/kept-answers.ts";
import { deleteExpiredSessions } from "../storage/sessions.ts";
import { deleteExpiredTaskTokens } from "../storage/tasks.ts";
import type { Core } from "./context.ts";
import { tidyFailures } from "./login-attempts.ts";

/** How long what was held for a task stays at least: longer than it takes to ask for the task. */
const HELD_MS = 86_400_000;

/** How long changes are told of: much longer than anybody remembers what they change. */
const CHANGES_MS = 7_200_000;

/** Removes what is over anyway. Nothing is true only because this has run. */
export async function tidy(core: Core): Promise<void> {
  const { db, now, settings } = core;
  const at = now();
  await commit(
    db,
    deleteExpiredSessions(db, at),
    deleteExpiredTaskTokens(db, at),
    deleteExpiredAnswers(db, at),
    deleteExpiredFamilies(db, at),
    tidyFailures(core),
    deleteChangesBefore(db, at - CHANGES_MS),
    deleteStaleContents(db, at - HELD_MS),
    // A token that was refreshed so long ago can no longer be presented.
    deleteRotationsBefore(db, at - settings.JWT_REFRESH_SECONDS * 1000),
  );
}
