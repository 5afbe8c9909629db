import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import { createContext } from "hono/jsx";
import { isAdmin, type UserActor } from "../../core/actor.ts";
import type { Core } from "../../core/context.ts";
import { moderatedProjects } from "../../core/projects.ts";
import type { Served } from "../dialect.ts";
import { type Clock, clockIn, UTC } from "./clock.ts";
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
