import { selectChainState } from "../storage/audit-events.ts";
import { commit } from "../storage/db.ts";
import { type Notification, selectOpenErrors } from "../storage/notifications.ts";
import { selectNewestSignUps } from "../storage/task-queues.ts";
import { mustBeAdmin } from "./actor.ts";
import { type ChainState, chainIn } from "./audit-log.ts";
import type { Core } from "./context.ts";
import { type Statistics, selectStatistics, statisticsIn } from "./statistics.ts";
import type { Task } from "./tasks/task.ts";

/** How many errors and sign-ups are shown of those that are open. */
const SHOWN = 5;

/** What an ADMIN wants to know first: how things have gone, and what wants looking after. */
export interface Dashboard extends Statistics {
  /** The newest errors that nobody has acknowledged, and sign-ups of strangers that wait to be decided. */
  newestErrors: Notification[];
  newestSignUps: Task[];
  chain: ChainState;
}

/** For an ADMIN, by days of a zone so many minutes east of UTC. One round trip. Refuses as `mustBeAdmin`. */
export async function dashboardOf(core: Core, offsetMinutes: number): Promise<Dashboard> {
  mustBeAdmin(core);
  const { db } = core;
  const now = core.now();
  const [newestErrors, signUps, checkpoint, newest, unlinked, open, ...counted] = await commit(
    db,
    selectOpenErrors(db).limit(SHOWN),
    selectNewestSignUps(db, now, SHOWN),
    ...selectChainState(db),
    ...selectStatistics(db, now, offsetMinutes),
  );
  return {
    ...statisticsIn(counted, now, offsetMinutes),
    newestErrors,
    newestSignUps: signUps.map(({ body }) => body as Task),
    chain: chainIn([checkpoint, newest, unlinked, open]),
  };
}
