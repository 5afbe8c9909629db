import { commitAll } from "../storage/db.ts";
import { notificationList } from "../storage/filters/lists.ts";
import { acknowledge, type Notification, notificationsMatching, notificationWithId } from "../storage/notifications.ts";
import { mustBeAdmin } from "./actor.ts";
import { audited } from "./audit.ts";
import type { Core } from "./context.ts";
import { conditionsFrom, selection } from "./filters.ts";
import { type Paged, type PageWish, paged } from "./pages.ts";
import { refuse } from "./refusal.ts";
import { isId } from "./values.ts";

export type { Notification } from "../storage/notifications.ts";

const IDS_PER_STATEMENT = 90;

/**
 * The notifications that match, newest first, for an ADMIN: unacknowledged ones only, unless `which` says another, or a filter
 * names `acknowledged`. Refuses `invalid` for bad filters or pages.
 */
export async function listNotifications(
  core: Core,
  filters: string | undefined,
  wish: PageWish,
  which: "all" | "open" = "open",
): Promise<Paged<Notification>> {
  mustBeAdmin(core);
  const conditions = conditionsFrom(filters);
  const list = notificationList(core.now(), "acknowledged" in conditions ? "all" : which);
  const selected = await selection(core, list, conditions);
  return paged(wish, (page) => notificationsMatching(core.db, selected, page));
}

/** A notification, for an ADMIN. Refuses `not_found`. */
export async function findNotification(core: Core, id: string): Promise<Notification> {
  mustBeAdmin(core);
  const found = isId(id) ? await notificationWithId(core.db, id) : undefined;
  return found ?? refuse({ kind: "not_found", what: "notification" });
}

/** Acknowledges notifications; what is no id of one is passed over. For an ADMIN. */
export async function acknowledgeNotifications(core: Core, ids: string[]): Promise<void> {
  mustBeAdmin(core);
  const known = ids.filter(isId);
  const parts: string[][] = [];
  for (let at = 0; at < known.length; at += IDS_PER_STATEMENT) parts.push(known.slice(at, at + IDS_PER_STATEMENT));
  if (parts.length === 0) return;
  await commitAll(core.db, [
    ...parts.map((part) => acknowledge(core.db, part)),
    audited(core, "notification.acknowledge", known[0] ?? "", { details: { count: known.length } }),
  ]);
}
