import { type Db, openDb } from "../storage/db.ts";
import { type Patience, patienceOf } from "../storage/patience.ts";
import { type Actor, ANONYMOUS } from "./actor.ts";
import { newId, type Random } from "./secrets.ts";
import { type Settings, settingsOf } from "./settings.ts";
import type { QueueRemote, TaskRemote } from "./tasks/remote.ts";
import { remoteQueue, remoteTasks } from "./tasks/stubs.ts";

/** One request, alarm or scheduled run, as far as rules and records need to know it. */
export interface Visit {
  /** 32 hex digits; the `X-Request-Id` of the answer. */
  id: string;
  /** The client's address; null when the service acts by itself. */
  address: string | null;
  /** Scheme and host that the client used, for links. */
  origin: string;
  /** When the service began to look at it, Unix milliseconds. */
  arrivedAt: number;
}

/** What every core function is given: who asks, what to ask, and where time and randomness come from. */
export interface Core {
  settings: Settings;
  db: Db;
  /** The edge copy of session tokens. */
  kv: KVNamespace;
  /** How long any of these stores is waited for. */
  patience: Patience;
  mailer: SendEmail;
  /** How many passwords an address may try at all. */
  passwordTries: RateLimit;
  tasks: TaskRemote;
  queue: QueueRemote;
  actor: Actor;
  visit: Visit;
  /** The newest state of D1 that the caller says he has seen: a bookmark; null: none. */
  seen: string | null;
  /** Unix milliseconds. */
  now(): number;
  random: Random;
  /** Lets work go on after the answer; its failure concerns nobody. */
  later(work: Promise<unknown>): void;
}

/** The bindings that the core uses. */
export type Bindings = Pick<Env, "DB" | "TOKENS" | "EMAIL" | "TASKS" | "BOARD" | "PASSWORD_TRIES">;

/**
 * How long stores are waited for. A request is answered within ten seconds, whatever they do; a step of a task does not keep
 * the next ones waiting for ever, and its ledger knows what arrives late.
 */
const PATIENCE = { request: { allMs: 8_000 }, step: { eachMs: 6_000 }, job: { eachMs: 30_000 } };
/** What the network provisioner may take of an approval, on top (workflow contract, 9.3). */
const ERRAND_MS = 10_000;

export interface Surroundings {
  env: Bindings;
  /** What it is opened for. */
  work?: keyof typeof PATIENCE;
  visit: Visit;
  seen?: string | null;
  later(work: Promise<unknown>): void;
}

/** Opens the core for one visit, nobody being known yet. Refuses `unavailable` when settings are missing or malformed. */
export function openCore({ env, work = "job", visit, seen = null, later }: Surroundings): Core {
  const settings = settingsOf(env);
  const patience = patienceOf(PATIENCE[work]);
  const db = openDb(env.DB, patience);
  return {
    settings,
    db,
    kv: env.TOKENS,
    patience,
    mailer: env.EMAIL,
    passwordTries: env.PASSWORD_TRIES,
    tasks: remoteTasks(env.TASKS, patience, db.feed.written, settings.NETWORK_PROVISIONER_URL ? ERRAND_MS : 0),
    queue: remoteQueue(env.BOARD, patience),
    actor: ANONYMOUS,
    visit,
    seen,
    now: Date.now,
    random,
    later: (task) => later(task.catch(() => undefined)),
  };
}

/** A visit of the service to itself. */
export function ownVisit(origin: string): Visit {
  return { id: newId(random), address: null, origin, arrivedAt: Date.now() };
}

export const random: Random = (length) => crypto.getRandomValues(new Uint8Array(length));

/** The address that links in mails begin with. */
export function publicUrl({ settings, visit }: Pick<Core, "settings" | "visit">): string {
  return settings.PUBLIC_URL || visit.origin;
}
