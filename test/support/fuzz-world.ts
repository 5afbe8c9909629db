import type { User } from "../../src/storage/users.ts";
import { aController, grant } from "./access.ts";
import { cookieOf } from "./desk.ts";
import { aJob, aWorker } from "./fleet.ts";
import { ADMIN, aStoredUser, type Headers, rows, unique, uniqueEmail } from "./http.ts";
import { aJwt, anApiKey } from "./keys.ts";
import { aSession } from "./people.ts";
import { aProject, join } from "./projects.ts";
import { anApprovedSignUp, aSignUp } from "./tasks.ts";

export const CALLERS = ["administrator", "user", "projectAdmin", "nobody"] as const;
export type Caller = (typeof CALLERS)[number];

export const SCHEMES = ["x-auth-token", "bearer", "jwt", "x-auth-jwt", "api-key", "basic", "named", "cookie"] as const;
export type Scheme = (typeof SCHEMES)[number];

/** Things that are there, for requests to be about. */
export interface World {
  people: Record<Exclude<Caller, "nobody">, User>;
  /** Values that mean something, by the name of the member or parameter that takes them. */
  known: Record<string, unknown[]>;
  /** What nobody but administrators may ever read, and is never sent. */
  private: string[];
  /** What nobody at all may read. */
  secret: string[];
}

/** Stands for what the forms of the caller carry, which is known when he has a session. */
export const OWN_FORM = "own-form";

const PASSWORD = "a-password";
const NOBODYS_ID = "0".repeat(32);

/** `withTasks`: one that waits, and one whose token is out; they cost most of the time. */
export async function aWorld(withTasks: boolean): Promise<World> {
  const [email, group, controller] = [uniqueEmail(), unique("g"), await aController()];
  const project = await aProject(group);
  const make = (name: string, members = {}) => aStoredUser(unique(name), PASSWORD, members);
  const people = {
    administrator: await make("a", { role: "ADMIN" }),
    user: await make("u", { email: uniqueEmail() }),
    projectAdmin: await make("p", { email: uniqueEmail() }),
  };
  const other = await make("o", { email });
  await join(project, people.projectAdmin.id, "project_admin");
  await grant(people.projectAdmin.id, { controller: controller.id }, "superuser");
  await grant(other.id, { controller: controller.id }, "add-model");
  const key = await anApiKey(other.name);
  const [{ id: keyId }] = await rows("select id from api_keys where user_id = ?", other.id);
  const waiting = withTasks ? await aSignUp() : undefined;
  const approved = withTasks ? await anApprovedSignUp() : undefined;
  const notices = await rows("select id from notifications order by seq desc limit 2");
  await aJob([(await aWorker()).target]);
  const users = [...Object.values(people), other];
  const names = users.map(({ name }) => name);
  const ids = users.map(({ id }) => id);
  const tasks = [waiting?.id, approved?.id, NOBODYS_ID].filter((id) => id !== undefined);
  const known = {
    username: [...names, unique("fresh")],
    user_name: names,
    user: names,
    name: [...names, unique("fresh"), group],
    userid: [...names, ...ids],
    user_id: ids,
    id: [1, 2, "1", ...ids],
    groupname: [group, group, "__default__", unique("fresh")],
    project: [project],
    project_id: [project],
    controller: [controller.name, unique("fresh")],
    model: [controller.model.name, controller.model.name, unique("fresh"), null],
    task: tasks,
    task_id: tasks,
    token: [approved?.token ?? NOBODYS_ID],
    uuid: [keyId],
    notification_id: [NOBODYS_ID, ...notices.map(({ id }) => id)],
    notifications: [notices.map(({ id }) => id)],
    password: [PASSWORD],
    password_again: [PASSWORD],
    new_password: [PASSWORD],
    new_password_validate: [PASSWORD],
    password_validate: [PASSWORD],
    email: [uniqueEmail(), people.user.email],
    new_email: [uniqueEmail()],
    new_password_again: [PASSWORD],
    form_token: [OWN_FORM],
  };
  const secret = [key.split(".")[1] ?? "", "$argon2id$", ADMIN.password];
  return { people, known, private: [email, ...(waiting ? [waiting.email] : [])], secret };
}

/** Makes good what a request did to those who call. */
export async function revive({ people }: World): Promise<void> {
  for (const [caller, { id, name, email, role }] of Object.entries(people)) {
    const [row] = await rows("select name, role, state from users where id = ?", id);
    if (row?.name === name && row.role === role && row.state === "active") continue;
    await rows(
      "update users set name = ?, name_key = ?, email = null, email_key = null where name_key = ?",
      unique("x"),
      unique("x"),
      name,
    );
    people[caller as keyof typeof people] = await aStoredUser(name, PASSWORD, { email, role });
  }
}

/** Headers by which a caller says who he is. */
export async function credential(world: World, caller: Caller, scheme: Scheme): Promise<Headers> {
  if (caller === "nobody") return {};
  const user = world.people[caller];
  switch (scheme) {
    case "x-auth-token":
      return { "X-Auth-Token": await aSession(user) };
    case "bearer":
      return { Authorization: `Bearer ${await aSession(user)}` };
    case "jwt":
      return { Authorization: `JWT ${await aJwt(user.name)}` };
    case "x-auth-jwt":
      return { "X-Auth-Token": await aJwt(user.name) };
    case "api-key":
      return { "X-API-KEY": await anApiKey(user.name) };
    case "basic":
      return {
        "api-key": "access-key-of-the-tests",
        Authorization: `Basic ${btoa(`${user.name}:${PASSWORD}`)}`,
      };
    case "cookie":
      return cookieOf(await aSession(user));
    case "named":
      return { Authorization: `Bearer ${btoa(`${user.name}:${await aSession(user)}`)}` };
  }
}
