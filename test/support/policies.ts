import { env } from "cloudflare:workers";
import { rolesOf } from "../../src/core/actions/people.ts";
import { openCore, ownVisit, random } from "../../src/core/context.ts";
import { newId } from "../../src/core/secrets.ts";
import { commitAll } from "../../src/storage/db.ts";
import { insertGroup } from "../../src/storage/groups.ts";
import { insertMemberRoles, insertMembers } from "../../src/storage/members.ts";
import { aStoredUser, asAdmin, call, type Headers, unique, xAuth } from "./http.ts";
import { aSession } from "./people.ts";

export interface Group {
  id: string;
  name: string;
}

const db = () => openCore({ env, visit: ownVisit(""), later: () => undefined }).db;

/** A group that nobody is in. */
export async function aGroup(): Promise<Group> {
  const group = { id: newId(random), name: unique("group") };
  const at = Date.now();
  await commitAll(db(), [insertGroup(db(), { ...group, parent: null, creator: null, createdAt: at, modifiedAt: at })]);
  return group;
}

export interface Member {
  id: string;
  name: string;
  headers: Headers;
}

/** A user who is in a group, holds these roles there, and is logged in. */
export async function aMember({ id: groupId }: Group, ...roles: string[]): Promise<Member> {
  const user = await aStoredUser(unique("member"), "a-password");
  await join(groupId, user.id, ...roles);
  return { id: user.id, name: user.name, headers: xAuth(await aSession(user)) };
}

export async function join(groupId: string, userId: string, ...roles: string[]): Promise<void> {
  const on = db();
  await commitAll(on, [insertMembers(on, groupId, [userId]), insertMemberRoles(on, groupId, rolesOf(userId, roles))]);
}

/** Says how tasks of a type are approved. */
export async function setPolicy(type: string, policy: unknown): Promise<void> {
  const { status, text } = await call("PUT", `/v1/policies/${type}`, await asAdmin(), policy);
  if (status !== 200) throw new Error(`no policy: ${status} ${text}`);
}

/** Does something while a policy is in force; afterwards an administrator approves as before. */
export async function under(type: string, policy: unknown, work: () => Promise<void>): Promise<void> {
  await setPolicy(type, policy);
  try {
    await work();
  } finally {
    await setPolicy(type, { stages: [{ name: "default", approvers: { role: "admin" }, required: 1 }] });
  }
}
