import type { Context } from "hono";
import type { Served } from "../dialect.ts";
import { refusedPage } from "../html/refused.tsx";
import type { AnyRefusal } from "../refusal.ts";
import { inShort } from "../site/refusals.ts";
import { logInPage } from "./log-in-page.tsx";

/** How pages say no: who is not logged in is asked to, where he is. */
export function refused(c: Context<Served>, refusal: AnyRefusal): Response {
  if (refusal.kind === "unauthenticated" && c.var.core) {
    const { pathname, search } = new URL(c.req.url);
    return logInPage(c, 401, { to: pathname + search, wasSending: c.req.method === "POST" });
  }
  return refusedPage(c, refusal, inShort(refusal));
}
