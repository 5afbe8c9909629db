import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import { createContext } from "hono/jsx";
import { isAdmin, type UserActor } from "../../core/actor.ts";
import type { Core } from "../../core/context.ts";
import { moderatedProjects } from "../../core/projects.ts";
import type { Served } from "../dialect.ts";
import { formTokenFor } from "./form-token.ts";

/** Whom a page is rendered for. */
export interface Reader extends Clock {
  /** Null: nobody who is logged in. */
  user: { name: string; isAdmin: boolean; moderates: string[] } | null;
  /** What every form of the page carries; null where forms act without any credential. */
  formToken: string | null;
  /** The path of the page. */
  path: string;
  now: number;
}

export const READER = createContext<Reader | null>(null);

/** The cookie that the script of the pages keeps the zone of the browser in. */
const ZONE_COOKIE = "zone";

export function readerOf(c: Context<Served>): Reader {
  const { core } = c.var;
  const user = core?.actor.kind === "user" ? userOf(core, core.actor) : null;
  return { user, formToken: user && formTokenFor(c), ...clockFor(c), path: c.req.path, now: Date.now() };
}

/** The clock that the reader lives by. */
export const clockFor = (c: Context<Served>): Clock =>
  clockIn(getCookie(c, ZONE_COOKIE)) ?? clockIn(zoneByAddress(c)) ?? UTC;

const userOf = (core: Core, actor: UserActor) => ({
  name: actor.user.name,
  isAdmin: isAdmin(actor),
  moderates: moderatedProjects(core),
});

/** Where the platform takes the reader to be, until his browser says so itself. */
function zoneByAddress({ req }: Context<Served>): string | undefined {
  const zone = req.raw.cf?.["timezone"];
  return typeof zone === "string" ? zone : undefined;
}

export interface Clock {
  /** The IANA name of the zone that times are told in. */
  zone: string;
  /** Unix milliseconds as `2026-11-22 14:05` in that zone. */
  timeOf(at: number): string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** How many minutes east of UTC a clock is at a time. */
export function offsetMinutes({ timeOf }: Clock, at: number): number {
  const shown = Date.parse(`${timeOf(at).replace(" ", "T")}Z`);
  return shown / MINUTE_MS - Math.floor(at / MINUTE_MS);
}

/** When a day, written as 2026-11-22, is over by a clock, Unix milliseconds; undefined for what is no day. */
export function endOfDay(clock: Clock, day: string): number | undefined {
  const over = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(day) + DAY_MS : Number.NaN;
  if (Number.isNaN(over)) return undefined;
  // Clocks may be put forward or back between the two.
  const near = over - offsetMinutes(clock, over) * MINUTE_MS;
  return over - offsetMinutes(clock, near) * MINUTE_MS;
}

const ZONE = /^[A-Za-z][\w+/-]{1,63}$/;

function clockIn(zone: string | undefined): Clock | undefined {
  if (zone === undefined || !ZONE.test(zone)) return undefined;
  try {
    // Sweden writes dates as ISO 8601 does.
    const format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
    return { zone, timeOf: (at) => format.format(at) };
  } catch {
    return undefined;
  }
}

const UTC: Clock = { zone: "UTC", timeOf: (at) => new Date(at).toISOString().slice(0, 16).replace("T", " ") };
