import type { Amount } from "../storage/amounts.ts";
import { type AuditFilter, type AuditRow, eventsMatching, selectChainState } from "../storage/audit-events.ts";
import { commit, type Results } from "../storage/db.ts";
import { mustBeAdmin } from "./actor.ts";
import type { Core } from "./context.ts";

export type { AuditRow } from "../storage/audit-events.ts";

/** A page of the audit log, newest first; `next`: where the next one begins, if there may be one. */
export interface AuditPage {
  events: AuditRow[];
  next: number | null;
}

/** Events that match, for an ADMIN. Refuses `unauthenticated`, `forbidden`. */
export async function readAudit(core: Core, filter: AuditFilter, limit: number): Promise<AuditPage> {
  mustBeAdmin(core);
  return pageOf(await eventsMatching(core.db, filter, limit), limit);
}

const pageOf = (events: AuditRow[], limit: number): AuditPage => ({
  events,
  next: events.length < limit ? null : (events.at(-1)?.seq ?? null),
});

/** How far the log is linked and vouched for. */
export interface ChainState {
  /** The newest event, by its `seq`; 0: there is none. */
  last: number;
  /** Up to which event all are linked to those before them, by its `seq`; 0: none is. */
  linked: number;
  /** Events that have no link yet, counted up to 1,000: those of the last minute. */
  unlinked: Amount;
  /** The last signed checkpoint: what it covers, and when it was signed. */
  checkpoint: { seq: number; at: number } | null;
}

/** What `selectChainState` reads. */
type ChainRows = Results<ReturnType<typeof selectChainState>>;

/** The state of the log's chain. It tells what was linked, not whether it still is as it was. */
export function chainIn([[checkpoint], [newest], [first], [open]]: ChainRows): ChainState {
  const last = newest?.last ?? 0;
  return {
    last,
    linked: first?.unlinked ? first.unlinked - 1 : last,
    unlinked: open?.amount ?? { count: 0, more: false },
    checkpoint: checkpoint ? { seq: checkpoint.seq, at: checkpoint.at } : null,
  };
}

/** A page of the log as `readAudit` gives it, with the state of its chain; one round trip. Refuses as `readAudit`. */
export async function readAuditAndChain(
  core: Core,
  filter: AuditFilter,
  limit: number,
): Promise<AuditPage & { chain: ChainState }> {
  mustBeAdmin(core);
  const [events, ...chain] = await commit(
    core.db,
    eventsMatching(core.db, filter, limit),
    ...selectChainState(core.db),
  );
  return { ...pageOf(events, limit), chain: chainIn(chain) };
}
