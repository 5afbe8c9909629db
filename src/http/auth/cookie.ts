import { parse } from "hono/utils/cookie";
import { looksLikeSessionToken } from "../../core/sessions.ts";
import type { Scheme } from "./scheme.ts";

/** The cookie of a log-in by browser. Its prefix keeps it to this very host, and to where nobody listens (RFC 6265bis, 4.1.3). */
export const SESSION_COOKIE = "__Host-ostiary";

/** The session token in a browser's cookie, whether it is good or not. */
export function sessionCookie(headers: Headers): string | undefined {
  const value = parse(headers.get("cookie") ?? "", SESSION_COOKIE)[SESSION_COOKIE];
  return value !== undefined && looksLikeSessionToken(value) ? value : undefined;
}

/** `Cookie: __Host-ostiary=<session token>`, which pages alone look at: what a browser sends by itself moves no API. */
export const cookie: Scheme = {
  name: "Cookie",
  definition: { type: "apiKey", in: "cookie", name: SESSION_COOKIE },
  read(headers) {
    const value = sessionCookie(headers);
    return value === undefined ? undefined : { kind: "token", value };
  },
};
