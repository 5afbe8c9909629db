import * as z from "zod";
import { mustBeAdmin } from "../../../core/actor.ts";
import { changeRoles, endBareMembership } from "../../../core/grants.ts";
import { groupInReach } from "../../../core/group-overview.ts";
import { changeGroup, findGroup, removeGroup } from "../../../core/groups.ts";
import { withdrawInvitation } from "../../../core/members.ts";
import { invalid, refuse } from "../../../core/refusal.ts";
import { editRoles } from "../../../core/role-edits.ts";
import { requestTask } from "../../../core/tasks/requests.ts";
import type { Task } from "../../../core/tasks/task.ts";
import { problem, read, roleName } from "../../../core/values.ts";
import { atFields } from "../at-fields.ts";
import type { Asked, Deed } from "../desk-page.tsx";
import { groupIn } from "./groups.tsx";
import { filledOf, groupPath } from "./lists.tsx";

/** Names of what the forms of a group's page hold. */
export const FIELDS = ["groupname", "parent", "username", "email", "roles", "held", "other", "user", "task", "size"];

const nameIn = (c: Asked): string => c.req.param("groupname") ?? "";

/** What a task that was asked for has come to; `done`: how it is said that it is done. */
const outcome = (tasks: Task[], done: string): string =>
  tasks.every(({ approvedAt }) => approvedAt !== null) ? done : "It is asked for, and waits to be approved.";

const ROLES_MAX = 100;
const roles = z.array(roleName).max(ROLES_MAX);
const others = z
  .string()
  .transform((text) => text.split(",").flatMap((role) => role.trim() || []))
  .refine((named) => roles.safeParse(named).success, { error: problem("format") });

const change: Deed = async (core, form, c) => {
  mustBeAdmin(core);
  const group = await findGroup(core, nameIn(c));
  const wanted = groupIn(form);
  await changeGroup(core, group, wanted);
  return { said: "The group is changed.", to: groupPath(wanted.name) };
};

const remove: Deed = async (core, _, c) => {
  mustBeAdmin(core);
  const group = await findGroup(core, nameIn(c));
  await removeGroup(core, group);
  return { said: `${group.name} is deleted.`, to: "/console/groups" };
};

/** Gives roles to somebody by his name, who becomes a member by them. */
const add: Deed = async (core, form, c) => {
  mustBeAdmin(core);
  const group = await findGroup(core, nameIn(c));
  const username = form.get("username") || invalid("username", "required");
  const { other = [] } = read(z.object({ other: others.optional() }), filledOf(form, "other"));
  const given = read(roles, [...form.getAll("roles"), ...other]);
  if (given.length === 0) invalid("roles", "no_roles");
  const mapping = [{ user: { username }, roles: given }];
  await changeRoles(core, group, { deed: "grant", mapping }).catch(atFields(() => "username"));
  return { said: `${username} holds ${given.join(", ")}.` };
};

const REMOVED = "The member is removed.";

/** What is chosen counts against what was seen, so that two who change a member at once undo nothing of each other's. */
const setRoles: Deed = async (core, form, c) => {
  const place = await groupInReach(core, nameIn(c));
  const [held, chosen] = [form.getAll("held"), read(roles, form.getAll("roles"))];
  const edit = {
    give: chosen.filter((role) => !held.includes(role)),
    take: read(roles, held).filter((role) => !chosen.includes(role)),
  };
  const tasks = await editRoles(place, form.get("user") ?? "", edit);
  return { said: outcome(tasks, chosen.length > 0 ? `The roles are ${chosen.join(", ")}.` : REMOVED) };
};

const removeMember: Deed = async (core, form, c) => {
  if (form.has("held")) return setRoles(core, form, c);
  await endBareMembership(core, await findGroup(core, nameIn(c)), form.get("user") ?? "");
  return { said: REMOVED };
};

const invite: Deed = async (core, form, c) => {
  const { core: scoped, group, identity } = await groupInReach(core, nameIn(c));
  const named = { ...filledOf(form, "email", "username"), roles: form.getAll("roles"), project_id: group.id };
  const task = await requestTask(scoped, "invite_user", named, identity);
  const done =
    task.completedAt === null ? `An invitation is mailed to ${form.get("email")}.` : "The roles are held already.";
  return { said: outcome([task], done) };
};

const withdraw: Deed = async (core, form, c) => {
  const { core: scoped, group } = await groupInReach(core, nameIn(c));
  const came = await withdrawInvitation(scoped, group.id, form.get("task") ?? "");
  if (came !== "cancelled") refuse({ kind: "conflict", what: "task", having: false });
  return { said: "The invitation is withdrawn." };
};

const setQuota: Deed = async (core, form, c) => {
  const { core: scoped, group, identity } = await groupInReach(core, nameIn(c));
  const wanted = { ...filledOf(form, "size"), project_id: group.id };
  const task = await requestTask(scoped, "update_quota", wanted, identity);
  return { said: outcome([task], `The quota is ${form.get("size")}.`) };
};

/** What is done to a group, by the field `do` of its form. */
export const DEEDS: Record<string, Deed> = {
  change,
  delete: remove,
  add,
  roles: setRoles,
  remove: removeMember,
  invite,
  withdraw,
  quota: setQuota,
};
