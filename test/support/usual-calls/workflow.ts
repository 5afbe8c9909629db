import { aController } from "../access.ts";
import { asAdmin, type Headers, rows, unique, uniqueEmail } from "../http.ts";
import { aMember, anInvitation, aProjectAdmin, somebody } from "../projects.ts";
import { anApprovedSignUp, aSignUp } from "../tasks.ts";
import type { Usual, UsualCalls } from "../trips.ts";

const byAdmin = async (body?: unknown, query = ""): Promise<Usual> => ({ headers: await asAdmin(), body, query });

/** An administrator at a sign-up that waits. */
const atSignUp = async (body?: unknown): Promise<Usual> => ({
  params: { task_id: (await aSignUp()).id },
  headers: await asAdmin(),
  body,
});

const atToken = async (body?: unknown): Promise<Usual> => ({
  params: { token: (await anApprovedSignUp()).token },
  body,
});

async function atNotification(body?: unknown): Promise<Usual> {
  const { id } = await aSignUp();
  const [{ id: notification_id }] = await rows("select id from notifications where task_id = ?", id);
  return { params: { notification_id }, headers: await asAdmin(), body };
}

/** Somebody who administers his project. */
const byProjectAdmin = async (body?: unknown): Promise<Usual> => ({ headers: (await aProjectAdmin()).headers, body });

/** He at a member of it. */
async function atMember(bodyFor: (userId: string) => unknown = () => undefined): Promise<Usual> {
  const { project, headers } = await aProjectAdmin();
  const { id: user_id } = await aMember(project, "member");
  return { params: { user_id }, headers, body: bodyFor(user_id) };
}

async function atInvitation(): Promise<Usual> {
  const { headers } = await aProjectAdmin();
  return { params: { user_id: (await anInvitation(headers)).id }, headers };
}

const signUp = (): Usual => ({
  body: { email: uniqueEmail(), project_name: unique("project"), setup_network: false },
});
const invite = () => byProjectAdmin({ email: uniqueEmail(), roles: ["member"] });
const reset = async (headers: Headers = {}): Promise<Usual> => ({ headers, body: { email: (await somebody()).name } });
const updateEmail = async (): Promise<Usual> => ({
  headers: (await somebody()).headers,
  body: { new_email: uniqueEmail() },
});
const updateQuotas = () => byProjectAdmin({ size: "medium" });

export const workflow: UsualCalls = {
  "get /v1": () => ({}),
  "get /v1/status": () => byAdmin(),
  "get /v1/approvals": async () => ({ headers: (await aProjectAdmin()).headers }),
  "get /v1/tasks": () => byAdmin(undefined, "?tasks_per_page=20&page=1"),
  "get /v1/tasks/{task_id}": () => atSignUp(),
  "post /v1/tasks/{task_id}": () => atSignUp({ approved: true }),
  "put /v1/tasks/{task_id}": () => atSignUp({ email: uniqueEmail(), project_name: unique("project") }),
  "get /v1/tasks/{task_id}/history": () => atSignUp(),
  "delete /v1/tasks/{task_id}": () => atSignUp(),
  "get /v1/tokens": () => byAdmin(),
  "post /v1/tokens": async () => byAdmin({ task: (await anApprovedSignUp()).id }),
  "delete /v1/tokens": () => byAdmin(),
  "get /v1/tokens/{token}": () => atToken(),
  "post /v1/tokens/{token}": () => atToken({ password: "a-password" }),
  "get /v1/notifications": () => byAdmin(undefined, "?notifications_per_page=20&page=1"),
  "post /v1/notifications": async () => {
    const { params } = await atNotification();
    return byAdmin({ notifications: [params?.["notification_id"]] });
  },
  "get /v1/notifications/{notification_id}": () => atNotification(),
  "post /v1/notifications/{notification_id}": () => atNotification({ acknowledged: true }),
  "post /v1/openstack/sign-up": signUp,
  "post /v1/actions/CreateProject": signUp,
  "post /v1/openstack/users": invite,
  "post /v1/actions/InviteUser": invite,
  "post /v1/openstack/users/password-reset": () => reset(),
  "post /v1/actions/ResetPassword": () => reset(),
  "post /v1/openstack/users/password-set": async () => reset(await asAdmin()),
  "put /v1/openstack/users/{user_id}/roles": () => atMember(() => ({ roles: ["project_mod"] })),
  "delete /v1/openstack/users/{user_id}/roles": () => atMember(() => ({ roles: ["member"] })),
  "post /v1/actions/EditUser": () => atMember((user_id) => ({ user_id, roles: ["project_mod"] })),
  "post /v1/openstack/users/email-update": updateEmail,
  "post /v1/actions/UpdateEmail": updateEmail,
  "post /v1/openstack/quotas": updateQuotas,
  "post /v1/actions/UpdateProjectQuotas": updateQuotas,
  "post /v1/actions/RequestAccess": async () => ({
    headers: (await somebody()).headers,
    body: { controller: (await aController()).name, access: "login", reason: "on call" },
  }),
  "get /v1/openstack/users": () => byProjectAdmin(),
  "get /v1/openstack/users/{user_id}": () => atMember(),
  "delete /v1/openstack/users/{user_id}": () => atInvitation(),
  "get /v1/openstack/users/{user_id}/roles": () => atMember(),
  "get /v1/openstack/roles": () => byProjectAdmin(),
  "get /v1/openstack/quotas": () => byProjectAdmin(),
  "get /v1/policies/{task_type}": async () => ({ params: { task_type: "signup" }, headers: await asAdmin() }),
  "put /v1/policies/{task_type}": async () => ({
    // None of the other calls waits for an approval of this type.
    params: { task_type: "update_quota" },
    headers: await asAdmin(),
    body: { stages: [{ name: "default", approvers: { role: "admin" }, required: 1 }] },
  }),
};

/** Somebody and the token that he asks about: his own. */
async function atOwnToken(): Promise<Usual> {
  const { headers } = await aProjectAdmin();
  return { headers: { ...headers, "X-Subject-Token": headers["X-Auth-Token"] ?? "" } };
}

export const keystone: UsualCalls = {
  "get /v3": () => ({}),
  "post /v3/auth/tokens": async () => {
    const domain = { id: "default" };
    const { name, project } = await aProjectAdmin();
    const [{ name: projectName }] = await rows("select name from groups where id = ?", project);
    const user = { name, domain, password: "a-password" };
    const scope = { project: { name: projectName, domain } };
    return { body: { auth: { identity: { methods: ["password"], password: { user } }, scope } } };
  },
  "get /v3/auth/tokens": atOwnToken,
  "delete /v3/auth/tokens": atOwnToken,
  "get /v3/auth/catalog": () => byProjectAdmin(),
  "get /v3/auth/projects": () => byProjectAdmin(),
};
