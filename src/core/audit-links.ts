import { insertCheckpoint, linkEvents, selectHeads, selectUnlinked } from "../storage/audit-events.ts";
import { commit } from "../storage/db.ts";
import { linkOf, NO_EVENT } from "./audit-chain.ts";
import type { Core } from "./context.ts";
import { sign } from "./signing.ts";

/** Events linked in one go, and goes in one run. */
const PORTION = 500;
const PORTIONS_MAX = 40;

const encoder = new TextEncoder();

/**
 * Links the events that have been written since it last ran to those before them. What a link is follows from the events
 * alone, so that two runs at once do the same and writing an event waits for nobody.
 */
export async function linkAudit({ db }: Pick<Core, "db">): Promise<void> {
  for (let portion = 0; portion < PORTIONS_MAX; portion += 1) {
    const [[head], events] = await commit(db, ...selectUnlinked(db, PORTION));
    let before = head?.hash ?? NO_EVENT;
    const links: { seq: number; hash: string }[] = [];
    for (const event of events) {
      before = await linkOf(before, event);
      links.push({ seq: event.seq, hash: before });
    }
    if (links.length > 0) await linkEvents(db, links);
    if (links.length < PORTION) return;
  }
}

/**
 * Signs what the chain has come to, if it has grown, and keeps it; the log of the Worker gets a copy, so that whoever can
 * write to the database cannot make it unsaid.
 */
export async function signCheckpoint({ db, now, settings }: Core): Promise<void> {
  const [[head], [last]] = await commit(db, ...selectHeads(db));
  if (!head || head.seq <= (last?.seq ?? 0)) return;
  const at = now();
  const payload = encoder.encode(JSON.stringify({ seq: head.seq, hash: head.hash, at }));
  const signed = await sign(settings, payload, { typ: "audit-checkpoint" });
  await insertCheckpoint(db, { seq: head.seq, at, signed });
  console.log(JSON.stringify({ level: "info", message: "audit checkpoint", checkpoint: signed }));
}
