import * as z from "zod";
import type { Notification } from "../../../core/notifications.ts";
import { isExpired } from "../../../core/tasks/lifecycle.ts";
import { EXPIRED_NOTE, type Task, type TaskEvent } from "../../../core/tasks/task.ts";
import type { ListedToken } from "../../../core/tasks/tokens.ts";
import { tally } from "../../../core/tasks/voting.ts";
import { refusalsWith } from "../../shape.ts";

const id = z.string().regex(/^[0-9a-f]{32}$/);
const time = z.string();
const identityShape = z.record(z.string(), z.unknown());

const WAITING = {
  uuid: "5f3c0e7a9b2d4c618e0f1a2b3c4d5e6f",
  task_type: "signup",
  actions: [
    {
      action_name: "NewProjectWithUserAction",
      data: { domain_id: "default", email: "ines@example.org", parent_id: null, project_name: "kelp" },
      valid: true,
    },
  ],
  action_notes: { NewProjectWithUserAction: ["No existing project with name 'kelp'."] },
  task_notes: [],
  keystone_user: {},
  project_id: null,
  approved: false,
  completed: false,
  cancelled: false,
  approved_by: {},
  created_on: "2026-11-22T12:38:15.937000Z",
  approved_on: null,
  completed_on: null,
};
const NOTIFICATION = {
  uuid: "0b6d2f4a8c1e4d3f9a5b7c9d1e3f5a7b",
  task: WAITING.uuid,
  notes: { notes: ["New task for CreateProject."] },
  error: false,
  acknowledged: false,
  created_on: WAITING.created_on,
};

export const taskShape = z
  .object({
    uuid: id,
    task_type: z.string(),
    actions: z.array(
      z.object({ action_name: z.string(), data: z.record(z.string(), z.unknown()), valid: z.boolean() }),
    ),
    action_notes: z.record(z.string(), z.array(z.string())),
    task_notes: z.array(z.string()),
    keystone_user: identityShape,
    project_id: id.nullable(),
    approved: z.boolean(),
    completed: z.boolean(),
    cancelled: z.boolean(),
    approved_by: identityShape,
    created_on: time,
    approved_on: time.nullable(),
    completed_on: time.nullable(),
    ip_address: z.string().optional(),
  })
  .meta({ example: WAITING });

const paging = { pages: z.int().optional(), has_more: z.boolean().optional(), has_prev: z.boolean().optional() };

export const tasksShape = z
  .object({ tasks: z.array(taskShape), ...paging })
  .meta({ example: { tasks: [WAITING], pages: 1, has_more: false, has_prev: false } });
export const historyShape = z
  .object({
    history: z.array(
      z.object({
        at: time,
        actor: z.string().nullable(),
        step: z.string(),
        outcome: z.enum(["ok", "invalid", "failed"]),
        note: z.string().nullable(),
      }),
    ),
  })
  .meta({ example: { history: [{ at: WAITING.created_on, actor: null, step: "create", outcome: "ok", note: null }] } });
export const notesShape = z.object({ notes: z.array(z.string()) });
export const createdShape = z
  .object({ notes: z.array(z.string()), task: id.optional() })
  .meta({ example: { notes: ["task created"] } });
export const tokenShape = z.object({
  task: id,
  task_type: z.string(),
  token: z.string(),
  created_on: time,
  expires: time,
});
export const tokensShape = z.object({ tokens: z.array(tokenShape) }).meta({
  example: {
    tokens: [
      {
        task: WAITING.uuid,
        task_type: "signup",
        token: "sha256:b5ab1195b1e2ed5d",
        created_on: "2026-11-22T14:05:16.215000Z",
        expires: "2026-11-23T14:05:16.215000Z",
      },
    ],
  },
});
export const tokenDetailsShape = z
  .object({
    actions: z.array(z.string()),
    required_fields: z.array(z.string()),
    task_type: z.string(),
  })
  .meta({ example: { actions: ["NewProjectWithUserAction"], required_fields: ["password"], task_type: "signup" } });
export const notificationShape = z
  .object({
    uuid: id,
    task: id,
    notes: z.record(z.string(), z.array(z.string())),
    error: z.boolean(),
    acknowledged: z.boolean(),
    created_on: time,
  })
  .meta({ example: NOTIFICATION });
export const notificationsShape = z
  .object({ notifications: z.array(notificationShape), ...paging })
  .meta({ example: { notifications: [NOTIFICATION] } });
export const statusShape = z
  .object({
    error_notifications: z.array(notificationShape),
    last_created_task: taskShape.nullable(),
    last_completed_task: taskShape.nullable(),
  })
  .meta({ example: { error_notifications: [], last_created_task: WAITING, last_completed_task: null } });

const errorShape = z
  .object({ errors: z.union([z.array(z.string()), z.record(z.string(), z.array(z.string()))]) })
  .meta({ id: "WorkflowRefusal" });

/** The documented refusals of a route. */
export const refusals = refusalsWith(errorShape);

export const shown = (at: number) => new Date(at).toISOString().replace("Z", "000Z");
const shownOrNull = (at: number | null) => (at === null ? null : shown(at));

/** A task as this dialect shows it (contract, 3.1); the client's address only when asked for. */
export function showTask(task: Task, now: number, withAddress: boolean): z.output<typeof taskShape> {
  const expired = isExpired(task, now);
  return {
    uuid: task.id,
    task_type: task.type,
    actions: task.actions.map(({ name, data, valid }) => ({ action_name: name, data, valid })),
    action_notes: Object.fromEntries(task.actions.map(({ name, notes }) => [name, notes])),
    task_notes: expired ? [...task.notes, EXPIRED_NOTE] : task.notes,
    keystone_user: { ...task.requester },
    project_id: task.projectId,
    approved: task.approvedAt !== null,
    completed: task.completedAt !== null,
    cancelled: task.cancelledAt !== null || expired,
    approved_by: { ...task.approvedBy },
    created_on: shown(task.createdAt),
    approved_on: shownOrNull(task.approvedAt),
    completed_on: shownOrNull(task.completedAt),
    ...(withAddress && { ip_address: task.address }),
  };
}

/** What an approval came to: a vote of several, a token that was mailed, or the end. */
export function sayApproved(task: Task): string {
  const { votes, required } = tally(task);
  if (task.approvedAt === null) return `Approval recorded (${votes} of ${required}).`;
  return task.completedAt === null ? "Created Token." : "Task completed successfully.";
}

export function showEvent({ at, actor, step, outcome, note }: TaskEvent) {
  return { at: shown(at), actor, step, outcome, note };
}

export function showToken(token: ListedToken): z.output<typeof tokenShape> {
  const { task, task_type, fingerprint, createdAt, expiresAt } = token;
  return { task, task_type, token: fingerprint, created_on: shown(createdAt), expires: shown(expiresAt) };
}

export function showNotification(notification: Notification): z.output<typeof notificationShape> {
  const { id: uuid, taskId, notes, error, acknowledged, createdAt } = notification;
  return { uuid, task: taskId, notes, error, acknowledged, created_on: shown(createdAt) };
}

/** The paging keys of a list, none when no page was asked for. */
export const showPaging = (paging?: { pages: number; hasMore: boolean; hasPrevious: boolean }) =>
  paging ? { pages: paging.pages, has_more: paging.hasMore, has_prev: paging.hasPrevious } : {};
