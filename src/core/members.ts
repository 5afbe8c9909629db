import { commit } from "../storage/db.ts";
import { projectWithId } from "../storage/groups.ts";
import { type Member, memberRows, membersFrom } from "../storage/members.ts";
import { invitationRows } from "../storage/project-tasks.ts";
import { userWithId } from "../storage/users.ts";
import type { Core } from "./context.ts";
import { managesRoles } from "./managed-roles.ts";
import { type Identity, isAdministrator } from "./projects.ts";
import { invalid, refuse } from "./refusal.ts";
import { hasLiveToken } from "./tasks/lifecycle.ts";
import { callerWith } from "./tasks/reach.ts";
import { cancelTask } from "./tasks/requests.ts";
import { asTaskId, type Task } from "./tasks/task.ts";
import { isId } from "./values.ts";

/** A project that a moderator looks at, and who he is. */
export interface Viewed {
  identity: Identity;
  projectId: string;
}

/**
 * The caller's project in scope, or the one that an ADMIN names; others name none. Refuses `unauthenticated`, `forbidden`,
 * `invalid` when there is neither, `not_found` (workflow contract, section 8).
 */
export async function projectInView(core: Core, named: string | undefined): Promise<Viewed> {
  const identity = await callerWith(core, "moderator");
  if (named && isAdministrator(identity)) {
    const group = isId(named) ? await projectWithId(core.db, named) : undefined;
    return group ? { identity, projectId: group.id } : refuse({ kind: "not_found", what: "project", name: named });
  }
  return { identity, projectId: identity.project_id ?? invalid("project_id", "required") };
}

/** A member, and whether the viewer manages every role that he holds. */
export type ListedMember = Member & { manageable: boolean };

/** An open invitation: `expired` without a live token, `failed` while an error of it is unacknowledged. */
export interface Invitation {
  task: Task;
  status: "invited" | "expired" | "failed";
}

/** Members in the order of joining and open invitations, oldest first. One round trip. */
export async function peopleOf(
  { db, settings, now }: Core,
  { identity, projectId }: Viewed,
): Promise<{ members: ListedMember[]; invitations: Invitation[] }> {
  const [rows, invited] = await commit(db, memberRows(db, projectId), invitationRows(db, projectId, now()));
  const members = membersFrom(rows).map((member) => ({
    ...member,
    manageable: managesRoles(settings, identity.roles, member.roles),
  }));
  const invitations = invited.map(({ body, failed }) => invitation(body as Task, Boolean(failed), now()));
  return { members, invitations };
}

function invitation(task: Task, hasFailed: boolean, now: number): Invitation {
  const isExpired = task.approvedAt !== null && !hasLiveToken(task, now);
  return { task, status: hasFailed ? "failed" : isExpired ? "expired" : "invited" };
}

/** Somebody who holds a role in the project. Refuses `not_found`. */
export async function findMember({ db }: Core, { projectId }: Viewed, userId: string): Promise<Member> {
  const [member] = isId(userId) ? membersFrom(await memberRows(db, projectId, userId)) : [];
  return member && member.roles.length > 0 ? member : refuse({ kind: "not_found", what: "user" });
}

/** Cancels an open invitation to the project; else tells whether the id is a user's. Refuses as `cancelTask`. */
export async function withdrawInvitation(
  core: Core,
  { identity, projectId }: Viewed,
  text: string,
): Promise<"cancelled" | "user" | "nobody"> {
  const { db } = core;
  const taskId = asTaskId(text);
  const [row] = taskId === undefined ? [] : await invitationRows(db, projectId, core.now(), taskId);
  if (row) {
    await cancelTask(core, { identity, task: row.body as Task });
    return "cancelled";
  }
  return isId(text) && (await userWithId(db, text)) ? "user" : "nobody";
}
