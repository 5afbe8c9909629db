import * as z from "zod";
import { askForAccess } from "../../../core/access-requests.ts";
import type { Core } from "../../../core/context.ts";
import { type Identity, isAdministrator } from "../../../core/projects.ts";
import { requestReset } from "../../../core/tasks/requests.ts";
import type { JsonObject } from "../../../core/tasks/task.ts";
import type { Dialect } from "../../dialect.ts";
import { type Asking, asks, type Keep } from "./asking.ts";

const text = z.string();
const optional = z.string().optional();
const roles = z.array(z.string());

/** The project named in a form, else the one in scope. */
const projectOf = ({ project_id: named }: JsonObject, asker: Identity | null) =>
  named ?? asker?.project_id ?? undefined;

const signUp: Asking = {
  summary: "Ask for a project of one's own",
  type: "signup",
  at: [
    ["post", "/v1/openstack/sign-up"],
    ["post", "/v1/actions/CreateProject"],
  ],
  who: "everybody",
  body: z
    .object({ email: text, project_name: text, setup_network: z.boolean().optional(), username: optional })
    .meta({ example: { email: "ines@example.org", project_name: "kelp", setup_network: false } }),
  // Region, domain and parent are the service's to set.
  input: ({ email, project_name, setup_network, username }) => ({ email, project_name, setup_network, username }),
};

const invite: Asking = {
  summary: "Invite somebody to a project",
  type: "invite_user",
  at: [
    ["post", "/v1/openstack/users"],
    ["post", "/v1/actions/InviteUser"],
  ],
  who: "moderator",
  body: z
    .object({ email: text, roles, project_id: optional, domain_id: optional, username: optional })
    .meta({ example: { email: "noor@example.org", roles: ["member"] } }),
  input: (form, asker) => ({ ...form, project_id: projectOf(form, asker) }),
};

const resetBody = z
  .object({ email: text, username: optional, domain_name: optional })
  .meta({ example: { email: "ines@example.org" } });
const reset = {
  type: "reset_password",
  body: resetBody,
  input: ({ email, username, domain_name }: JsonObject) => ({ email, username, domain_name }),
  request: (core: Core, input: JsonObject, asker: Identity | null, keep?: Keep) =>
    requestReset(core, input, asker, { keep }),
  says: "If user with email exists, reset token will be issued.",
} as const;

const resetPassword: Asking = {
  ...reset,
  summary: "Ask for a password reset",
  at: [
    ["post", "/v1/openstack/users/password-reset"],
    ["post", "/v1/actions/ResetPassword"],
  ],
  who: "everybody",
};

const setPassword: Asking = {
  ...reset,
  summary: "Let a user reset his password",
  at: [["post", "/v1/openstack/users/password-set"]],
  who: "admin",
};

const rolesBody = z.object({ roles, project_id: optional }).meta({ example: { roles: ["project_mod"] } });
const rolesPath = "/v1/openstack/users/{user_id}/roles";
const editing = { type: "edit_roles", who: "moderator", body: rolesBody } as const;

const giveRoles: Asking = {
  ...editing,
  summary: "Give a user roles in a project",
  at: [["put", rolesPath]],
  input: (form, asker, user_id) => ({ ...form, project_id: projectOf(form, asker), user_id, remove: false }),
};

const takeRoles: Asking = {
  ...editing,
  summary: "Take roles in a project from a user",
  at: [["delete", rolesPath]],
  body: rolesBody.meta({ example: { roles: ["member"] } }),
  input: (form, asker, user_id) => ({ ...form, project_id: projectOf(form, asker), user_id, remove: true }),
};

const editUser: Asking = {
  ...editing,
  summary: "Give a user roles in a project, or take them",
  at: [["post", "/v1/actions/EditUser"]],
  body: rolesBody
    .extend({ user_id: text, remove: z.boolean().optional() })
    .meta({ example: { user_id: "5f3c0e7a9b2d4c618e0f1a2b3c4d5e6f", roles: ["project_mod"] } }),
  input: (form, asker) => ({ ...form, project_id: projectOf(form, asker) }),
};

const updateEmail: Asking = {
  summary: "Ask for another e-mail address",
  type: "update_email",
  at: [
    ["post", "/v1/openstack/users/email-update"],
    ["post", "/v1/actions/UpdateEmail"],
  ],
  who: "nothing",
  body: z.object({ new_email: text }).meta({ example: { new_email: "ines@example.org" } }),
  input: ({ new_email }, asker) => ({ new_email, user_id: asker?.user_id }),
};

const updateQuotas: Asking = {
  summary: "Ask for another quota size",
  type: "update_quota",
  at: [
    ["post", "/v1/openstack/quotas"],
    ["post", "/v1/actions/UpdateProjectQuotas"],
  ],
  who: "moderator",
  body: z
    .object({ size: text, regions: z.array(text).nullish(), project_id: optional })
    .meta({ example: { size: "medium" } }),
  // Only an administrator names a project; others ask for their own.
  input: ({ project_id, ...form }, asker) => ({
    ...form,
    project_id: projectOf(isAdministrator(asker) && project_id !== undefined ? { project_id } : {}, asker),
  }),
};

const requestAccess: Asking = {
  summary: "Ask for access to a controller or a model",
  type: "request_access",
  at: [["post", "/v1/actions/RequestAccess"]],
  who: "nothing",
  body: z
    .object({
      controller: text,
      model: text.nullish(),
      access: text,
      reason: text,
      duration_seconds: z.int().nullish(),
    })
    .meta({
      example: { controller: "north", access: "login", reason: "on call this week", duration_seconds: 604_800 },
    }),
  input: ({ controller, model, access, reason, duration_seconds }) => ({
    controller,
    model,
    access,
    reason,
    duration_seconds,
  }),
  request: askForAccess,
  tellsTask: true,
};

/** The calls that create tasks (contract, sections 7 and 11). */
export function requests(workflow: Dialect): void {
  const calls = [
    signUp,
    invite,
    resetPassword,
    setPassword,
    giveRoles,
    takeRoles,
    editUser,
    updateEmail,
    updateQuotas,
    requestAccess,
  ];
  for (const call of calls) asks(workflow, call);
}
