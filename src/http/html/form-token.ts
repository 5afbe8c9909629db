import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { random } from "../../core/context.ts";
import { refuse } from "../../core/refusal.ts";
import { newId, sameText } from "../../core/secrets.ts";
import { sessionCookie } from "../auth/cookie.ts";
import type { Served } from "../dialect.ts";

/** What a browser is known by that is not logged in. */
const GUEST = "form";

/** The field that shows that a form stood on a page of ours. */
export const FORM_TOKEN = "form_token";

/**
 * What the forms of a page carry, so that no other site can send them: derived from a cookie that no other site can read or set
 * (OWASP, "Cross-Site Request Forgery Prevention", signed double submit). Gives the browser such a cookie if it has none.
 */
export function formTokenFor(c: Context<Served>): string {
  const known = secretOf(c);
  if (known !== undefined) return formTokenOf(known);
  const secret = newId(random);
  setCookie(c, GUEST, secret, { prefix: "host", httpOnly: true, sameSite: "Lax" });
  return formTokenOf(secret);
}

/** Whether a form stood on a page that was made for this browser and log-in. */
export async function isOwnForm(c: Context<Served>, form: URLSearchParams): Promise<boolean> {
  const secret = secretOf(c);
  return secret !== undefined && (await sameText(form.get(FORM_TOKEN) ?? "", formTokenOf(secret)));
}

/** Refuses `forbidden` for a form that is not the browser's own. */
export async function mustBeOwnForm(c: Context<Served>, form: URLSearchParams): Promise<void> {
  if (!(await isOwnForm(c, form))) refuse({ kind: "forbidden", needs: "form" });
}

/** Whether the browser says that a page of ours sent this, be it of another log-in (Fetch Metadata, "Sec-Fetch-Site"). */
export const isFromHere = (c: Context<Served>): boolean => c.req.header("Sec-Fetch-Site") === "same-origin";

const secretOf = (c: Context<Served>): string | undefined =>
  sessionCookie(c.req.raw.headers) ?? getCookie(c, GUEST, "host");

/** What the forms of whoever holds this cookie carry. */
export const formTokenOf = (secret: string) => bytesToHex(sha256(utf8ToBytes(`form\n${secret}`)));
