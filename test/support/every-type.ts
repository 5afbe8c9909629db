import { aController } from "./access.ts";
import { type Answer, asAdmin, call, type Headers, rows, unique, uniqueEmail } from "./http.ts";
import { under } from "./policies.ts";
import { aMember, aProjectAdmin, type Somebody, somebody } from "./projects.ts";

export const TYPES = [
  "signup",
  "reset_password",
  "invite_user",
  "edit_roles",
  "update_email",
  "update_quota",
  "request_access",
] as const;

export type Type = (typeof TYPES)[number];

/** A call that asks for a task. */
export interface Wish {
  method: "POST" | "PUT";
  path: string;
  headers: Headers;
  body: object;
  /** Null when nobody is logged in. */
  requester: Somebody | null;
  /** Where its mails go; null: nowhere. */
  address: string | null;
}

const wish = (requester: Somebody | null, address: string | null, path: string, body: object): Wish => ({
  method: "POST",
  path,
  headers: requester?.headers ?? {},
  body,
  requester,
  address,
});

/** A wish of each type that can be granted, each of somebody else. */
export const WISHES: Record<Type, () => Promise<Wish>> = {
  async signup() {
    const email = uniqueEmail();
    return wish(null, email, "/v1/openstack/sign-up", { email, project_name: unique("project") });
  },
  async reset_password() {
    const { name: email } = await somebody();
    return wish(null, email, "/v1/openstack/users/password-reset", { email });
  },
  async invite_user() {
    const email = uniqueEmail();
    return wish(await aProjectAdmin(), email, "/v1/openstack/users", { email, roles: ["member", "project_mod"] });
  },
  async edit_roles() {
    const admin = await aProjectAdmin();
    const { id } = await aMember(admin.project, "member");
    const path = `/v1/openstack/users/${id}/roles`;
    return { ...wish(admin, null, path, { roles: ["project_mod", "heat_stack_owner"] }), method: "PUT" };
  },
  async update_email() {
    const new_email = uniqueEmail();
    return wish(await somebody(), new_email, "/v1/openstack/users/email-update", { new_email });
  },
  async update_quota() {
    const admin = await aProjectAdmin();
    return wish(admin, admin.name, "/v1/openstack/quotas", { size: "medium" });
  },
  async request_access() {
    const [user, { name: controller }] = [await somebody(), await aController()];
    return wish(user, user.name, "/v1/actions/RequestAccess", { controller, access: "login", reason: "work" });
  },
};

export const ask = ({ method, path, headers, body }: Wish): Promise<Answer> => call(method, path, headers, body);

/** The id of the task that was made last. */
export async function newestTask(): Promise<string> {
  const [row] = await rows("select id from tasks order by seq desc limit 1");
  return row.id;
}

/** Asks for it and gives the id of the task. */
export async function askedFor(wanted: Wish): Promise<string> {
  const { status, text } = await ask(wanted);
  if (status !== 202) throw new Error(`not asked for: ${status} ${text}`);
  return newestTask();
}

const BY_ADMINISTRATORS = [{ name: "default", approvers: { role: "admin" }, required: 1 }];

/** Does something while tasks of a type wait for an administrator, even those that would approve themselves. */
export const whileWaiting = (type: Type, work: () => Promise<void>): Promise<void> =>
  under(type, { stages: BY_ADMINISTRATORS, auto_approve: false }, work);

/** Every mail about a task, oldest first. */
export async function mailsAbout(task: string): Promise<[to: string, subject: string][]> {
  const found = await rows("select recipient, subject from mails where task_id = ? order by seq", task);
  return found.map(({ recipient, subject }) => [recipient, subject]);
}

/** What the notifications about a task say, oldest first. */
export async function noticesOf(task: string): Promise<unknown[]> {
  const filters = encodeURIComponent(JSON.stringify({ task: { exact: task }, acknowledged: { isnull: false } }));
  const { body } = await call("GET", `/v1/notifications?filters=${filters}`, await asAdmin());
  return body.notifications.map(({ notes }: { notes: unknown }) => notes).reverse();
}
