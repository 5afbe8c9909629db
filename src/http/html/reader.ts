import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import { createContext } from "hono/jsx";
import { isAdmin } from "../../core/actor.ts";
import type { Served } from "../dialect.ts";
import { formTokenFor } from "./form-token.ts";

/** Whom a page is rendered for. */
export interface Reader {
  /** Null: nobody who is logged in. */
  user: { name: string; isAdmin: boolean } | null;
  /** What every form of the page carries; null where forms act without any credential. */
  formToken: string | null;
  /** The IANA name of the zone that times are told in. */
  zone: string;
  /** Unix milliseconds as `2026-11-22 14:05` in that zone. */
  timeOf(at: number): string;
  /** The path of the page. */
  path: string;
  now: number;
}

export const READER = createContext<Reader | null>(null);

/** The cookie that the script of the pages keeps the zone of the browser in. */
const ZONE_COOKIE = "zone";

export function readerOf(c: Context<Served>): Reader {
  const actor = c.var.core?.actor;
  const user = actor?.kind === "user" ? { name: actor.user.name, isAdmin: isAdmin(actor) } : null;
  const { zone, timeOf } = clockIn(getCookie(c, ZONE_COOKIE)) ?? clockIn(zoneByAddress(c)) ?? UTC;
  return { user, formToken: user && formTokenFor(c), zone, timeOf, path: c.req.path, now: Date.now() };
}

/** Where the platform takes the reader to be, until his browser says so itself. */
function zoneByAddress({ req }: Context<Served>): string | undefined {
  const zone = req.raw.cf?.["timezone"];
  return typeof zone === "string" ? zone : undefined;
}

interface Clock {
  zone: string;
  timeOf(at: number): string;
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
