import { commitAll } from "../storage/db.ts";
import { compile, notificationFields } from "../storage/filters.ts";
import {
  acknowledge,
  type Notification,
  notificationsMatching,
  notificationWithId,
  openErrors,
} from "../storage/notifications.ts";
import type { Core } from "./context.ts";
import { refuse } from "./refusal.ts";
import { conditionsFrom, type Paged, type PageWish, paged, whereOf } from "./tasks/listing.ts";
import { callerWith } from "./tasks/reach.ts";
import { isId } from "./values.ts";

export type { Notification } from "../storage/notifications.ts";

const IDS_PER_STATEMENT = 90;

/**
 * The notifications that match, newest first, for an ADMIN: unacknowledged ones only, unless a filter names `acknowledged`.
 * Refuses `invalid` for bad filters or pages.
 */
export async function listNotifications(
  core: Core,
  filters: string | undefined,
  wish: PageWish,
): Promise<Paged<Notification>> {
  await callerWith(core, "admin");
  const asked = conditionsFrom(filters);
  const conditions = "acknowledged" in asked ? asked : { ...asked, acknowledged: { exact: false } };
  const where = whereOf(compile(conditions, notificationFields(core.now())));
  return paged(wish, (page) => notificationsMatching(core.db, where, page));
}

/** Error notifications that nobody has acknowledged, newest first, for an ADMIN. */
export async function listOpenErrors(core: Core): Promise<Notification[]> {
  await callerWith(core, "admin");
  return openErrors(core.db);
}

/** A notification, for an ADMIN. Refuses `not_found`. */
export async function findNotification(core: Core, id: string): Promise<Notification> {
  await callerWith(core, "admin");
  const found = isId(id) ? await notificationWithId(core.db, id) : undefined;
  return found ?? refuse({ kind: "not_found", what: "notification" });
}

/** Acknowledges notifications; what is no id of one is passed over. For an ADMIN. */
export async function acknowledgeNotifications(core: Core, ids: string[]): Promise<void> {
  const known = ids.filter(isId);
  const parts: string[][] = [];
  for (let at = 0; at < known.length; at += IDS_PER_STATEMENT) parts.push(known.slice(at, at + IDS_PER_STATEMENT));
  await commitAll(
    core.db,
    parts.map((part) => acknowledge(core.db, part)),
  );
}
