import type { Statement } from "../../storage/db.ts";
import { type HeldRole, insertMemberRoles, insertMembers } from "../../storage/members.ts";
import { type NewUser, type Only, selectNamedOrReachedAt, selectUserNamed, type User } from "../../storage/users.ts";
import type { Core } from "../context.ts";
import { managesRoles } from "../managed-roles.ts";
import { type Identity, mayActOn } from "../projects.ts";
import { newId } from "../secrets.ts";
import { nameKey } from "../values.ts";

/** Whom an e-mail address means. */
export type Addressee =
  | { kind: "user"; user: User }
  /** Nobody: a new user of this name can be made. */
  | { kind: "nobody"; name: string }
  /** The name asked for is somebody's who has another address, or nobody has vouched that it is his. */
  | { kind: "mismatch"; name: string };

/**
 * The user of an address (workflow contract, 9.1): who bears it as his name, else the only one who has it as his e-mail.
 * Where addresses are not names, the user called `username`, if the address is his. One round trip, whoever it is.
 */
export async function addressee(core: Core, email: string, username?: string): Promise<Addressee> {
  return meant(core, await selectAddressees(core, email, username), email, username);
}

const namesCount = ({ settings }: Core, username: string | undefined): username is string =>
  !settings.USERNAME_IS_EMAIL && username !== undefined;

/** The statement that finds whom an address may mean, to be read together with others. */
export const selectAddressees = (core: Core, email: string, username?: string) =>
  namesCount(core, username) ? selectUserNamed(core.db, username) : selectNamedOrReachedAt(core.db, email);

/** Whom an address means among those whom `selectAddressees` found. */
export function meant(core: Core, found: User[], email: string, username?: string): Addressee {
  const key = nameKey(email);
  if (namesCount(core, username)) {
    const [user] = found;
    if (!user) return { kind: "nobody", name: username };
    return user.emailKey === key && user.emailConfirmed ? { kind: "user", user } : { kind: "mismatch", name: username };
  }
  const user = found.find((each) => each.nameKey === key) ?? (found.length === 1 ? found[0] : undefined);
  if (!user) return { kind: "nobody", name: email };
  // What is meant for the holder of an address is not for whoever says that it is his.
  return user.emailConfirmed ? { kind: "user", user } : { kind: "mismatch", name: user.name };
}

/** When a newcomer may be made: where addresses are names, only as long as nobody is meant by his. */
export const onlyIfFree = ({ settings }: Core): Only =>
  settings.USERNAME_IS_EMAIL ? "if nobody is meant by the address" : "always";

/** What a look at the world found: something to say, which may stand in the way or not. */
export interface Finding {
  note: string;
  possible: boolean;
}

export const isPossible = (findings: Finding[]): boolean => findings.every(({ possible }) => possible);
export const notesOf = (findings: Finding[]): string[] => findings.map(({ note }) => note);
export const obstacle = (note: string): Finding => ({ note, possible: false });

/** What there is to say about whom an address means: something can be given to an active user and to a new one. */
export function findingsOn(whom: Addressee): Finding[] {
  switch (whom.kind) {
    case "nobody":
      return [{ note: `No user present with username '${whom.name}'. Need to create new user.`, possible: true }];
    case "mismatch":
      return [obstacle(`Existing user '${whom.name}' with another email.`)];
    case "user": {
      const { name, state } = whom.user;
      const found = { note: `Existing user '${name}' with matching email.`, possible: true };
      return state === "active" ? [found] : [found, obstacle(`User '${name}' is not active.`)];
    }
  }
}

/** What stands in the way of somebody who wants to give or take roles in a project: it is not his, or a role is not. */
export function objectionsTo(
  { settings }: Core,
  asker: Identity | null,
  projectId: string,
  roles: readonly string[],
): Finding[] {
  return [
    ...(asker && mayActOn(asker, projectId) ? [] : [obstacle("The project is not the one in scope.")]),
    ...(managesRoles(settings, asker?.roles ?? [], roles) ? [] : [obstacle("Not all of the roles can be managed.")]),
  ];
}

/** A user who comes by way of a task: nobody's creation, named and reached as it says. */
export const newcomer = (core: Core, name: string, email: string, password: string | null): NewUser => ({
  id: newId(core.random),
  name,
  email,
  password,
  role: "USER",
  creator: null,
  createdAt: core.now(),
});

export const rolesOf = (userId: string, roles: readonly string[]): HeldRole[] =>
  roles.map((role) => ({ userId, role }));

/** Makes somebody a member of a project with the roles that he lacks. */
export const granting = ({ db }: Core, projectId: string, userId: string, roles: readonly string[]): Statement[] => [
  insertMembers(db, projectId, [userId]),
  insertMemberRoles(db, projectId, rolesOf(userId, roles)),
];
