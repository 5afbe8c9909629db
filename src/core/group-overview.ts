import type { Amount } from "../storage/amounts.ts";
import type { Results } from "../storage/db.ts";
import { groupsOnPage } from "../storage/group-pages.ts";
import { idOfGroup, selectGroup } from "../storage/groups.ts";
import { type NamePage, pageOf } from "../storage/name-pages.ts";
import { quotasOf } from "../storage/quotas.ts";
import { isAdmin, mustBeAdmin, mustBeUser } from "./actor.ts";
import type { Core } from "./context.ts";
import type { Group } from "./groups.ts";
import { type People, peopleIn, selectPeople } from "./members.ts";
import { projectInView } from "./project-views.ts";
import { callerAnd, type Identity, ownProjects, type ProjectId } from "./projects.ts";
import { quotasFrom, type RegionQuota } from "./quotas.ts";
import { refuse } from "./refusal.ts";
import { mustBeModerator } from "./tasks/reach.ts";
import { isGroupName } from "./values.ts";

/** A group in the list of all; its members are counted up to 100. */
export type ListedGroup = Pick<Group, "name" | "parent" | "createdAt"> & { members: Amount };

/**
 * Fifty groups in the order of their names, for an ADMIN; `next`: what `after` is on the next page, if there is one. One round
 * trip. Refuses as `mustBeAdmin`.
 */
export async function groupPage(core: Core, page: NamePage): Promise<{ groups: ListedGroup[]; next: string | null }> {
  mustBeAdmin(core);
  const { rows, next } = pageOf(await groupsOnPage(core.db, page));
  return { groups: rows, next };
}

/** A group that the caller may act in, and who he is there. */
export interface GroupInReach {
  /** What to act with: the group is the project in scope of who does not administer. */
  core: Core;
  group: Pick<Group, "id" | "name">;
  identity: Identity;
}

/**
 * The group of a name: an administrator's whatever it is, others' a project that they moderate. One round trip. Refuses
 * `forbidden` to others, whether or not it is there, and `not_found`.
 */
export async function groupInReach(core: Core, name: string): Promise<GroupInReach> {
  if (isAdmin(core.actor)) {
    const [{ identity }, [group]] = await callerAnd(core, selectGroup(core.db, mustBeGroupName(name)));
    return { core, group: group ?? gone(name), identity };
  }
  const scoped = await scopedTo(core, name);
  const [{ identity }] = await callerAnd(scoped);
  const { project_id: id } = mustBeModerator(identity);
  return id === null || identity.project_name !== name ? notHis() : { core: scoped, group: { id, name }, identity };
}

/** A group with its people and, of a project, its quotas; of open invitations the hundred that were sent first. */
export interface GroupOverview extends People {
  group: Pick<Group, "id" | "name"> & Partial<Group>;
  quotas: RegionQuota[];
  identity: Identity;
  /** What `after` is for those who joined after these members, if there are any. */
  next: number | null;
  moreInvited: boolean;
}

const MEMBERS_SHOWN = 25;
const INVITED_SHOWN = 100;

/**
 * The same with what there is to see of it, and 25 members who joined after a place, the first ones where there are none; one
 * round trip, and one more then.
 */
export async function groupOverview(core: Core, name: string, after = 0): Promise<GroupOverview> {
  const seen = await overviewAfter(core, name, after);
  return after > 0 && seen.members.length === 0 ? overviewAfter(core, name, 0) : seen;
}

async function overviewAfter(core: Core, name: string, after: number): Promise<GroupOverview> {
  const run = { after, length: MEMBERS_SHOWN + 1 };
  const sent = { length: INVITED_SHOWN + 1 };
  const readings = (project: ProjectId) =>
    [...selectPeople(core, project, run, sent), quotasOf(core.db, project)] as const;
  const shown = (
    identity: Identity,
    group: GroupOverview["group"],
    ...[rows, invited, quotas]: Results<ReturnType<typeof readings>>
  ) => {
    const { members, invitations } = peopleIn(core, identity, rows, invited);
    const page = members.slice(0, MEMBERS_SHOWN);
    return {
      group,
      identity,
      members: page,
      next: members.length > MEMBERS_SHOWN ? (page.at(-1)?.seq ?? null) : null,
      invitations: invitations.slice(0, INVITED_SHOWN),
      moreInvited: invitations.length > INVITED_SHOWN,
      quotas: quotasFrom(core.settings, quotas),
    };
  };
  if (isAdmin(core.actor)) {
    const find = selectGroup(core.db, mustBeGroupName(name));
    const [{ identity }, [group], ...rows] = await callerAnd(core, find, ...readings(idOfGroup(name)));
    return shown(identity, group ?? gone(name), ...rows);
  }
  const [{ identity, projectId: id }, ...rows] = await projectInView(await scopedTo(core, name), undefined, readings);
  return identity.project_name === name ? shown(identity, { id, name }, ...rows) : notHis();
}

/**
 * The same request with a project of the caller's own in scope, unless his log-in was for one. Refuses `forbidden` when it is
 * none of his.
 */
async function scopedTo(core: Core, name: string): Promise<Core> {
  const actor = mustBeUser(core);
  const project = (await ownProjects(core)).find((own) => own.name === name) ?? notHis();
  const { via } = actor;
  const isOpen = via.kind === "session" && via.projectId === null;
  return isOpen ? { ...core, actor: { ...actor, via: { ...via, projectId: project.id } } } : core;
}

const mustBeGroupName = (name: string): string => (isGroupName(name) ? name : gone(name));
const gone = (name: string): never => refuse({ kind: "not_found", what: "group", name });
const notHis = (): never => refuse({ kind: "forbidden", needs: "moderator" });
