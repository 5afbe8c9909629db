import type { Context } from "hono";
import { readForm } from "../body.ts";
import type { Served } from "../dialect.ts";
import { refusedPage } from "../html/refused.tsx";
import type { AnyRefusal } from "../refusal.ts";
import { inShort } from "../site/refusals.ts";
import { keptOf } from "./kept.tsx";
import { logInPage } from "./log-in-page.tsx";

/** How pages say no: who is not logged in is asked to, where he is. */
export async function refused(c: Context<Served>, refusal: AnyRefusal): Promise<Response> {
  if (refusal.kind === "unauthenticated" && c.var.core) {
    const { pathname, search } = new URL(c.req.url);
    const wasSending = c.req.method === "POST";
    const kept = wasSending ? await keptIn(c) : undefined;
    return logInPage(c, 401, { to: pathname + search, wasSending, kept });
  }
  return refusedPage(c, refusal, inShort(refusal));
}

/** What was sent, as far as it can be read. */
const keptIn = (c: Context<Served>): Promise<string | undefined> =>
  readForm(c).then(
    (form) => keptOf(c, form),
    () => undefined,
  );
