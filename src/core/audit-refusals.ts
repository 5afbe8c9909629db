import { commitAll } from "../storage/db.ts";
import { audited } from "./audit.ts";
import type { Core } from "./context.ts";
import type { Blocker, Refusal } from "./refusal.ts";

/** What stands in nobody's way who does not try to get further than he may. */
const SENSITIVE: readonly Blocker[] = ["climbing", "protected", "self_approval", "not_approver"];

/** Why somebody was refused for want of a right; undefined where it was for another reason. */
function wantOf(refusal: Refusal): string | undefined {
  if (refusal.kind === "forbidden") return refusal.needs;
  return refusal.kind === "blocked" && SENSITIVE.includes(refusal.because) ? refusal.because : undefined;
}

/** Remembers, after the answer, that somebody who is logged in tried what he may not. `what`: method and route. */
export function auditRefusal(core: Core, refusal: Refusal, what: string): void {
  const wanted = wantOf(refusal);
  if (core.actor.kind !== "user" || wanted === undefined) return;
  core.later(commitAll(core.db, [audited(core, "access.refused", what, { details: { wanted } })]));
}
