import type { Results } from "../storage/db.ts";
import { type Member, type MemberRun, memberRows, membersFrom } from "../storage/members.ts";
import { invitationRows } from "../storage/project-tasks.ts";
import { selectUser } from "../storage/users.ts";
import type { Core } from "./context.ts";
import { managesRoles } from "./managed-roles.ts";
import { projectInView } from "./project-views.ts";
import type { Identity, ProjectId } from "./projects.ts";
import { refuse } from "./refusal.ts";
import { hasLiveToken } from "./tasks/lifecycle.ts";
import { cancelTask } from "./tasks/requests.ts";
import { asTaskId, type Task } from "./tasks/task.ts";

/** A member, and whether the viewer manages every role that he holds. */
export type ListedMember = Member & { manageable: boolean };

/** An open invitation: `expired` without a live token, `failed` while an error of it is unacknowledged. */
export interface Invitation {
  task: Task;
  status: "invited" | "expired" | "failed";
}

export interface People {
  members: ListedMember[];
  invitations: Invitation[];
}

/** Members in the order of joining and open invitations, oldest first. One round trip. Refuses as `projectInView`. */
export async function peopleOf(core: Core, named: string | undefined): Promise<People> {
  const [{ identity }, ...rows] = await projectInView(core, named, (project) => selectPeople(core, project));
  return peopleIn(core, identity, ...rows);
}

/** The statements that read the people of a project, or a run of its members and its first invitations, for `peopleIn`. */
export const selectPeople = ({ db, now }: Core, project: ProjectId, run?: MemberRun, invited?: { length: number }) =>
  [memberRows(db, project, run), invitationRows(db, project, now(), invited)] as const;

/** Those whom such statements have found, as somebody sees them. */
export function peopleIn(
  { settings, now }: Core,
  identity: Identity,
  ...[rows, invited]: Results<ReturnType<typeof selectPeople>>
): People {
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

/** Somebody who holds a role in the project. One round trip. Refuses as `projectInView`, then `not_found`. */
export async function findMember(core: Core, named: string | undefined, userId: string): Promise<Member> {
  const [, rows] = await projectInView(core, named, (project) => [memberRows(core.db, project, { userId })]);
  const [member] = membersFrom(rows);
  return member && member.roles.length > 0 ? member : refuse({ kind: "not_found", what: "user" });
}

/** Cancels an open invitation to the project; else tells whether the id is a user's. Refuses as `projectInView` and `cancelTask`. */
export async function withdrawInvitation(
  core: Core,
  named: string | undefined,
  text: string,
): Promise<"cancelled" | "user" | "nobody"> {
  const { db, now } = core;
  const [{ identity }, [row], [user]] = await projectInView(core, named, (project) => [
    invitationRows(db, project, now(), { id: asTaskId(text) ?? "" }),
    selectUser(db, text),
  ]);
  if (row) {
    await cancelTask(core, { identity, task: row.body as Task });
    return "cancelled";
  }
  return user ? "user" : "nobody";
}
