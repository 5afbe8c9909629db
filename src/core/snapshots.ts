import type { ChangeFeed } from "../storage/change-feed.ts";
import { within } from "../storage/patience.ts";
import type { UserActor } from "./actor.ts";
import type { Core } from "./context.ts";
import { isUnreachable } from "./faults.ts";
import { type Recent, recent } from "./recent.ts";
import { digest } from "./secrets.ts";

/** How many credentials an isolate remembers, and how many people; each takes about 2 KiB. */
const SNAPSHOTS_MAX = 5_000;
/** How long D1 is waited for where a snapshot can stand in, and how soon it is tried again. */
const TROUBLE_MS = 1_000;

/** What a credential stands for: who, and until when at most (Unix milliseconds). */
export interface Standing {
  actor: UserActor;
  until: number;
  facts: Facts;
}

/** What is read of somebody besides his row. */
export type Fact = "permissions" | "memberships" | "groups";
/** What has been read of somebody with his credential, and since. */
type Facts = Map<Fact, unknown>;

interface Snapshots {
  /** By the digest of the credential. */
  standings: Recent<Standing>;
  /** By the id of the user, until something is told of him. */
  people: Recent<Facts>;
  /** Those of a standing, and the turn of the feed at which it was read. */
  factsOf: WeakMap<UserActor, { facts: Facts; turn: number }>;
  /** Until when D1 is not expected to answer. */
  troubledUntil: number;
}

const known = new WeakMap<ChangeFeed, Snapshots>();

/**
 * Who a credential stands for: as D1 has it, or as this isolate has read it, if nothing has changed since. What changes
 * through this isolate counts at once, what changes elsewhere within `SNAPSHOT_SECONDS`; as long as D1 cannot be reached,
 * what was known before goes on for `SNAPSHOT_MAX_SECONDS`.
 */
export async function remembered(
  core: Core,
  credential: string,
  look: () => Promise<Standing | undefined>,
): Promise<UserActor | undefined> {
  const boundMs = core.settings.SNAPSHOT_SECONDS * 1000;
  const { feed } = core.db;
  const snapshots = snapshotsBy(feed);
  if (boundMs === 0) return (await lookAt(core, snapshots, look))?.actor;
  const now = core.now();
  const key = await digest(credential);
  const kept = snapshots.standings.get(key);
  const good = kept && kept.until > now && isOfNow(snapshots, kept) ? kept : undefined;
  const isEnough = good && feed.isCurrent(now, boundMs) && isNewEnough(core);
  const lookAnew = () => (good ? standIn(core, snapshots, good, look) : look());
  const found = isEnough ? good : await lookAt(core, snapshots, lookAnew);
  if (found && found !== good && feed.isOpen()) keepUnlessChanged(snapshots, key, found, feed.turn());
  // After the look: what opens the feed makes all that was read before doubtful.
  if (!feed.isCurrent(now, boundMs / 2)) core.later(core.db.catchUp());
  return found?.actor;
}

/** Looks, and remembers for the request what was read with the credential, as long as nothing changes. */
async function lookAt({ db: { feed } }: Core, { factsOf }: Snapshots, look: () => Promise<Standing | undefined>) {
  const turn = feed.turn();
  const found = await look();
  if (found && !factsOf.has(found.actor)) factsOf.set(found.actor, { facts: found.facts, turn });
  return found;
}

/** Looks, or goes on with what was known before where D1 is silent. */
async function standIn(
  core: Core,
  snapshots: Snapshots,
  good: Standing,
  look: () => Promise<Standing | undefined>,
): Promise<Standing | undefined> {
  const mayStandIn = () => core.db.feed.isCurrent(core.now(), core.settings.SNAPSHOT_MAX_SECONDS * 1000);
  if (!mayStandIn()) return look();
  if (core.now() < snapshots.troubledUntil) return good;
  try {
    return await within(TROUBLE_MS, look);
  } catch (error) {
    if (!isUnreachable(error) || !mayStandIn()) throw error;
    snapshots.troubledUntil = core.now() + TROUBLE_MS;
    return good;
  }
}

/** Whoever brings a bookmark has seen that state of D1, and shall not see an older one. */
const isNewEnough = ({ seen, db }: Core): boolean => (seen ?? "") <= (db.feed.bookmark() ?? "");

/** Where what is true of the caller is kept as long as no change of him is told; undefined: nowhere, it has to be read. */
function factsOfCaller({ actor, db, settings, now }: Around): Facts | undefined {
  const { people, factsOf } = snapshotsBy(db.feed);
  const own = actor.kind === "user" ? factsOf.get(actor) : undefined;
  if (!own || actor.kind !== "user") return undefined;
  const isKept = people.get(actor.user.id) === own.facts && db.feed.isCurrent(now(), settings.SNAPSHOT_SECONDS * 1000);
  return isKept || db.feed.turn() === own.turn ? own.facts : undefined;
}

type Around = Pick<Core, "actor" | "db" | "settings" | "now">;

/**
 * Something that is true of the caller as long as no change of him is told: read once for all of his requests. `known`: as it
 * was read before, if it was; `keep`: takes what is read now.
 */
export function factOfCaller<T>(core: Around, fact: Fact): { known: T | undefined; keep(value: T): T } {
  const facts = factsOfCaller(core);
  const keep = (value: T): T => {
    facts?.set(fact, value);
    return value;
  };
  return { known: facts?.get(fact) as T | undefined, keep };
}

/** The same where it is read alone. */
export async function ofCaller<T>(core: Around, fact: Fact, read: () => Promise<T>): Promise<T> {
  const { known, keep } = factOfCaller<T>(core, fact);
  return known ?? keep(await read());
}

/** Keeps what was read, unless something has changed since the reading set out. */
function keepUnlessChanged(
  { standings, people, factsOf }: Snapshots,
  key: string,
  found: Standing,
  turn: number,
): void {
  const { actor } = found;
  if (factsOf.get(actor)?.turn !== turn) return;
  const facts = people.get(actor.user.id) ?? found.facts;
  people.set(actor.user.id, facts);
  factsOf.set(actor, { facts, turn });
  standings.set(key, { ...found, facts });
}

/** Whether nothing has been told of somebody since he was kept. */
const isOfNow = ({ people }: Snapshots, { actor, facts }: Standing): boolean => people.get(actor.user.id) === facts;

function snapshotsBy(feed: ChangeFeed): Snapshots {
  const found = known.get(feed);
  if (found) return found;
  const people = recent<Facts>(SNAPSHOTS_MAX);
  const made: Snapshots = { standings: recent(SNAPSHOTS_MAX), people, factsOf: new WeakMap(), troubledUntil: 0 };
  known.set(feed, made);
  feed.onChange((userId) => (userId === undefined ? people.clear() : people.delete(userId)));
  return made;
}
