import * as z from "zod";
import type { Invitation, ListedMember } from "../../../core/members.ts";
import type { RegionQuota, Resources } from "../../../core/quotas.ts";
import { isValid, type Task } from "../../../core/tasks/task.ts";
import { shown } from "./shapes.ts";

const id = z.string().regex(/^[0-9a-f]{32}$/);
const HELD = { roles: ["member"], inherited_roles: [] };
const held = { roles: z.array(z.string()), inherited_roles: z.array(z.string()) };

export const rolesHeldShape = z.object(held).meta({ example: HELD });
export const memberShape = z.object({ id, username: z.string(), email: z.string(), ...held }).meta({
  example: {
    id: "5f3c0e7a9b2d4c618e0f1a2b3c4d5e6f",
    username: "ines@example.org",
    email: "ines@example.org",
    ...HELD,
  },
});
export const peopleShape = z
  .object({
    users: z.array(
      z.object({
        id,
        name: z.string(),
        email: z.string(),
        ...held,
        cohort: z.enum(["Member", "Invited"]),
        status: z.enum(["Active", "Account Disabled", "Invited", "Expired", "Failed"]),
        manageable: z.boolean().optional(),
      }),
    ),
  })
  .meta({
    example: {
      users: [
        {
          id: "5f3c0e7a9b2d4c618e0f1a2b3c4d5e6f",
          name: "ines@example.org",
          email: "ines@example.org",
          ...HELD,
          cohort: "Member",
          status: "Active",
          manageable: true,
        },
      ],
    },
  });
export const rolesShape = z
  .object({
    roles: z.array(z.object({ id: z.string(), name: z.string(), domain_id: z.null(), links: z.object({}) })),
  })
  .meta({ example: { roles: [{ id: "member", name: "member", domain_id: null, links: {} }] } });

const resources = z.record(z.string(), z.record(z.string(), z.int()));
export const quotasShape = z.object({
  regions: z.array(
    z.object({
      region: z.string(),
      current_quota: resources,
      current_quota_size: z.string(),
      quota_change_options: z.array(z.string()),
      current_usage: resources.optional(),
    }),
  ),
  quota_sizes: z.record(z.string(), resources),
  quota_size_order: z.array(z.string()),
  active_quota_tasks: z.array(
    z.object({
      id,
      regions: z.array(z.string()),
      size: z.string(),
      request_user: z.string(),
      task_created: z.string(),
      valid: z.boolean(),
      status: z.enum(["Awaiting Approval", "Completed"]),
    }),
  ),
});

type Shown<S extends z.ZodType, K extends keyof z.output<S>> = z.output<S>[K] extends (infer T)[] ? T : never;

export function showMember({ user, roles, manageable }: ListedMember): Shown<typeof peopleShape, "users"> {
  const status = user.state === "active" ? "Active" : "Account Disabled";
  const { id, name, email } = user;
  return { id, name, email: email ?? "", roles, inherited_roles: [], cohort: "Member", status, manageable };
}

const STATUS = { invited: "Invited", expired: "Expired", failed: "Failed" } as const;

export function showInvitation({ task, status }: Invitation): Shown<typeof peopleShape, "users"> {
  const { email, username, roles } = dataOf(task);
  const name = String(username ?? email);
  const shownRoles = textsOf(roles);
  return {
    id: task.id,
    name,
    email: String(email),
    roles: shownRoles,
    inherited_roles: [],
    cohort: "Invited",
    status: STATUS[status],
  };
}

export const showRole = (name: string): Shown<typeof rolesShape, "roles"> => ({
  id: name,
  name,
  domain_id: null,
  links: {},
});

export function showQuota(quota: RegionQuota, withUsage: boolean): Shown<typeof quotasShape, "regions"> {
  const { region, size, options, resources: current } = quota;
  return {
    region,
    current_quota: current,
    current_quota_size: size,
    quota_change_options: options,
    ...(withUsage && { current_usage: unused(current) }),
  };
}

/** Nothing is metered. */
const unused = (current: Resources): Resources => mapped(current, (service) => mapped(service, () => 0));

const mapped = <V, W>(record: Record<string, V>, change: (value: V) => W): Record<string, W> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

export function showQuotaTask(task: Task): Shown<typeof quotasShape, "active_quota_tasks"> {
  const { regions, size } = dataOf(task);
  return {
    id: task.id,
    regions: textsOf(regions),
    size: String(size),
    request_user: task.requester?.username ?? "",
    task_created: shown(task.createdAt),
    valid: isValid(task),
    status: task.completedAt === null ? "Awaiting Approval" : "Completed",
  };
}

/** What a task of one action was asked for. */
const dataOf = ({ actions }: Task) => actions[0]?.data ?? {};
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
