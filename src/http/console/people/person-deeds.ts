import * as z from "zod";
import { grantTo, revokeFrom } from "../../../core/accounts.ts";
import { mustBeAdmin } from "../../../core/actor.ts";
import { findApiKey, removeApiKey } from "../../../core/api-keys.ts";
import type { Core } from "../../../core/context.ts";
import { endAllSessions } from "../../../core/live-sessions.ts";
import { isPermission } from "../../../core/permissions.ts";
import { identityOf } from "../../../core/projects.ts";
import { invalid, refuse } from "../../../core/refusal.ts";
import { requestTask } from "../../../core/tasks/requests.ts";
import { changeState, changeUser, findUser, removeUser, type Transition, type User } from "../../../core/users.ts";
import { plainEmail, problem, read, role } from "../../../core/values.ts";
import type { Asked, Deed } from "../desk-page.tsx";
import { filledOf } from "./lists.tsx";

/** Names of what the forms of a user's page hold. */
export const FIELDS = ["version", "role", "email", "permission", "key"];

/** The user that the page is about, for an administrator. */
async function userAt(core: Core, c: Asked): Promise<User> {
  mustBeAdmin(core);
  return findUser(core, c.req.param("username") ?? "");
}

const version = z
  .string()
  .regex(/^\d{1,15}$/, { error: problem("format") })
  .transform(Number);
const roleForm = z.object({ version, role });
const emailForm = z.object({ version, email: plainEmail.optional() });
const seenForm = z.object({ version });

const setRole: Deed = async (core, form, c) => {
  const user = await userAt(core, c);
  const wanted = read(roleForm, filledOf(form, "version", "role"));
  await changeUser(core, user, { role: wanted.role }, wanted);
  return { said: `${user.name} is ${wanted.role === "ADMIN" ? "an administrator" : "a user"} now.` };
};

const setEmail: Deed = async (core, form, c) => {
  const user = await userAt(core, c);
  const wanted = read(emailForm, filledOf(form, "version", "email"));
  await changeUser(core, user, { email: wanted.email ?? null }, wanted);
  return { said: wanted.email ? `The address is ${wanted.email} now.` : "There is no address any more." };
};

const step =
  (transition: Transition, said: string): Deed =>
  async (core, _, c) => {
    await changeState(core, await userAt(core, c), transition);
    return { said };
  };

const mailReset: Deed = async (core, _, c) => {
  const { name: username, email } = await userAt(core, c);
  const task = await requestTask(core, "reset_password", { email, username }, await identityOf(core));
  if (task.cancelledAt !== null) refuse({ kind: "blocked", because: "impossible" });
  return { said: task.approvedAt === null ? "The reset waits to be approved." : `A link is mailed to ${email}.` };
};

const permissionIn = (form: URLSearchParams): string => {
  const permission = form.get("permission") ?? "";
  return isPermission(permission) ? permission : invalid("permission", permission ? "format" : "required");
};

const grant: Deed = async (core, form, c) => {
  const { name } = await userAt(core, c);
  const permission = permissionIn(form);
  await grantTo(core, name, permission);
  return { said: `${permission} is granted.` };
};

const revoke: Deed = async (core, form, c) => {
  const { name } = await userAt(core, c);
  const permission = permissionIn(form);
  await revokeFrom(core, name, permission);
  return { said: `${permission} is taken away.` };
};

const endSessions: Deed = async (core, _, c) => {
  await endAllSessions(core, c.req.param("username") ?? "");
  return { said: "All log-ins are ended. API keys go on." };
};

const endKey: Deed = async (core, form, c) => {
  const { id } = await userAt(core, c);
  const { key } = await findApiKey(core, form.get("key") ?? "");
  if (key.userId !== id) refuse({ kind: "not_found", what: "api_key" });
  await removeApiKey(core, key);
  return { said: `The key ${key.label ?? key.identity} is ended.` };
};

const remove: Deed = async (core, form, c) => {
  const user = await userAt(core, c);
  await removeUser(core, user, read(seenForm, filledOf(form, "version")));
  return { said: `${user.name} is deleted.`, to: "/console/users" };
};

/** What an administrator does to a user, by the field `do` of its form. */
export const DEEDS: Record<string, Deed> = {
  role: setRole,
  email: setEmail,
  activate: step("activate", "Log-ins are possible again."),
  deactivate: step("deactivate", "Everything that was logged in has ended, and no log-in is possible."),
  reset: mailReset,
  grant,
  revoke,
  "end-log-ins": endSessions,
  "end-key": endKey,
  delete: remove,
};
