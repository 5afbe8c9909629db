const encoder = new TextEncoder();

/** What the first event is tied to. */
export const NO_EVENT = "0".repeat(64);

/** An event as it is stored; `details` is the text of a JSON value. */
export interface StoredEvent {
  seq: number;
  at: number;
  actorId: string | null;
  actor: string;
  via: string;
  address: string | null;
  requestId: string | null;
  event: string;
  subject: string;
  details: string | null;
}

/** An event with the link that ties it to the one before it; null as long as it has none. */
export type LinkedEvent = StoredEvent & { hash: string | null };

/** What a checkpoint says, its signature being good. */
export interface Checkpoint {
  seq: number;
  hash: string;
  /** Unix milliseconds. */
  at: number;
}

/** The link of an event: SHA-256, hex, over the link before it and everything that the event holds. */
export async function linkOf(before: string, event: StoredEvent): Promise<string> {
  const { seq, at, actorId, actor, via, address, requestId, event: kind, subject, details } = event;
  const content = JSON.stringify([before, seq, at, actorId, actor, via, address, requestId, kind, subject, details]);
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(content)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Where a log was first found to be other than it was written, by the `seq` of the event. */
export interface Break {
  seq: number;
  why: /** The event or one right before it was changed, removed or put there. */
    | "altered"
    /** An event without link stands before linked ones. */
    | "inserted"
    /** The chain is whole, but not the one that was signed. */
    | "rewritten"
    /** Events that were signed are not there. */
    | "cut";
}

export interface Findings {
  events: number;
  /** Events at the end that have no link yet. */
  unlinked: number;
  /** The last event that a signed checkpoint vouches for; 0: none. */
  vouchedUpTo: number;
  broken: Break | null;
}

/** Checks events in the order of `seq` against their links and against checkpoints whose signatures are good. */
export async function checkChain(
  events: Iterable<LinkedEvent> | AsyncIterable<LinkedEvent>,
  checkpoints: readonly Checkpoint[],
): Promise<Findings> {
  const signed = new Map(checkpoints.map(({ seq, hash }) => [seq, hash]));
  const found: Findings = { events: 0, unlinked: 0, vouchedUpTo: 0, broken: null };
  let before = NO_EVENT;
  let last = 0;
  const brokenAt = (seq: number, why: Break["why"]): Findings => ({ ...found, broken: { seq, why } });
  for await (const event of events) {
    found.events += 1;
    if (event.hash === null) {
      found.unlinked += 1;
      continue;
    }
    if (found.unlinked > 0) return brokenAt(event.seq, "inserted");
    if (event.seq <= last || event.hash !== (await linkOf(before, event))) return brokenAt(event.seq, "altered");
    const vouched = signed.get(event.seq);
    if (vouched !== undefined && vouched !== event.hash) return brokenAt(event.seq, "rewritten");
    if (vouched !== undefined) found.vouchedUpTo = event.seq;
    before = event.hash;
    last = event.seq;
  }
  const missing = Math.min(...checkpoints.map(({ seq }) => seq).filter((seq) => seq > found.vouchedUpTo));
  return Number.isFinite(missing) ? brokenAt(missing, "cut") : found;
}
