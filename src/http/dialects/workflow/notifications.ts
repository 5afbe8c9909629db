import * as z from "zod";
import { mustBeAdmin } from "../../../core/actor.ts";
import { acknowledgeNotifications, findNotification, listNotifications } from "../../../core/notifications.ts";
import type { Dialect } from "../../dialect.ts";
import { createRoute } from "../../route.ts";
import { json, queryValue, takes, wishes } from "../../shape.ts";
import { anybody } from "./callers.ts";
import { looselyOf, pageWish } from "./input.ts";
import * as shape from "./shapes.ts";

const identified = z.object({ notification_id: z.string() });

const list = createRoute({
  method: "get",
  path: "/v1/notifications",
  summary: "List unacknowledged notifications",
  ...anybody(),
  request: { query: wishes("filters", "page", "notifications_per_page") },
  responses: { 200: json(shape.notificationsShape, "Newest first"), ...shape.refusals(400, 401, 403) },
});

const acknowledgeSome = createRoute({
  method: "post",
  path: "/v1/notifications",
  summary: "Acknowledge a list of notifications",
  ...anybody(),
  request: takes(
    z
      .object({ notifications: z.array(z.string()) })
      .meta({ example: { notifications: ["5f3c0e7a9b2d4c618e0f1a2b3c4d5e6f"] } }),
  ),
  responses: {
    200: json(shape.notesShape, "They are acknowledged"),
    ...shape.refusals(401, 403),
    400: json(z.object({ notifications: z.array(z.string()) }), "Refused, without the envelope"),
  },
});

const show = createRoute({
  method: "get",
  path: "/v1/notifications/{notification_id}",
  summary: "Show a notification",
  ...anybody(),
  request: { params: identified },
  responses: { 200: json(shape.notificationShape, "The notification"), ...shape.refusals(401, 403, 404) },
});

const acknowledgeOne = createRoute({
  method: "post",
  path: "/v1/notifications/{notification_id}",
  summary: "Acknowledge a notification",
  ...anybody(),
  request: {
    params: identified,
    ...takes(z.object({ acknowledged: z.literal(true) }).meta({ example: { acknowledged: true } })),
  },
  responses: {
    200: json(shape.notesShape, "It is acknowledged"),
    ...shape.refusals(401, 403, 404),
    400: json(z.object({ acknowledged: z.array(z.string()) }), "Refused, without the envelope"),
  },
});

export function notifications(workflow: Dialect): void {
  workflow.serve(list, async (c) => {
    const wish = pageWish(c, "notifications_per_page");
    const { items, paging } = await listNotifications(c.var.core, queryValue(c, "filters"), wish);
    return c.json({ notifications: items.map(shape.showNotification), ...shape.showPaging(paging) }, 200);
  });

  workflow.serve(acknowledgeSome, async (c) => {
    mustBeAdmin(c.var.core);
    const { notifications: ids } = await looselyOf(c);
    if (!Array.isArray(ids) || ids.length === 0) {
      // The document's own form: without the envelope.
      return c.json({ notifications: ["this field is required and needs to be a list."] }, 400);
    }
    const texts = ids.filter((id) => typeof id === "string");
    await acknowledgeNotifications(c.var.core, texts);
    return c.json({ notes: ["Notifications acknowledged."] }, 200);
  });

  workflow.serve(show, async (c) => {
    return c.json(shape.showNotification(await findNotification(c.var.core, c.req.param("notification_id"))), 200);
  });

  workflow.serve(acknowledgeOne, async (c) => {
    const { id, acknowledged } = await findNotification(c.var.core, c.req.param("notification_id"));
    if (acknowledged) return c.json({ notes: ["Notification already acknowledged."] }, 200);
    const body = await looselyOf(c);
    if (body["acknowledged"] !== true) return c.json({ acknowledged: ["this field is required."] }, 400);
    await acknowledgeNotifications(c.var.core, [id]);
    return c.json({ notes: ["Notification acknowledged."] }, 200);
  });
}
