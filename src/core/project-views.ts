import type { Results, Statement } from "../storage/db.ts";
import { selectProject } from "../storage/groups.ts";
import { isAdmin } from "./actor.ts";
import type { Core } from "./context.ts";
import { callerAnd, type Identity, type ProjectId, projectIdOf } from "./projects.ts";
import { invalid, refuse } from "./refusal.ts";
import { mustBeModerator } from "./tasks/reach.ts";

/** A project that a moderator looks at, and who he is. */
export interface Viewed {
  identity: Identity;
  projectId: string;
}

/**
 * The caller's project in scope, or the one that an ADMIN names, others name none; and what is read about it, in the same
 * round trip. Refuses `unauthenticated`, `forbidden`, `invalid` when there is neither, `not_found` (workflow contract,
 * section 8).
 */
export async function projectInView<const S extends readonly Statement[]>(
  core: Core,
  named: string | undefined,
  readings: (project: ProjectId) => S,
): Promise<[Viewed, ...Results<S>]> {
  const { db, actor } = core;
  const isNamed = named && isAdmin(actor);
  const project = isNamed ? named : projectIdOf(core);
  const [{ identity }, [group], ...results] = await callerAnd(core, selectProject(db, project), ...readings(project));
  mustBeModerator(identity);
  if (isNamed && !group) refuse({ kind: "not_found", what: "project", name: named });
  const projectId = (isNamed ? group?.id : identity.project_id) ?? invalid("project_id", "required");
  // What was known of him was forgotten in between.
  if (typeof project === "string" && project !== projectId) return projectInView(core, named, readings);
  return [{ identity, projectId }, ...(results as Results<S>)];
}
