import { random } from "../../src/core/context.ts";
import { newId } from "../../src/core/secrets.ts";
import { type Answer, aStoredUser, call, type Headers, rows, unique, uniqueEmail, xAuth } from "./http.ts";
import { aSession } from "./people.ts";
import { taskAbout } from "./tasks.ts";

/** A project that was not made through HTTP, which is quicker. */
export async function aProject(name = unique("project")): Promise<string> {
  const id = newId(random);
  await rows("insert into groups (id, name, created_at, modified_at) values (?, ?, 1, 1) returning id", id, name);
  return id;
}

export interface Somebody {
  id: string;
  name: string;
  headers: Headers;
}

/** A user whose name is an address. */
export async function somebody(name = uniqueEmail(), email: string | null = name): Promise<Somebody> {
  const user = await aStoredUser(name, "a-password", { email });
  return { id: user.id, name, headers: xAuth(await aSession(user)) };
}

export async function join(project: string, userId: string, ...roles: string[]): Promise<void> {
  await rows("insert into memberships (group_id, user_id) values (?, ?) returning seq", project, userId);
  for (const role of roles) {
    const sql = "insert into member_roles (group_id, user_id, role) values (?, ?, ?) returning seq";
    await rows(sql, project, userId, role);
  }
}

/** A member of a project with these roles. */
export async function aMember(project: string, ...roles: string[]): Promise<Somebody> {
  const member = await somebody();
  await join(project, member.id, ...roles);
  return member;
}

/** A project and who administers it. */
export async function aProjectAdmin(): Promise<Somebody & { project: string }> {
  const project = await aProject();
  return { ...(await aMember(project, "project_admin")), project };
}

/** The roles of a user in a project, in the order of granting; undefined for who is no member. */
export async function rolesOf(project: string, userId: string): Promise<string[] | undefined> {
  const sql = `select role from memberships m left join member_roles r using (group_id, user_id)
    where m.group_id = ? and m.user_id = ? order by r.seq`;
  const found = await rows(sql, project, userId);
  return found.length === 0 ? undefined : found.flatMap(({ role }) => role ?? []);
}

export const invite = (headers: Headers, email: string, roles: unknown, more: object = {}): Promise<Answer> =>
  call("POST", "/v1/openstack/users", headers, { email, roles, ...more });

/** An invitation that waits for its token, and its task. */
export async function anInvitation(headers: Headers, email = uniqueEmail(), roles: string[] = ["member"]) {
  const { status, text } = await invite(headers, email, roles);
  if (status !== 202) throw new Error(`not invited: ${status} ${text}`);
  return { email, id: await taskAbout(email) };
}
