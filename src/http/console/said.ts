import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { Served } from "../dialect.ts";

/** The cookie that brings a sentence to the page that a deed leads to. */
const SAID = "said";

/** Sends the browser on after a deed, so that reading the page again does not do it again. */
export function onward(c: Context<Served>, { said, to }: { said?: string; to: string }) {
  if (said !== undefined) {
    setCookie(c, SAID, said, { prefix: "host", httpOnly: true, sameSite: "Lax", maxAge: 60 });
  }
  return c.body(null, 303, { Location: to });
}

/** What the page before this one has left to be said, once. */
export function saidBefore(c: Context<Served>): string | undefined {
  const said = getCookie(c, SAID, "host");
  if (said !== undefined) deleteCookie(c, SAID, { prefix: "host", secure: true });
  return said;
}
