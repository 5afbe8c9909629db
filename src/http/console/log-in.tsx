import type { Context } from "hono";
import { deleteCookie, setCookie } from "hono/cookie";
import * as z from "zod";
import { logIn as beginLogIn, type Login } from "../../core/logins.ts";
import { Refused } from "../../core/refusal.ts";
import { type BegunSession, endSession } from "../../core/sessions.ts";
import { cookie, SESSION_COOKIE } from "../auth/cookie.ts";
import { guarded, identified } from "../auth/scheme.ts";
import { readForm } from "../body.ts";
import type { Dialect, Served } from "../dialect.ts";
import { takesForm } from "../html/form.tsx";
import { FORM_TOKEN, mustBeOwnForm } from "../html/form-token.ts";
import { shown } from "../html/layout.tsx";
import { createRoute } from "../route.ts";
import { logInPage } from "./log-in-page.tsx";
import { onward } from "./said.ts";
import { saidOf } from "./words.ts";

const path = "/log-in";
/** What a session is known by that a browser begins. */
export const BROWSER = "browser";
/** Where a log-in may lead to: pages of the desk, so that no link leads through it to elsewhere. */
const WITHIN = /^\/(?:me|console)(?:[/?][\w/?&=.,:@%+-]*)?$/;

const show = createRoute({
  method: "get",
  path,
  summary: "The form to log in",
  ...identified(cookie),
  responses: { 200: shown("The page"), 303: { description: "Somebody who is logged in is sent on" } },
});

const send = createRoute({
  method: "post",
  path,
  summary: "Log in by form",
  ...identified(cookie),
  request: takesForm(
    z.object({ username: z.string(), password: z.string(), to: z.string().optional(), [FORM_TOKEN]: z.string() }),
  ),
  responses: {
    303: { description: "Logged in" },
    401: shown("It is not the password of such a user"),
    429: shown("Too many tries"),
  },
});

const end = createRoute({
  method: "post",
  path: "/log-out",
  summary: "Log out by form",
  ...guarded(cookie),
  request: takesForm(z.object({ [FORM_TOKEN]: z.string() })),
  responses: { 303: { description: "Logged out" } },
});

export function logIn(desk: Dialect): void {
  desk.serve(show, (c) => {
    const isKnown = c.var.core.actor.kind === "user";
    return isKnown ? onward(c, { to: "/me" }) : logInPage(c, 200, { to: c.req.query("to") });
  });

  desk.serve(send, async (c) => {
    const form = await readForm(c);
    await mustBeOwnForm(c, form);
    const [name = "", password = "", to = ""] = ["username", "password", "to"].map((field) => form.get(field) ?? "");
    try {
      const login = await beginLogIn(c.var.core, { kind: "password", user: { name }, password }, "default", BROWSER);
      keepLogin(c, login);
      return onward(c, { to: WITHIN.test(to) ? to : startOf(login) });
    } catch (error) {
      const refusal = error instanceof Refused ? error.refusal : undefined;
      if (refusal?.kind === "throttled")
        return throttled(c, refusal.retryAfterSeconds, { to, name, flaw: saidOf(refusal) });
      if (refusal?.kind !== "unauthenticated") throw error;
      return logInPage(c, 401, { to, name, flaw: "That is not the password of an active user of this name." });
    }
  });

  desk.serve(end, async (c) => {
    await mustBeOwnForm(c, await readForm(c));
    await endSession(c.var.core);
    dropLogin(c);
    return onward(c, { said: "You are logged out.", to: path });
  });
}

/** The longest that browsers keep a cookie (RFC 6265bis, 5.5). */
const KEPT_MS_MAX = 400 * 86_400_000;

/** Lets the browser keep a log-in as long as it is good. */
export function keepLogin(c: Context<Served>, { token, session }: BegunSession): void {
  const expires = new Date(Math.min(session.expiresAt, session.createdAt + KEPT_MS_MAX));
  setCookie(c, SESSION_COOKIE, token, { secure: true, path: "/", httpOnly: true, sameSite: "Lax", expires });
}

/** Has the browser forget a log-in that has ended. */
export const dropLogin = (c: Context<Served>): void => void deleteCookie(c, SESSION_COOKIE, { secure: true });

const startOf = ({ user }: Login) => (user.role === "ADMIN" ? "/console" : "/me");

function throttled(c: Context<Served>, seconds: number, wish: Parameters<typeof logInPage>[2]) {
  c.header("Retry-After", String(seconds));
  return logInPage(c, 429, wish);
}
